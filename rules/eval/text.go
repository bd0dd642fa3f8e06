package eval

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// What is wrong with a line that is no JSON. They are values, so that telling
// of a bad line costs no more than judging a good one.
var (
	errEnd     = errors.New("the line ends inside a value")
	errString  = errors.New("a text has a control character or an unknown escape")
	errUTF8    = errors.New("a text is not UTF-8")
	errNumber  = errors.New("a number is no JSON number")
	errValue   = errors.New("want a value")
	errObject  = errors.New("want an object")
	errKey     = errors.New("want a name in quotes and a colon")
	errComma   = errors.New("want a comma or the end of an object or list")
	errRest    = errors.New("something follows the object")
	errDeep    = errors.New("nested too deep")
	errTooLong = errors.New("the line is longer than 1 MiB")
	errTooMany = errors.New("too many fields or values")
)

// quoted finds the end of a text whose opening quote is before line[at]: the
// place of the closing quote, and whether it has escapes.
func quoted(line []byte, at int) (end int, escaped bool, err error) {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	wide := false
	i := at
	for {
		for i+8 <= len(line) {
			w := binary.LittleEndian.Uint64(line[i:])
			quote, slash := w^'"'*ones, w^'\\'*ones
			// The lowest of these bits is at the first byte that is a quote, a
			// backslash, a control character or beyond ASCII.
			special := ((quote-ones)&^quote | (slash-ones)&^slash | (w-0x20*ones)&^w | w) & high
			if special != 0 {
				i += bits.TrailingZeros64(special) >> 3
				break
			}
			i += 8
		}
		if i >= len(line) {
			return 0, false, errEnd
		}
		switch c := line[i]; {
		case c == '"':
			if wide && !utf8.Valid(line[at:i]) {
				return 0, false, errUTF8
			}
			return i, escaped, nil
		case c == '\\':
			escaped = true
			i += 2
			if i > len(line) {
				return 0, false, errEnd
			}
		case c < 0x20:
			return 0, false, errString
		default:
			wide = wide || c >= utf8.RuneSelf
			i++
		}
	}
}

// unescape appends a text between quotes to dst with its escapes resolved.
func unescape(dst, text []byte) ([]byte, error) {
	for i := 0; i < len(text); {
		c := text[i]
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		if i+1 == len(text) {
			return dst, errString
		}
		i += 2
		switch c := text[i-1]; c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r, width := codePoint(text[i:])
			if width == 0 {
				return dst, errString
			}
			dst = utf8.AppendRune(dst, r)
			i += width
		default:
			return dst, errString
		}
	}
	return dst, nil
}

// codePoint reads what follows \u: four digits, or a pair of surrogates with
// \u between. A lone surrogate is U+FFFD.
func codePoint(text []byte) (r rune, width int) {
	r = hex4(text)
	if r < 0 {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 4
	}
	if len(text) >= 10 && text[4] == '\\' && text[5] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(text[6:])); pair != utf8.RuneError {
			return pair, 10
		}
	}
	return utf8.RuneError, 4
}

func hex4(text []byte) rune {
	if len(text) < 4 {
		return -1
	}
	r := rune(0)
	for _, c := range text[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// number finds the end of the number that begins at line[at]. whole says that
// it has neither fraction nor exponent.
func number(line []byte, at int) (end int, whole bool, err error) {
	i := at
	if i < len(line) && line[i] == '-' {
		i++
	}
	first := i
	i = digits(line, i)
	if i == first || line[first] == '0' && i > first+1 {
		return 0, false, errNumber
	}
	whole = true
	if i < len(line) && line[i] == '.' {
		whole = false
		if first, i = i+1, digits(line, i+1); i == first {
			return 0, false, errNumber
		}
	}
	if i < len(line) && (line[i] == 'e' || line[i] == 'E') {
		whole = false
		i++
		if i < len(line) && (line[i] == '+' || line[i] == '-') {
			i++
		}
		if first, i = i, digits(line, i); i == first {
			return 0, false, errNumber
		}
	}
	return i, whole, nil
}

func digits(line []byte, i int) int {
	for i < len(line) && line[i]-'0' <= 9 {
		i++
	}
	return i
}

// exactDigits is how many digits a float64 holds without a doubt.
const exactDigits = 15

// parseNumber returns a number as a float64; exact is false for a whole number
// that one cannot hold.
func parseNumber(text []byte, whole bool) (n float64, exact bool) {
	if whole && len(text) <= exactDigits {
		negative := text[0] == '-'
		if negative {
			text = text[1:]
		}
		sum := int64(0)
		for _, c := range text {
			sum = sum*10 + int64(c-'0')
		}
		if negative {
			sum = -sum
		}
		return float64(sum), true
	}
	if whole {
		return 0, false
	}
	n, err := strconv.ParseFloat(string(text), 64)
	return n + 0, err == nil // no -0
}
