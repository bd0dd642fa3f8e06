package detection

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ttpstream/ttpstream/rules/match"
)

// programDirs are where a program lies that is called by its bare name. Which
// of them, an event does not say: the name stands for all.
var programDirs = []string{"/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/usr/local/bin/"}

// programs tests the fields of a source that hold programs as they were
// called: `curl`, `./x`, `/tmp/x`. A rule asks for the path of the image, so a
// bare name passes if it passes behind one of the usual directories. What is
// left of the pattern behind a directory is worked out here, once.
func (it Item) programs(field, value string) match.Expr {
	steps := it.mods.steps(value)
	parts := []match.Expr{match.Like(field, match.ParsePattern(spell(steps)), it.mods.cased)}
	var seen []string
	for _, dir := range programDirs {
		for _, rest := range behind(steps, dir, it.mods.cased) {
			left := spell(rest)
			if slices.Contains(seen, left) || slices.ContainsFunc(rest, func(s step) bool { return s.text == '/' }) {
				continue // a bare name has no slash
			}
			seen = append(seen, left)
			part := match.Expr(match.Like(field, match.ParsePattern(left), it.mods.cased))
			if _, plain := match.ParsePattern(left).Text(); !plain {
				slash := match.Like(field, match.Literal("/").Contains(), false)
				part = match.And{part, match.Not{Expr: slash}}
			}
			parts = append(parts, part)
		}
	}
	return anyOfExprs(parts)
}

// step is one character of a pattern, or a wildcard: exactly one is set.
type step struct {
	text rune
	wild byte
}

// steps returns a pattern with the wildcards of contains and its like.
func (m modifiers) steps(pattern string) []step {
	var out []step
	if m.how == "contains" || m.how == "endswith" {
		out = append(out, step{wild: '*'})
	}
	eachPart(pattern, func(text string) {
		for _, r := range text {
			out = append(out, step{text: r})
		}
	}, func(wildcard byte) { out = append(out, step{wild: wildcard}) })
	if m.how == "contains" || m.how == "startswith" {
		out = append(out, step{wild: '*'})
	}
	return out
}

// spell writes steps as a pattern.
func spell(steps []step) string {
	var out strings.Builder
	for _, s := range steps {
		if s.wild != 0 {
			out.WriteByte(s.wild)
		} else {
			out.WriteString(escape(string(s.text)))
		}
	}
	return out.String()
}

// behind returns what patterns remain to be passed once a text has passed
// prefix, which is ASCII.
func behind(steps []step, prefix string, cased bool) [][]step {
	at := skipStars(steps, []int{0})
	for i := range len(prefix) {
		var next []int
		for _, p := range at {
			switch {
			case p == len(steps):
			case steps[p].wild == '*':
				next = append(next, p)
			case steps[p].wild == '?' || same(steps[p].text, rune(prefix[i]), cased):
				next = append(next, p+1)
			}
		}
		at = skipStars(steps, next)
	}
	var rests [][]step
	for _, p := range at {
		if p > 0 && p < len(steps) && steps[p-1].wild == '*' && slices.Contains(at, p-1) {
			continue // what stands before it says as much
		}
		rests = append(rests, steps[p:])
	}
	return rests
}

// skipStars adds the places that are reached by a star standing for nothing.
func skipStars(steps []step, at []int) []int {
	for i := 0; i < len(at); i++ {
		if p := at[i]; p < len(steps) && steps[p].wild == '*' && !slices.Contains(at, p+1) {
			at = append(at, p+1)
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

func same(a, b rune, cased bool) bool {
	return a == b || !cased && a < utf8.RuneSelf && match.Fold(string(a)) == match.Fold(string(b))
}
