package detection

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ttpstream/ttpstream/rules/match"
)

// encoded returns the patterns that a value stands for once windash and the
// encodings have been applied. The message says why they cannot be.
func (m modifiers) encoded(value string) (patterns []string, message string) {
	patterns = []string{value}
	if m.windash {
		if patterns, message = dashes(value); message != "" {
			return nil, message
		}
	}
	for _, name := range m.encode {
		var next []string
		for _, p := range patterns {
			some, message := encode(name, p)
			if message != "" {
				return nil, message
			}
			next = append(next, some...)
		}
		patterns = next
	}
	return patterns, ""
}

// encode applies one encoding to a pattern.
func encode(name, pattern string) (patterns []string, message string) {
	switch name {
	case "wide", "utf16le":
		return []string{mapText(pattern, wide(false))}, ""
	case "utf16be":
		return []string{mapText(pattern, wide(true))}, ""
	case "utf16":
		return []string{"\xff\xfe" + mapText(pattern, wide(false))}, ""
	}
	text, plain := match.ParsePattern(pattern).Text()
	switch {
	case !plain:
		return nil, fmt.Sprintf("%s of a value with wildcards: what they stand for cannot be encoded", name)
	case text == "":
		return nil, name + " of an empty value"
	case name == "base64":
		return []string{base64.StdEncoding.EncodeToString([]byte(text))}, ""
	}
	return shifted(text)
}

// shifted returns what is the same in the Base64 of every text that holds
// this one, for each of the three places it can have in a group of three
// bytes: letters that also depend on the neighbours are left out.
func shifted(text string) (patterns []string, message string) {
	for shift := range 3 {
		all := base64.StdEncoding.EncodeToString(append(make([]byte, shift), text...))
		from := (shift*8 + 5) / 6         // letters that hold a bit of what is before
		to := (shift + len(text)) * 8 / 6 // whole letters, if more follows
		if from >= to {
			return nil, fmt.Sprintf("base64offset of %d bytes: nothing of it is the same at every place", len(text))
		}
		patterns = append(patterns, all[from:to])
	}
	return patterns, ""
}

// wide returns the function that spells a text in UTF-16 without byte order
// mark. The result is bytes, no UTF-8.
func wide(bigEndian bool) func(string) string {
	return func(text string) string {
		var out strings.Builder
		for _, unit := range utf16.Encode([]rune(text)) {
			low, high := byte(unit), byte(unit>>8)
			if bigEndian {
				low, high = high, low
			}
			out.WriteByte(low)
			out.WriteByte(high)
		}
		return out.String()
	}
}

// mapText applies f to the texts of a pattern and leaves its wildcards alone.
func mapText(pattern string, f func(string) string) string {
	var out strings.Builder
	eachPart(pattern, func(text string) { out.WriteString(escape(f(text))) }, func(wildcard byte) { out.WriteByte(wildcard) })
	return out.String()
}

// eachPart goes through the texts, escapes resolved, and the wildcards of a
// pattern.
func eachPart(pattern string, text func(string), wildcard func(byte)) {
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			text(plain.String())
			plain.Reset()
		}
	}
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern) && strings.IndexByte(`\*?`, pattern[i+1]) >= 0:
			i++
			plain.WriteByte(pattern[i])
		case c == '*' || c == '?':
			flush()
			wildcard(c)
		default:
			plain.WriteByte(c)
		}
	}
	flush()
}

var escaper = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`)

// escape returns the pattern that stands for exactly text.
func escape(text string) string { return escaper.Replace(text) }

// maxDashes is the most dashes of one value that windash tries, each in five
// forms.
const maxDashes = 3

// windows are the characters that Windows programs take for the dash of an
// option: hyphen, slash, en dash, em dash, horizontal bar.
var windows = []string{"-", "/", "–", "—", "―"}

// dashes returns the value with each dash of an option in each of its forms.
// The dash of an option has no letter or digit before it, and one behind it.
func dashes(value string) (patterns []string, message string) {
	patterns = []string{""}
	found, before := 0, ' '
	for i := 0; i < len(value); {
		r, width := utf8.DecodeRuneInString(value[i:])
		after, _ := utf8.DecodeRuneInString(value[i+width:])
		if strings.ContainsRune("-/–—―", r) && !wordRune(before) && wordRune(after) {
			if found++; found > maxDashes {
				return nil, fmt.Sprintf("windash of more than %d dashes in a value", maxDashes)
			}
			next := make([]string, 0, len(patterns)*len(windows))
			for _, p := range patterns {
				for _, dash := range windows {
					next = append(next, p+dash)
				}
			}
			patterns = next
		} else {
			for j := range patterns {
				patterns[j] += value[i : i+width]
			}
		}
		before, i = r, i+width
	}
	return patterns, ""
}

func wordRune(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r >= 0x80 && r != utf8.RuneError && !strings.ContainsRune("–—―", r)
}
