package facts

import (
	"encoding/base64"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// percentDecode takes percent-encoding off, layer by layer, at most three, and
// says how many there were. What is no encoding stays; %uXXXX of old servers is
// read; of overlong forms of UTF-8 those of a dot, a slash and a backslash are.
func percentDecode(text string, plus bool) (string, int) {
	depth := 0
	for depth < maxHTTPDepth {
		next := decodeLayer(text, plus && depth == 0)
		if next == text {
			break
		}
		if strings.IndexByte(text, '%') >= 0 {
			depth++
		} else {
			text = next
			break
		}
		text = next
	}
	return text, depth
}

func decodeLayer(text string, plus bool) string {
	if strings.IndexByte(text, '%') < 0 && !(plus && strings.IndexByte(text, '+') >= 0) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '+' && plus:
			out = append(out, ' ')
		case c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			out = append(out, unhex(text[i+1])<<4|unhex(text[i+2]))
			i += 2
		case c == '%' && i+5 < len(text) && text[i+1]|0x20 == 'u' && isHex(text[i+2]) && isHex(text[i+3]) && isHex(text[i+4]) && isHex(text[i+5]):
			n, _ := strconv.ParseUint(text[i+2:i+6], 16, 16)
			out = utf8.AppendRune(out, rune(n))
			i += 5
		default:
			out = append(out, c)
		}
	}
	decoded := string(out)
	if !utf8.ValidString(decoded) {
		decoded = overlong.Replace(decoded)
	}
	return valid(decoded)
}

// overlong are forms that old decoders took for these characters.
var overlong = strings.NewReplacer("\xc0\xae", ".", "\xc0\xaf", "/", "\xc1\x9c", "\\", "\xe0\x80\xae", ".", "\xe0\x80\xaf", "/", "\xc0\x2f", "/", "\xc0\x5c", "\\")

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

var (
	scriptEscape  = regexp.MustCompile(`(?i)\\+u\{?0*([0-9a-f]{2,4})\}?|\\+x([0-9a-f]{2})`)
	sqlComment    = regexp.MustCompile(`/\*[^*]{0,200}\*/`)
	base64Text    = regexp.MustCompile(`^[A-Za-z0-9+/_-]{8,}={0,2}$`)
	blanks        = regexp.MustCompile(`[\s\x{00a0}]+`)
	invisibleText = strings.NewReplacer("\x00", "", "\u200b", "", "\u00ad", "")
)

// unescapeMarkup reads the escapes of HTML and of JavaScript.
func unescapeMarkup(text string) string {
	if strings.Contains(text, "&") {
		text = html.UnescapeString(text)
	}
	if strings.Contains(text, `\u`) || strings.Contains(text, `\x`) || strings.Contains(text, `\U`) {
		text = scriptEscape.ReplaceAllStringFunc(text, func(escape string) string {
			digits := strings.Trim(strings.TrimLeft(escape, `\uUxX`), "{}")
			n, err := strconv.ParseUint(digits, 16, 16)
			if err != nil {
				return escape
			}
			return string(rune(n))
		})
	}
	return text
}

// flatten spells a text in lower case, with one blank for white space and for
// comments of SQL.
func flatten(text string) string {
	low := strings.ToLower(invisibleText.Replace(text))
	if strings.Contains(low, "/*") {
		low = sqlComment.ReplaceAllString(low, " ")
	}
	return blanks.ReplaceAllString(low, " ")
}

// openBase64 opens a text that is one block of base64, also one of which the
// start was cut off: whole groups of four are the same wherever they stand, so
// it tries each place in a group. Only what comes out as text is returned.
func openBase64(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > maxArgText || !base64Text.MatchString(text) || plainWord(text) {
		return ""
	}
	text = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(text), "=")
	var out []string
	for before := range 4 {
		whole := strings.Repeat("A", before) + text
		if len(whole)%4 == 1 {
			whole = whole[:len(whole)-1]
		}
		decoded, err := base64.RawStdEncoding.DecodeString(whole)
		if err == nil && printableShare(decoded) {
			out = append(out, strings.ToValidUTF8(string(decoded), "\uFFFD"))
		}
	}
	return strings.Join(out, "\n")
}

// plainWord reports whether a text is of lower-case letters only, which base64
// hardly ever is.
func plainWord(text string) bool {
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyz-_") == ""
}

// printableShare reports whether nearly all bytes are printable ASCII.
func printableShare(decoded []byte) bool {
	odd := 0
	for _, c := range decoded {
		if (c < ' ' || c > '~') && c != '\n' && c != '\t' && c != '\r' {
			odd++
		}
	}
	return len(decoded) >= 4 && odd*4 <= len(decoded)
}
