package printable

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON returns raw, which must be JSON, with every character that is not fit
// for a terminal spelt as \uXXXX. The value is unchanged: such characters can
// only stand inside strings, where the spelling means the same. Line feeds and
// tabs stay, for JSON that is indented. Without any such character raw itself
// is returned.
func JSON(raw []byte) []byte {
	clean := cleanPrefix(raw)
	if clean == len(raw) {
		return raw
	}
	out := append(make([]byte, 0, len(raw)+32), raw[:clean]...)
	for i := clean; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case r == '\n' || r == '\t' || harmless(r):
			out = utf8.AppendRune(out, r)
		case r == '\r': // raw, it is white space between values, and would overwrite the line
			out = append(out, ' ')
		case r <= 0xffff: // a byte that is no UTF-8 is U+FFFD here, as for any reader of JSON
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
		i += size
	}
	return out
}

func cleanPrefix(raw []byte) int {
	for i, c := range raw {
		if c == 0x7f || c >= utf8.RuneSelf || c < ' ' && c != '\n' && c != '\t' {
			return i
		}
	}
	return len(raw)
}
