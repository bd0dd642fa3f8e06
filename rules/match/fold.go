package match

import (
	"unicode"
	"unicode/utf8"
)

// Fold returns s with every letter replaced by the one that stands for all
// its cases, so that two texts are equal without regard to case exactly when
// their folds are equal. Letters keep their number, not their width. Bytes
// that are not UTF-8 stay as they are.
func Fold(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return string(appendFold(nil, s))
		}
	}
	return s
}

// appendFold appends the fold of s.
func appendFold(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			dst = append(dst, lower[c])
			i++
			continue
		}
		r, width := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && width == 1 {
			dst = append(dst, c)
		} else {
			dst = utf8.AppendRune(dst, foldRune(r))
		}
		i += width
	}
	return dst
}

// foldMap is appendFold that also says where each byte of the fold came from:
// offsets[i] is the offset in s of the letter that fold byte i belongs to, and
// the last element is len(s).
func foldMap(s string) (fold []byte, offsets []int) {
	for i := 0; i < len(s); {
		_, width := utf8.DecodeRuneInString(s[i:])
		before := len(fold)
		fold = appendFold(fold, s[i:i+width])
		for range len(fold) - before {
			offsets = append(offsets, i)
		}
		i += width
	}
	return fold, append(offsets, len(s))
}

// isASCII reports whether folding s moves no byte.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var lower = func() (table [utf8.RuneSelf]byte) {
	for i := range table {
		table[i] = byte(i)
		if 'A' <= i && i <= 'Z' {
			table[i] += 'a' - 'A'
		}
	}
	return table
}()

// foldRune returns the rune that stands for r's orbit under simple folding:
// the lower-case ASCII letter where there is one, the smallest rune otherwise.
func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if 'A' <= least && least <= 'Z' {
		return least + ('a' - 'A')
	}
	return least
}
