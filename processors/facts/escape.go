package facts

import (
	"strings"
	"unicode/utf8"
)

// escapes says whose backslash escapes are meant: they differ in details.
type escapes int

const (
	escapesANSI   escapes = iota // $'…'
	escapesEcho                  // echo -e, printf %b
	escapesPrintf                // the format of printf
)

// unescaped is text after its backslash escapes.
type unescaped struct {
	s string
	// numeric says that some character was spelt by number, which is a layer
	// of encoding; \n and its like are none.
	numeric bool
	// stopped says that \c ended the output.
	stopped bool
}

// unescape resolves backslash escapes. Unknown ones stay as written.
func unescape(s string, kind escapes) unescaped {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return unescaped{s: s}
	}
	var u unescaped
	buf := append(make([]byte, 0, len(s)), s[:i]...)
	for i < len(s) {
		if s[i] != '\\' || i+1 == len(s) {
			buf = append(buf, s[i])
			i++
			continue
		}
		if s[i+1] == 'c' && kind == escapesEcho {
			u.stopped = true
			break
		}
		var n int
		var numeric bool
		buf, n, numeric = escape(buf, s[i+1:], kind)
		u.numeric = u.numeric || numeric
		i += 1 + n
	}
	u.s = valid(string(buf))
	return u
}

// escape appends what the escape at the start of s (after its backslash)
// stands for, and returns how many bytes of s it took.
func escape(buf []byte, s string, kind escapes) ([]byte, int, bool) {
	if at := strings.IndexByte(`abefnrtv\`, s[0]); at >= 0 {
		return append(buf, "\a\b\x1b\f\n\r\t\v\\"[at]), 1, false
	}
	switch c := s[0]; {
	case c == '\'' || c == '"' || c == '?':
		if kind == escapesEcho {
			buf = append(buf, '\\')
		}
		return append(buf, c), 1, false
	case c == 'x':
		if n, v := number(s[1:], 2, 16); n > 0 {
			return append(buf, byte(v)), 1 + n, true
		}
	case c == 'u' || c == 'U':
		size := 4
		if c == 'U' {
			size = 8
		}
		if n, v := number(s[1:], size, 16); n > 0 {
			return utf8.AppendRune(buf, rune(v)), 1 + n, true
		}
	case c >= '0' && c <= '7':
		digits := 3
		if c == '0' && kind == escapesEcho {
			digits = 4
		}
		n, v := number(s, digits, 8)
		return append(buf, byte(v)), n, true
	}
	return append(buf, '\\', s[0]), 1, false
}

// number reads at most size digits of s in the base.
func number(s string, size, base int) (n, v int) {
	for n < len(s) && n < size {
		d := digit(s[n])
		if d >= base {
			break
		}
		v = v*base + d
		n++
	}
	return n, v
}

// digit returns the value of a digit, and 99 for anything else.
func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return 99
}

// valid returns s with each run of invalid bytes replaced by one U+FFFD.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
