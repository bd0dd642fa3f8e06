package lint

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/rules/match"
)

func single(string) bool { return false }

func equals(value string) match.Expr {
	return match.Like("f", match.Literal(value), false)
}

func contains(value string) match.Expr {
	return match.Like("f", match.Literal(value).Contains(), false)
}

func genLogic(t *rapid.T, depth int) match.Expr {
	if depth > 0 {
		switch rapid.IntRange(0, 3).Draw(t, "node") {
		case 0:
			return match.And{genLogic(t, depth-1), genLogic(t, depth-1)}
		case 1:
			return match.Or{genLogic(t, depth-1), genLogic(t, depth-1)}
		case 2:
			return match.Not{Expr: genLogic(t, depth-1)}
		}
	}
	value := rapid.SampledFrom([]string{"a", "b", "ab"}).Draw(t, "value")
	switch rapid.IntRange(0, 3).Draw(t, "op") {
	case 0:
		return contains(value)
	case 1:
		return match.Null("f")
	case 2:
		return match.Exists("f")
	}
	return equals(value)
}

// What some event satisfies must never be called unsatisfiable.
func TestSatisfiableIsNeverWrong(t *testing.T) {
	t.Parallel()
	events := []*match.Event{{}}
	for _, value := range []string{"a", "b", "ab", "abx", ""} {
		ev := &match.Event{}
		ev.Base.Add("f", value)
		events = append(events, ev)
	}
	null := &match.Event{}
	null.Base.AddNull("f")
	events = append(events, null)
	rapid.Check(t, func(t *rapid.T) {
		e := genLogic(t, 4)
		for _, ev := range events {
			if match.Holds(e, ev) && !satisfiable(e, single) {
				t.Fatalf("%v is satisfied by %v", e, ev.Base.All())
			}
		}
	})
}

func TestTooManyAtoms(t *testing.T) {
	t.Parallel()
	var all match.And
	for i := range maxAtoms + 1 {
		all = append(all, match.Not{Expr: contains(string(rune('a' + i)))})
	}
	all = append(all, contains("a"))
	if !satisfiable(all, single) {
		t.Error("what cannot be worked through counts as satisfiable")
	}
}
