package match

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// The index finds every literal where package strings does, whatever its
// length and place.
func TestIndexIsStrings(t *testing.T) {
	t.Parallel()
	letters := rapid.SampledFrom([]rune("ab\x00é/"))
	scratch := &Scratch{}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(letters, 0, 60, -1).Draw(t, "text")
		var literals []string
		var conditions []Condition
		for i := range rapid.IntRange(1, 30).Draw(t, "literals") {
			literal := rapid.StringOfN(letters, 1, 30, -1).Draw(t, "literal")
			if rapid.Bool().Draw(t, "part") && text != "" {
				runes := []rune(text)
				from := rapid.IntRange(0, len(runes)-1).Draw(t, "from")
				literal = string(runes[from:rapid.IntRange(from+1, len(runes)).Draw(t, "to")])
			}
			literals = append(literals, literal)
			pattern := Literal(literal)
			for _, p := range []Pattern{pattern, pattern.Contains(), pattern.StartsWith(), pattern.EndsWith()}[i%4 : i%4+1] {
				conditions = append(conditions, Condition{Targets: everything, Expr: Like("f", p, false)})
			}
		}
		tests := []func(text, literal string) bool{func(a, b string) bool { return a == b }, strings.Contains, strings.HasPrefix, strings.HasSuffix}
		want := []int{}
		for i, literal := range literals {
			if tests[i%4](text, literal) {
				want = append(want, i)
			}
		}
		ev := &Event{}
		ev.Base.Add("f", text)
		if got := Build(conditions).Match(ev, scratch); !slices.Equal(got, want) {
			t.Fatalf("%q in %q: got %v, want %v", literals, text, got, want)
		}
	})
}

// A guard changes nothing about what holds.
func TestGuards(t *testing.T) {
	t.Parallel()
	re, err := Regex("f", `alpha.*beta.*gamma`, "")
	if err != nil {
		t.Fatal(err)
	}
	engine := Build([]Condition{{Targets: everything, Expr: re}, {Targets: everything, Expr: And{is("f", "*alpha*"), is("g", "*delta*")}}})
	guards := 0
	engine.Prepare(nil)
	for _, c := range engine.shards[0].built().conds {
		if c.guard[0] != 0 {
			guards++
		}
	}
	if guards != 2 {
		t.Errorf("%d guards", guards)
	}
	for text, want := range map[string][]int{"alpha beta gamma": {0, 1}, "alpha gamma": {1}, "gamma beta alpha": {1}, "beta": {}} {
		ev := &Event{}
		ev.Base.Add("g", "x")
		scope := ev.NewScope()
		scope.Add("f", text)
		scope.Add("g", "a delta")
		if got := engine.Match(ev, &Scratch{}); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// Many may use an engine at once that has not been prepared.
func TestEngineIsBuiltOnce(t *testing.T) {
	t.Parallel()
	engine := benchmarkEngine(200)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			scratch, ev := &Scratch{}, benchmarkEvent("tool0 -p x; ls; cat /etc/tool1")
			for range 20 {
				if got := engine.Match(ev, scratch); !slices.Equal(got, []int{0, 1}) {
					t.Errorf("matched %v", got)
				}
			}
		})
	}
	group.Wait()
}

// Expressions that are tried and not found cost no allocation either.
func TestExpressionsDoNotAllocate(t *testing.T) {
	re, err := Regex("f", `\balpha\b.*\bbeta$`, "")
	if err != nil {
		t.Fatal(err)
	}
	engine, scratch, ev := Build([]Condition{{Targets: everything, Expr: re}}), &Scratch{}, &Event{}
	ev.Base.Add("f", "an alpha and a beta, but not at the end: é")
	if got := engine.Match(ev, scratch); len(got) != 0 {
		t.Fatal(got)
	}
	if n := testing.AllocsPerRun(100, func() { engine.Match(ev, scratch) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
