package match

import (
	"regexp"
	"testing"
	"unicode/utf8"
)

// FuzzLike holds patterns against the regular expressions that they stand for.
func FuzzLike(f *testing.F) {
	f.Add("a*b?c", "axxbyc", false)
	f.Add(`\**`, "*x", true)
	f.Add("K", "\u212A", false)
	f.Add("*??", "\xe2\x82\xac", false)
	f.Fuzz(func(t *testing.T, pattern, text string, cased bool) {
		if len(pattern) > 64 || len(text) > 256 || !utf8.ValidString(pattern) || regexp.MustCompile("\uFFFD").MatchString(pattern+text) {
			return
		}
		p := ParsePattern(pattern)
		ev := &Event{}
		ev.Base.Add("f", text)
		want := asRegexp(p, cased).MatchString(text)
		engine := Build([]Condition{{Targets: everything, Expr: Like("f", p, cased)}})
		if got := len(engine.Match(ev, &Scratch{})) == 1; got != want {
			t.Fatalf("%q on %q, cased %v: engine %v, want %v", pattern, text, cased, got, want)
		}
		if hits := engine.Hits(0, ev); len(hits) == 1 != want {
			t.Fatalf("hits %v, want one: %v", hits, want)
		}
	})
}

// FuzzRegex checks that an expression without its required texts never matches.
func FuzzRegex(f *testing.F) {
	f.Add(`(?i)wget\s+(http|ftp)`, "WGET  http://x")
	f.Add(`^(curl|wget)+$`, "wgetcurl")
	f.Add(`a{2,3}b|cd`, "aab")
	f.Add("\uFFFD", "\xff")
	f.Fuzz(func(t *testing.T, expression, text string) {
		if len(expression) > 128 || len(text) > 256 {
			return
		}
		p, err := Regex("f", expression, "")
		if err != nil {
			return
		}
		ev := &Event{}
		ev.Base.Add("f", text)
		engine := Build([]Condition{{Targets: everything, Expr: p}})
		if got, want := len(engine.Match(ev, &Scratch{})) == 1, regexp.MustCompile(expression).MatchString(text); got != want {
			t.Fatalf("%q on %q: engine %v, want %v (needs %q)", expression, text, got, want, p.needs)
		}
	})
}
