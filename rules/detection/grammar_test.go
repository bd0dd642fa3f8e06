package detection

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// text writes a condition so that it reads back as itself.
func text(n conditionNode) string {
	join := func(parts []conditionNode, word string) string {
		texts := make([]string, len(parts))
		for i, part := range parts {
			texts[i] = text(part)
		}
		if len(texts) == 1 {
			return texts[0]
		}
		return "(" + strings.Join(texts, " "+word+" ") + ")"
	}
	switch n := n.(type) {
	case allOf:
		return join(n, "and")
	case anyOf:
		return join(n, "or")
	case noneOf:
		return "not " + text(n.conditionNode)
	case named:
		return string(n)
	}
	return "?"
}

func parseCondition(s string, names ...string) (conditionNode, *conditionError) {
	d := &Detection{used: map[string]bool{}}
	for _, name := range names {
		d.Selections = append(d.Selections, Selection{Name: name})
	}
	c := &conditionParser{d: d, tokens: conditionTokens(s)}
	return c.parse()
}

func TestConditions(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a":                                "a",
		"a and b or c":                     "((a and b) or c)",
		"a or b and not c":                 "(a or (b and not c))",
		"not not a":                        "not not a",
		"not(a or b)and c":                 "(not (a or b) and c)",
		"a and b and c":                    "(a and b and c)",
		" ( ( a ) ) ":                      "a",
		"1 of sel_*":                       "(sel_1 or sel_2)",
		"all of sel_* and not 1 of them":   "((sel_1 and sel_2) and not (a or b or c or sel_1 or sel_2))",
		"not 1 of sel_1":                   "not sel_1",
		"a AND\n\tb":                       "(a and b)",
		"all of *":                         "(a and b and c and sel_1 and sel_2)",
		"1 of _*":                          "_x",
		"any of *_1 or all of s*l*1 or _x": "(sel_1 or sel_1 or _x)",
	} {
		got, err := parseCondition(in, "a", "b", "c", "sel_1", "sel_2", "_x")
		if err != nil {
			t.Errorf("%s: %v", in, err.message)
		} else if text(got) != want {
			t.Errorf("%s: %s, want %s", in, text(got), want)
		}
	}
}

func genCondition(t *rapid.T, depth int) conditionNode {
	kind := 3
	if depth > 0 {
		kind = rapid.IntRange(0, 3).Draw(t, "kind")
	}
	several := func() []conditionNode {
		parts := make([]conditionNode, rapid.IntRange(2, 3).Draw(t, "parts"))
		for i := range parts {
			parts[i] = genCondition(t, depth-1)
		}
		return parts
	}
	switch kind {
	case 0:
		return allOf(several())
	case 1:
		return anyOf(several())
	case 2:
		return noneOf{genCondition(t, depth-1)}
	}
	return named(rapid.SampledFrom([]string{"a", "b", "sel_1"}).Draw(t, "name"))
}

func TestConditionsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := text(genCondition(t, 5))
		got, err := parseCondition(want, "a", "b", "sel_1")
		if err != nil {
			t.Fatalf("%s: %s at %d", want, err.message, err.at)
		}
		if text(got) != want {
			t.Fatalf("%s came back as %s", want, text(got))
		}
	})
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{"a", "a and not b", "1 of sel_*", "all of them", "(a or b) and c", "a | count() > 1", "not not (a", "1 of", "a,b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > MaxConditionBytes {
			return
		}
		n, err := parseCondition(s, "a", "b", "sel_1", "sel_2")
		if err != nil {
			if err.at < 0 || err.at > len(s) || err.message == "" {
				t.Fatalf("%q: %+v", s, err)
			}
			return
		}
		once := text(n)
		again, err := parseCondition(once, "a", "b", "sel_1", "sel_2")
		if err != nil {
			if strings.Contains(err.message, "nested") {
				return // text writes more brackets than there were
			}
			t.Fatalf("%q reads as %s, which does not read: %s", s, once, err.message)
		}
		if text(again) != once {
			t.Fatalf("%q: %s, then %s", s, once, text(again))
		}
	})
}

func TestFitsStars(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"a*", "ab", true}, {"*a", "ba", true}, {"a*a", "a", false}, {"a*a", "aa", true},
		{"*", "", true}, {"a*b*c", "axbxc", true}, {"a*b*c", "acb", false}, {"**", "x", true}, {"*ab*ab", "ab", false},
	} {
		if got := fitsStars(c.pattern, c.name); got != c.want {
			t.Errorf("%s %s: %v", c.pattern, c.name, got)
		}
	}
}
