package facts

import "strings"

// tokeniser reads what is no valid shell: words, quotes, separators and
// redirections, without a grammar. It never fails and does not recurse.
type tokeniser struct {
	l   *lifter
	s   string
	at  int
	c   context
	buf []byte
	// parens counts brackets that were opened within a word, as a call in
	// another language does.
	parens int
	// field says that the last word is one, be it empty: "" is, $1 is not.
	field bool
	// body is where the here-document lies that was read last.
	body span
}

type span struct{ from, to int }

// tokenise lifts the commands of l.source from a byte on without a grammar.
func (l *lifter) tokenise(from int, c context) {
	t := tokeniser{l: l, s: l.source, at: from, c: c}
	for t.at < len(t.s) {
		t.pipeline()
	}
}

// pipeline reads commands up to a separator other than |.
func (t *tokeniser) pipeline() {
	p := t.l.newPipe(t.c.group)
	c := t.c
	for {
		start := len(t.l.commands)
		out, more := t.command(c)
		p.stage(t.l, start)
		if !more {
			break
		}
		c.stdin = out
	}
	p.connect(t.l)
}

// command reads one simple command with the separator after it, and says
// whether that is a pipe.
func (t *tokeniser) command(c context) (out text, piped bool) {
	var words, assigns []text
	var own *redirs
	heading := false // within "for x in …", which runs nothing
	for {
		t.space()
		if op := t.operator(); op != "" || t.at >= len(t.s) {
			c.background = c.background || op == "&"
			t.parens = 0
			if len(words) == 0 {
				t.assign(assigns)
			}
			if len(words) > 0 || len(assigns) > 0 || own != nil {
				out = t.l.simple(words, assigns, own, c)
			}
			return out, op == "|" || op == "|&"
		}
		if op, fd := t.redirection(); op != "" {
			if own == nil {
				own = &redirs{outer: c.redirs}
			}
			t.target(own, op, fd, &c)
			continue
		}
		from := t.at
		word := t.word()
		switch {
		case t.at == from:
			t.at++ // a byte that nothing above takes
		case len(words) == 0 && isKeyword(word.s) && word.s == t.s[from:t.at]:
			heading = word.s == "for" || word.s == "case" || word.s == "select"
		case heading || !t.field:
		case len(words) == 0 && isAssign(word.s):
			assigns = append(assigns, word)
		default:
			if words == nil {
				words = t.l.take(8)
			}
			words = append(words, word)
		}
	}
}

// assign sets the variables of a command that has no name.
func (t *tokeniser) assign(assigns []text) {
	for _, a := range assigns {
		name, value, _ := strings.Cut(a.s, "=")
		t.l.set(name, a.with(value))
	}
}

func isKeyword(word string) bool {
	switch word {
	case "if", "then", "else", "elif", "fi", "do", "done", "while", "until", "for", "case",
		"esac", "select", "in", "function", "!", "{", "}", "[[", "]]":
		return true
	}
	return false
}

// space skips blanks and comments.
func (t *tokeniser) space() {
	for t.at < len(t.s) {
		switch c := t.s[t.at]; {
		case c == ' ' || c == '\t' || c == '\r' || c == 0:
			t.at++
		case c == '\\' && strings.HasPrefix(t.s[t.at:], "\\\n"):
			t.at += 2
		case c == '#':
			if n := strings.IndexByte(t.s[t.at:], '\n'); n >= 0 {
				t.at += n
			} else {
				t.at = len(t.s)
			}
		default:
			return
		}
	}
}

// operator reads a separator of commands, "" where there is none.
func (t *tokeniser) operator() string {
	rest := t.s[t.at:]
	if rest == "" || strings.IndexByte("&|;\n$()`", rest[0]) < 0 || strings.HasPrefix(rest, "&>") {
		return ""
	}
	for _, op := range [...]string{"&&", "||", "|&", ";;", "|", "&", ";", "\n", "$(", "(", ")", "`"} {
		if strings.HasPrefix(rest, op) && (op != ")" || t.parens == 0) {
			t.at += len(op)
			if op == "\n" && t.at == t.body.from+1 && t.at < t.body.to {
				t.at = t.body.to
			}
			return op
		}
	}
	return ""
}

// redirection reads a redirection's operator with the descriptor before it.
func (t *tokeniser) redirection() (op, fd string) {
	from := t.at
	i := from
	for i < len(t.s) && t.s[i] >= '0' && t.s[i] <= '9' {
		i++
	}
	if i == len(t.s) || strings.IndexByte("&<>", t.s[i]) < 0 {
		return "", ""
	}
	fd = t.s[from:i]
	for _, op := range [...]string{"&>>", "&>", "<<<", "<<-", "<<", "<>", "<&", ">>", ">|", ">&", "<", ">"} {
		if strings.HasPrefix(t.s[i:], op) {
			t.at = i + len(op)
			return op, fd
		}
	}
	return "", ""
}

// target reads the word after a redirection's operator.
func (t *tokeniser) target(own *redirs, op, fd string, c *context) {
	t.space()
	word := t.word()
	t.l.scan(word, *c)
	switch op {
	case "<<<":
		c.stdin = word
		c.stdin.s += "\n"
	case "<<", "<<-":
		c.stdin = t.document(word.s)
		t.l.scan(c.stdin, *c)
	case "&>>":
		t.l.redirect(own, ">>", fd, word, c)
	default:
		t.l.redirect(own, op, fd, word, c)
	}
}

// document returns the here-document that begins on the next line, and notes
// where it lies. Without its last line it reaches to the end, as in a shell.
func (t *tokeniser) document(end string) text {
	from := max(t.at, t.body.to)
	n := strings.IndexByte(t.s[from:], '\n')
	if n < 0 {
		return text{known: true}
	}
	from += n
	for at := from + 1; at < len(t.s); {
		line, _, _ := strings.Cut(t.s[at:], "\n")
		if strings.TrimLeft(line, "\t") == end {
			t.body = span{from, at + len(line)}
			return text{s: t.s[from+1 : at], known: true}
		}
		at += len(line) + 1
	}
	t.body = span{from, len(t.s)}
	return text{s: t.s[from+1:], known: true}
}
