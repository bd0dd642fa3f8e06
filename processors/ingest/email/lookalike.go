package email

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// zeroWidth are characters that nobody sees.
const zeroWidth = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e"

// confusables are the letters of other scripts, and the Latin ones with marks,
// that look like a letter of ASCII: those of Unicode's confusables that appear
// in domain names.
var confusables = func() map[rune]rune {
	table := map[rune]rune{}
	for latin, others := range map[rune]string{
		'a': "аɑαàáâãäåāăą", 'b': "ƅьᖯɓ", 'c': "сϲᴄçćč", 'd': "ԁɗđď", 'e': "еҽєèéêëēĕėęě", 'f': "ſƒ", 'g': "ɡɢցğģ", 'h': "һհ", 'i': "іıɩιìíîïīĭįɪ", 'j': "јϳ",
		'k': "κкķ", 'l': "ӏⅼɭłļľ", 'm': "мⅿṃ", 'n': "ոռпñńņň", 'o': "оοօσòóôõöøōőჿ", 'p': "рρþ", 'q': "ԛգ", 'r': "гᴦŕř", 's': "ѕꜱśşš", 't': "тτţť", 'u': "υսᴜùúûüūůűų", 'v': "νѵⱱ",
		'w': "ԝѡωա", 'x': "хχ", 'y': "уүγýÿ", 'z': "ᴢźżžʐ", '0': "ο", '1': "ⅼ",
	} {
		for _, other := range others {
			table[other] = latin
		}
	}
	return table
}()

// skeleton spells a label as it looks: letters of other scripts by those that
// they resemble, digits and pairs by the letters that they stand in for.
func skeleton(label string) string {
	if strings.HasPrefix(label, "xn--") {
		if decoded, err := idna.Punycode.ToUnicode(label); err == nil {
			label = decoded
		}
	}
	var out strings.Builder
	for _, r := range label {
		if latin, ok := confusables[unicode.ToLower(r)]; ok {
			r = latin
		}
		switch r {
		case '0':
			r = 'o'
		case '1':
			r = 'l'
		case '3':
			r = 'e'
		case '5':
			r = 's'
		}
		out.WriteRune(r)
	}
	return strings.ReplaceAll(strings.ReplaceAll(out.String(), "rn", "m"), "vv", "w")
}

// lookalike reports whether a domain has letters that stand for others: a label
// that mixes scripts, or is of another script and looks like ASCII through and
// through.
func lookalike(domain string) bool {
	for _, label := range strings.Split(domain, ".") {
		if strings.HasPrefix(label, "xn--") {
			if decoded, err := idna.Punycode.ToUnicode(label); err == nil {
				label = decoded
			}
		}
		if mixedScript(label) || foreignLatin(label) {
			return true
		}
	}
	return false
}

// foreignLatin reports whether a label has no letter of ASCII and looks as if
// it had no other.
func foreignLatin(label string) bool {
	seen := false
	for _, r := range label {
		switch {
		case r < 128:
			if r >= 'a' && r <= 'z' {
				return false
			}
		case confusables[r] == 0 || unicode.Is(unicode.Latin, r):
			return false
		default:
			seen = true
		}
	}
	return seen
}

// mixedScript reports whether a word mixes Latin letters with Cyrillic or Greek
// ones that look like Latin.
func mixedScript(text string) bool {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		latin, other := false, false
		for _, r := range word {
			switch {
			case unicode.Is(unicode.Latin, r):
				latin = true
			case (unicode.Is(unicode.Cyrillic, r) || unicode.Is(unicode.Greek, r) || unicode.Is(unicode.Armenian, r)) && confusables[unicode.ToLower(r)] != 0:
				other = true
			}
		}
		if latin && other {
			return true
		}
	}
	return false
}
