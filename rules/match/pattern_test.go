package match

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPatternShape(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		op   Op
		text string
	}{
		{``, OpEquals, ""},
		{`abc`, OpEquals, "abc"},
		{`*`, OpContains, ""},
		{`**`, OpContains, ""},
		{`*abc`, OpSuffix, "abc"},
		{`abc*`, OpPrefix, "abc"},
		{`**abc***`, OpContains, "abc"},
		{`a*c`, OpGlob, ""},
		{`*a*c*`, OpGlob, ""},
		{`a?c`, OpGlob, ""},
		{`?`, OpGlob, ""},
		{`a\*c`, OpEquals, "a*c"},
		{`a\?`, OpEquals, "a?"},
		{`C:\Windows`, OpEquals, `C:\Windows`},
		{`C:\\Windows`, OpEquals, `C:\Windows`},
		{`dir\\*`, OpPrefix, `dir\`},
		{`dir\\\*`, OpEquals, `dir\*`},
		{`a\\\\b`, OpEquals, `a\\b`},
		{`end\`, OpEquals, `end\`},
	} {
		op, text := ParsePattern(c.in).shape()
		if op != c.op || text != c.text {
			t.Errorf("%s: %v %q, want %v %q", c.in, op, text, c.op, c.text)
		}
	}
}

func TestPatternModifiers(t *testing.T) {
	t.Parallel()
	p := ParsePattern("a*b")
	if op, _ := p.Contains().shape(); op != OpGlob {
		t.Errorf("contains with a wildcard inside: %v", op)
	}
	if op, text := ParsePattern("").Contains().shape(); op != OpContains || text != "" {
		t.Errorf("contains nothing: %v %q", op, text)
	}
	if op, text := Literal("*x*").StartsWith().shape(); op != OpPrefix || text != "*x*" {
		t.Errorf("literal: %v %q", op, text)
	}
	if p.Contains().Source() != "a*b" {
		t.Errorf("source: %q", p.Contains().Source())
	}
}

// asRegexp says in a regular expression what a pattern means.
func asRegexp(p Pattern, cased bool) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("(?s")
	if !cased {
		b.WriteString("i")
	}
	b.WriteString(`)\A`)
	for _, part := range p.parts {
		switch part.kind {
		case partAny:
			b.WriteString(".*")
		case partOne:
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(part.text))
		}
	}
	return regexp.MustCompile(b.String() + `\z`)
}

func TestLikeIsItsRegexp(t *testing.T) {
	t.Parallel()
	letters := rapid.SampledFrom([]rune("aAbBk\u212Aé€*?\\"))
	texts := rapid.OneOf(
		rapid.StringOfN(letters, 0, 12, -1),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte{'a', 'b', 0xff, 0xc3, 0xa9, 0xe2}), 0, 8), func(b []byte) string { return string(b) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		p := ParsePattern(rapid.StringOfN(letters, 0, 8, -1).Draw(t, "pattern"))
		switch rapid.IntRange(0, 3).Draw(t, "modifier") {
		case 1:
			p = p.Contains()
		case 2:
			p = p.StartsWith()
		case 3:
			p = p.EndsWith()
		}
		cased := rapid.Bool().Draw(t, "cased")
		text := texts.Draw(t, "text")
		got, _ := Like("f", p, cased).matches(Text(text), nil)
		if want := asRegexp(p, cased).MatchString(text); got != want {
			t.Fatalf("%q on %q, cased %v: %v, want %v", p.source, text, cased, got, want)
		}
	})
}

func TestGlobIsLinearEnough(t *testing.T) {
	t.Parallel()
	p := Like("f", ParsePattern(strings.Repeat("*a", 40)+"*b"), false)
	if ok, _ := p.matches(Text(strings.Repeat("a", MaxValueBytes)), nil); ok {
		t.Error("matched without a b")
	}
}
