package processors

import (
	"strings"
	"unicode/utf8"
)

// maxDetail bounds the sentence in a dead letter, in bytes.
const maxDetail = 4096

// validText returns text as a record may hold it: valid UTF-8, bounded.
func validText(text string) string {
	return cut(strings.ToValidUTF8(text, "\uFFFD"), maxDetail)
}

// cut returns at most limit bytes of text, at the end of a character.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
