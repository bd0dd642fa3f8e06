package facts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// masked is what stands in the place of a secret.
const masked = "***"

// shortSecret is the length in bytes from which a secret is masked wherever
// it occurs. A shorter one ("a", "root", "12345") is masked where it stands as
// a word: "a" must go from `sshpass -p a` and must not turn cat into c***t.
// Where a short secret does not stand as a word (mysql -pa) the lifter lists
// the word around it as a secret as well.
const shortSecret = 6

// Mask returns the text with the occurrences of each secret replaced by ***.
// Secrets of at least 6 bytes go wherever they occur, shorter ones where no
// letter, digit or underscore of the text continues them on either side.
// Occurrences that touch or overlap become one ***. The empty secret stands
// for everything: the whole text becomes ***.
//
// Mask before cutting, see [Excerpt]: half a secret is no occurrence of it.
func Mask(text string, secrets []string) string {
	if text == "" || len(secrets) == 0 {
		return text
	}
	var spans [][2]int
	for _, secret := range secrets {
		if secret == "" {
			return masked
		}
		spans = occurrences(spans, text, secret)
	}
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	var b strings.Builder
	end := 0
	for i, span := range spans {
		if i == 0 || span[0] > end {
			b.WriteString(text[end:span[0]])
			b.WriteString(masked)
		}
		end = max(end, span[1])
	}
	b.WriteString(text[end:])
	return b.String()
}

// occurrences appends where the secret is to be masked.
func occurrences(spans [][2]int, text, secret string) [][2]int {
	for from := 0; ; {
		at := strings.Index(text[from:], secret)
		if at < 0 {
			return spans
		}
		at += from
		end := at + len(secret)
		if len(secret) >= shortSecret || delimited(text, at, end) {
			spans = append(spans, [2]int{at, end})
			from = end
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		from = at + size
	}
}

// delimited says that no word goes on over either end of text[from:to].
func delimited(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	first, _ := utf8.DecodeRuneInString(text[from:])
	last, _ := utf8.DecodeLastRuneInString(text[:to])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return !(from > 0 && isWord(before) && isWord(first)) && !(to < len(text) && isWord(last) && isWord(after))
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// ellipsis ends an excerpt that was cut.
const ellipsis = "…"

// Excerpt returns at most size bytes of a fact's value, fit to be shown: the
// secrets masked in the whole value first, then cut between two runes, with …
// at the end where something was cut and size has room for it. Value must be
// the whole value: in one that is cut already the cut may have gone through a
// secret, and what is left of it can no longer be told.
func Excerpt(value string, secrets []string, size int) string {
	shown := Mask(value, secrets)
	if len(shown) <= size {
		return shown
	}
	if size < len(ellipsis) {
		shown, _ = trim(shown, max(0, size))
		return shown
	}
	shown, _ = trim(shown, size-len(ellipsis))
	return shown + ellipsis
}
