package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// masked stands for a secret.
const masked = "***"

// shortSecret is the length in bytes from which a secret is masked wherever it
// occurs. A shorter one is masked where it stands as a word: "a" must not turn
// cat into c***t.
const shortSecret = 6

// maxOccurrences is how often one secret is looked for in one text; the rest of
// the text after the last counts as secret. It keeps the work linear.
const maxOccurrences = 256

// mask returns text[from:to] with every secret that reaches into it replaced
// as a whole, also where only part of it lies inside, and whether there was
// one. The empty secret stands for everything.
func mask(text string, from, to int, secrets []string) (string, bool) {
	if slices.Contains(secrets, "") && from < to {
		return masked, true
	}
	var out strings.Builder
	found := false
	for _, s := range occurrences(text, secrets) {
		if int(s.to) <= from || int(s.from) >= to {
			continue
		}
		if int(s.from) > from {
			out.WriteString(text[from:s.from])
		}
		out.WriteString(masked)
		found = true
		from = int(s.to)
	}
	if from < to {
		out.WriteString(text[from:to])
	}
	return out.String(), found
}

// occurrences returns where secrets lie in text, in order, those that touch or
// overlap as one.
func occurrences(text string, secrets []string) []span {
	var all []span
	for _, secret := range secrets {
		if secret != "" {
			all = occurrencesOf(all, text, secret)
		}
	}
	slices.SortFunc(all, func(a, b span) int { return int(a.from - b.from) })
	merged := all[:0]
	for _, s := range all {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

func occurrencesOf(all []span, text, secret string) []span {
	for at, n := 0, 0; ; n++ {
		i := strings.Index(text[at:], secret)
		if i < 0 {
			return all
		}
		at += i
		if n == maxOccurrences {
			return append(all, span{int32(at), int32(len(text))})
		}
		if end := at + len(secret); len(secret) >= shortSecret || isWord(text, at, end) {
			all = append(all, span{int32(at), int32(end)})
		}
		at++
	}
}

// isWord reports whether no word goes on over either end of text[from:to].
func isWord(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	first, _ := utf8.DecodeRuneInString(text[from:])
	last, _ := utf8.DecodeLastRuneInString(text[:to])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return !(from > 0 && wordRune(before) && wordRune(first)) && !(to < len(text) && wordRune(last) && wordRune(after))
}

func wordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// maskSource returns what the rule asks for, where the match touched a secret.
// A plain text that met a secret is itself part of one; in expressions and
// wildcards only what spells a secret is masked, in any case.
func (p *Predicate) maskSource(secrets []string) string {
	if p.op < OpGlob && p.text != "" || slices.Contains(secrets, "") {
		return masked
	}
	folded := make([]string, len(secrets))
	for i, s := range secrets {
		folded[i] = Fold(s)
	}
	fold, offsets := foldMap(p.source)
	var out strings.Builder
	at := 0
	for _, s := range occurrences(string(fold), folded) {
		out.WriteString(p.source[at:offsets[s.from]])
		out.WriteString(masked)
		at = offsets[s.to]
	}
	out.WriteString(p.source[at:])
	return out.String()
}
