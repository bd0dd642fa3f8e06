package match

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// expressions are shapes that empty-width tests, folding, classes and
// repetition give.
var expressions = []string{
	"", "a", "^", "$", "^$", `\A\z`, `(?m)^b$`, `(?m)$`, `\bab\b`, `\Bb`, `\b`, `(?i)k`, `(?i)straße`, `[^a]`, `.`, `(?s).`, `a.b`, `(?s)a.b`,
	`(a|ab)(c|bcd)(d*)`, `^(a+)+$`, `(?i)wget\s+-[a-z]+`, `[[:word:]]+x`, `\pL+`, `\PL`, `[é-ü]`, "\uFFFD", `x*`, `(?m)^\s*$`, `a{2,4}b`,
	`^a|b$`, `(?m)a$\nb`, `\x{1F600}`, `(^|/)sh\b`, `\w\W\w`, `a\b.`, `[^\n]*\n`, `(?i)[k-m]`, `\Ba\B`, `$a`, `a^`, `(?m:^)a|b(?m:$)`,
}

func TestDFAIsTheRegexp(t *testing.T) {
	t.Parallel()
	letters := rapid.SampledFrom([]string{"a", "b", "c", "d", "x", "K", "k", "\u212A", "é", "ß", "\n", " ", "-", "_", "/", "sh", "wget", "\xff", "\xc3", "\uFFFD", "\U0001F600", "0"})
	rapid.Check(t, func(t *rapid.T) {
		expression := rapid.SampledFrom(expressions).Draw(t, "expression")
		if rapid.Bool().Draw(t, "joined") {
			expression = "(?:" + expression + ")" + rapid.SampledFrom([]string{"|", "", "*", "+?", "?"}).Draw(t, "by") + "(?:" + rapid.SampledFrom(expressions).Draw(t, "other") + ")"
		}
		re, err := regexp.Compile(expression)
		if err != nil {
			t.Skip(err)
		}
		d := newDFA(expression)
		for range 4 {
			text := strings.Join(rapid.SliceOfN(letters, 0, 12).Draw(t, "text"), "")
			if found, ok := d.find(text); !ok || found != re.MatchString(text) {
				t.Fatalf("%q on %q: automaton %v (decides %v), regexp %v", expression, text, found, ok, re.MatchString(text))
			}
		}
	})
}

// An automaton that runs over its share again and again gives up, and what it
// held is given back.
func TestDFAGivesUpWhenItThrashes(t *testing.T) {
	t.Parallel()
	p, err := Regex("f", `[ab]*a[ab]{14}c`, "")
	if err != nil {
		t.Fatal(err)
	}
	gave := false
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var text strings.Builder
		for range 4000 {
			text.WriteByte("ab"[random.IntN(2)])
		}
		if _, ok := p.dfa.find(text.String()); !ok {
			gave = true
		}
		if used := p.dfa.cache.used.Load(); used > maxDFABytes {
			t.Fatalf("holds %d bytes", used)
		}
		if got := p.fits(text.String()); got != p.re.MatchString(text.String()) {
			t.Fatal("the answer differs")
		}
	}
	if !gave || !p.dfa.off.Load() || p.dfa.cache.used.Load() != 0 {
		t.Errorf("gave way %v, off %v, holds %d", gave, p.dfa.off.Load(), p.dfa.cache.used.Load())
	}
}

func TestDFARefusesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	p, err := Regex("f", `(a{500}|b{500}|c{500}|d{500}){1}x`, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.dfa.find("a"); ok || !p.Passes(Text(strings.Repeat("b", 500)+"x")) {
		t.Errorf("decides %v", ok)
	}
}

func TestDFAServesManyAtOnce(t *testing.T) {
	t.Parallel()
	const expression = `(?i)\b(wget|curl)\b.*\s-o\s*\S+é?$`
	d, re := newDFA(expression), regexp.MustCompile(expression)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 200 {
				text := fmt.Sprintf("%x wget -%c -o é%d", j*i, 'a'+rune(j%26), j)
				if found, ok := d.find(text); !ok || found != re.MatchString(text) {
					t.Errorf("%q: %v %v", text, found, ok)
				}
			}
		})
	}
	group.Wait()
}

// FuzzDFA holds the automaton against package regexp.
func FuzzDFA(f *testing.F) {
	for _, expression := range expressions {
		f.Add(expression, "ab\ncd \xff K")
	}
	f.Fuzz(func(t *testing.T, expression, text string) {
		if len(expression) > 128 || len(text) > 256 || !utf8.ValidString(expression) {
			return
		}
		re, err := regexp.Compile(expression)
		if err != nil {
			return
		}
		if found, ok := newDFA(expression).find(text); ok && found != re.MatchString(text) {
			t.Fatalf("%q on %q: automaton %v, regexp %v", expression, text, found, !found)
		}
	})
}
