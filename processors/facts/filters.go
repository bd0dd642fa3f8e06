package facts

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// filter returns what a program prints, the zero text where that is unknown.
type filter func(l *lifter, in invocation) text

// filterOf returns how to get at what a program prints where that follows
// from its arguments and input, nil for all others.
func filterOf(name string) filter {
	switch name {
	case "echo":
		return printEcho
	case "printf":
		return printFormat
	case "cat":
		return printCat
	case "tee":
		return printTee
	case "which":
		return printWhich
	case "yes":
		return printYes
	case "rev":
		return printReverse
	case "base64":
		return printBase64
	case "openssl":
		return printOpenSSL
	case "xxd":
		return printHex
	}
	return nil
}

func printEcho(l *lifter, in invocation) text {
	args := in.args
	newline, escaped := true, false
	for len(args) > 0 && isEchoOption(args[0].s) {
		newline = newline && strings.IndexByte(args[0].s, 'n') < 0
		escaped = strings.LastIndexByte(args[0].s, 'e') > strings.LastIndexByte(args[0].s, 'E')
		args = args[1:]
	}
	if !l.spendAll(args) {
		return text{}
	}
	out := text{known: true}
	if len(args) > 0 {
		out = concat(" ", args...)
	}
	l.scan(out, in.c)
	if escaped {
		u := unescape(out.s, escapesEcho)
		out = l.opened(out, u, in)
		newline = newline && !u.stopped
	}
	if newline {
		out.s += "\n"
	}
	return out
}

func isEchoOption(word string) bool {
	return len(word) > 1 && word[0] == '-' && strings.Trim(word[1:], "neE") == ""
}

// opened returns text after its escapes, which are a layer if some are
// numbers.
func (l *lifter) opened(t text, u unescaped, in invocation) text {
	if u.s == t.s {
		return t
	}
	t.src = joinSources(t.src, &source{raw: t.s, code: true})
	t.s = u.s
	if u.numeric {
		t.layer++
		l.note(u.s, in.c.depth+t.layer)
	}
	return t
}

// printFormat is printf. Numbers and widths are not formatted.
func printFormat(l *lifter, in invocation) text {
	args := in.args
	if len(args) > 0 && args[0].s == "--" {
		args = args[1:]
	}
	if len(args) == 0 || strings.HasPrefix(args[0].s, "-") || !l.spendAll(args) {
		return text{}
	}
	out, u := args[0], unescape(args[0].s, escapesPrintf)
	var b strings.Builder
	for args = args[1:]; ; {
		if !l.spend(len(u.s)) {
			return text{}
		}
		rest := formatOnce(&b, u.s, args, &out)
		if len(rest) == 0 || len(rest) == len(args) {
			break
		}
		args = rest
	}
	u.s = b.String()
	out = l.opened(out, u, in)
	l.scan(out, in.c)
	return out
}

// formatOnce writes the format with arguments put in and returns those left.
func formatOnce(b *strings.Builder, format string, args []text, out *text) []text {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		for i++; i < len(format) && strings.IndexByte("-+ #0123456789.", format[i]) >= 0; i++ {
		}
		switch {
		case i == len(format):
		case format[i] == '%':
			b.WriteByte('%')
		case len(args) > 0:
			s := args[0].s
			if format[i] == 'b' {
				s = unescape(s, escapesEcho).s
			}
			b.WriteString(s)
			out.known = out.known && args[0].known
			out.layer = max(out.layer, args[0].layer)
			out.src = joinSources(out.src, args[0].src)
			args = args[1:]
		}
	}
	return args
}

// printCat prints its input, or files that the line wrote.
func printCat(l *lifter, in invocation) text {
	file := ""
	for _, arg := range in.args {
		switch {
		case arg.s == "-" || arg.s == "/dev/stdin":
		case strings.HasPrefix(arg.s, "-"):
			if arg.s != "-u" {
				return text{}
			}
		case file != "":
			return text{}
		default:
			file = arg.s
		}
	}
	if file == "" {
		return in.stdin
	}
	content, _ := l.content(file)
	return content
}

func printTee(l *lifter, in invocation) text {
	appending := false
	for _, arg := range in.args {
		if strings.HasPrefix(arg.s, "-") {
			appending = appending || arg.s == "-a" || arg.s == "--append"
			continue
		}
		l.store(arg.s, in.stdin, appending)
	}
	return in.stdin
}

// printYes prints its words over and over; twice is enough for a password.
func printYes(l *lifter, in invocation) text {
	if len(in.args) == 0 || !l.spendAll(in.args) {
		return text{}
	}
	out := concat(" ", in.args...)
	out.s += "\n" + out.s + "\n"
	out.known = false
	return out
}

func printReverse(l *lifter, in invocation) text {
	if len(in.args) > 0 || in.stdin.s == "" {
		return text{}
	}
	runes := []rune(strings.TrimSuffix(in.stdin.s, "\n"))
	slices.Reverse(runes)
	return l.decode(in, string(runes))
}

func printBase64(l *lifter, in invocation) text {
	decode := false
	for _, arg := range in.args {
		switch arg.s {
		case "-d", "-D", "--decode", "-di", "-id":
			decode = true
		case "-i", "--ignore-garbage", "-", "/dev/stdin":
		default:
			return text{}
		}
	}
	if !decode {
		return text{}
	}
	return l.decodeBase64(in)
}

// printOpenSSL is openssl base64 -d and openssl enc -base64 -d.
func printOpenSSL(l *lifter, in invocation) text {
	decode, base := false, false
	for _, arg := range in.args {
		switch arg.s {
		case "-d":
			decode = true
		case "base64", "-base64", "-a":
			base = true
		case "enc", "-A", "-in", "/dev/stdin":
		default:
			return text{}
		}
	}
	if !decode || !base {
		return text{}
	}
	return l.decodeBase64(in)
}

func (l *lifter) decodeBase64(in invocation) text {
	if !in.stdin.known {
		return text{}
	}
	packed := strings.TrimRight(squeeze(in.stdin.s), "=")
	raw, err := base64.RawStdEncoding.DecodeString(packed)
	if err != nil && len(raw) == 0 {
		return text{}
	}
	return l.decode(in, string(raw)) // of broken input the good beginning, as the tool does
}

// printHex is xxd -r -p.
func printHex(l *lifter, in invocation) text {
	reverse, plain := false, false
	for _, arg := range in.args {
		switch arg.s {
		case "-r", "-revert":
			reverse = true
		case "-p", "-ps", "-plain", "-postscript":
			plain = true
		case "-rp", "-pr":
			reverse, plain = true, true
		case "-", "/dev/stdin":
		default:
			return text{}
		}
	}
	if !reverse || !plain || !in.stdin.known {
		return text{}
	}
	packed := squeeze(in.stdin.s)
	raw, err := hex.DecodeString(packed)
	if err != nil && len(raw) == 0 {
		return text{}
	}
	return l.decode(in, string(raw))
}

// squeeze removes white space.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
			return -1
		}
		return r
	}, s)
}

// decode returns s as one layer deeper than the input that it was made of.
func (l *lifter) decode(in invocation, s string) text {
	t := in.stdin
	if in.c.depth+t.layer >= maxLayers || !l.spend(len(s)) {
		l.truncate()
		return text{}
	}
	t.src = joinSources(t.src, &source{raw: strings.TrimSpace(t.s), code: true})
	t.layer++
	t.s = valid(s)
	l.note(t.s, in.c.depth+t.layer)
	return t
}
