package match

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas"
)

var everything = []Target{{}}

func is(field, pattern string) *Predicate { return Like(field, ParsePattern(pattern), false) }

func TestEngineIsTheReference(t *testing.T) {
	t.Parallel()
	scratch := &Scratch{}
	rapid.Check(t, func(t *rapid.T) {
		conditions := make([]Condition, rapid.IntRange(0, 6).Draw(t, "conditions"))
		for i := range conditions {
			conditions[i] = Condition{Targets: everything, Expr: genExpr(t, rapid.IntRange(0, 4).Draw(t, "depth"))}
		}
		engine := Build(conditions)
		for range rapid.IntRange(1, 4).Draw(t, "events") {
			ev := genEvent(t)
			want := []int{}
			for i, c := range conditions {
				if refHolds(c.Expr, ev) {
					want = append(want, i)
				}
				if Holds(c.Expr, ev) != refHolds(c.Expr, ev) {
					t.Fatalf("Holds says %v of condition %d", Holds(c.Expr, ev), i)
				}
				if hits := engine.Hits(i, ev); len(hits) > 0 && !refHolds(c.Expr, ev) {
					t.Fatalf("hits %v of a condition that does not hold", hits)
				}
			}
			if got := engine.Match(ev, scratch); !slices.Equal(got, want) {
				t.Fatalf("engine %v, reference %v", got, want)
			}
			if f := scratch.Failures(); len(f) > 0 {
				t.Fatalf("failures: %v", f)
			}
			for i := range conditions {
				if diff := cmp.Diff(engine.Hits(i, ev), scratch.Hits(i)); diff != "" {
					t.Fatalf("condition %d: %s", i, diff)
				}
			}
		}
	})
}

func TestTargets(t *testing.T) {
	t.Parallel()
	expr := is("f", "x")
	linux := Logsource{Category: "process_creation", Product: "linux"}
	conditions := []Condition{
		{Targets: everything, Expr: expr},
		{Targets: []Target{{SourceKind: schemas.KindCommand}}, Expr: expr},
		{Targets: []Target{{SourceKind: schemas.KindSession}, {SourceKind: schemas.KindCommand}}, Expr: expr},
		{Targets: []Target{{Logsource: linux}}, Expr: expr},
		{Targets: []Target{{Logsource: Logsource{Product: "linux"}}}, Expr: expr},
		{Targets: []Target{{Logsource: Logsource{Product: "linux", Service: "sshd"}}}, Expr: expr},
		{Targets: nil, Expr: expr},
		{Targets: []Target{{SourceKind: schemas.KindSession}}, Expr: Not{is("f", "y")}},
	}
	engine := Build(conditions)
	for _, c := range []struct {
		kind   schemas.SourceKind
		source Logsource
		want   []int
	}{
		{schemas.KindCommand, Logsource{}, []int{0, 1, 2}},
		{schemas.KindCommand, linux, []int{0, 1, 2, 3, 4}},
		{schemas.KindSession, Logsource{Product: "linux"}, []int{0, 2, 4, 7}},
		{"", Logsource{Category: "x"}, []int{0}},
	} {
		ev := &Event{SourceKind: c.kind, Logsource: c.source}
		ev.Base.Add("f", "x")
		if diff := cmp.Diff(c.want, engine.Match(ev, &Scratch{})); diff != "" {
			t.Errorf("%v %v: %s", c.kind, c.source, diff)
		}
	}
}

func TestScopesDoNotMix(t *testing.T) {
	t.Parallel()
	engine := Build([]Condition{
		{Targets: everything, Expr: And{is("cmd.name", "wget"), is("cmd.args", "x")}},
		{Targets: everything, Expr: And{is("cmd.name", "wget"), is("command", "*rm*")}},
		{Targets: everything, Expr: And{is("cmd.name", "rm"), Not{is("cmd.args", "x")}}},
		{Targets: everything, Expr: is("shared", "base")},
	})
	ev := &Event{}
	ev.Base.Add("command", "wget y; rm x")
	ev.Base.Add("shared", "base")
	first := ev.NewScope()
	first.Add("cmd.name", "wget")
	first.Add("cmd.args", "y")
	first.Add("shared", "scope")
	second := ev.NewScope()
	second.Add("cmd.name", "rm")
	second.Add("cmd.args", "x")
	if diff := cmp.Diff([]int{1, 3}, engine.Match(ev, &Scratch{})); diff != "" {
		t.Error(diff)
	}
	ev.Scopes = ev.Scopes[:1]
	if diff := cmp.Diff([]int{1}, engine.Match(ev, &Scratch{})); diff != "" {
		t.Errorf("a scope's field hides the base's: %s", diff)
	}
}

func TestScratchServesAnyEngine(t *testing.T) {
	t.Parallel()
	small := Build([]Condition{{Targets: everything, Expr: is("f", "x")}})
	large := Build(slices.Repeat([]Condition{{Targets: everything, Expr: Or{is("f", "y"), is("g", "*x*")}}}, 50))
	ev := &Event{}
	ev.Base.Add("f", "x")
	ev.Base.Add("g", "axa")
	scratch := &Scratch{}
	for range 3 {
		if got := len(small.Match(ev, scratch)); got != 1 {
			t.Fatalf("small: %d", got)
		}
		if got := len(large.Match(ev, scratch)); got != 50 {
			t.Fatalf("large: %d", got)
		}
	}
	scratch.generation = 1<<31 + 1
	if got := len(large.Match(ev, scratch)); got != 50 {
		t.Fatalf("after the counter has run over: %d", got)
	}
}

func TestOnlyTheFirstBytesAreJudged(t *testing.T) {
	t.Parallel()
	engine := Build([]Condition{
		{Targets: everything, Expr: is("f", "*end*")},
		{Targets: everything, Expr: is("f", "a*")},
		{Targets: everything, Expr: is("f", "*aa")},
	})
	ev := &Event{}
	ev.Base.Add("f", strings.Repeat("a", MaxValueBytes)+"end")
	if diff := cmp.Diff([]int{1, 2}, engine.Match(ev, &Scratch{})); diff != "" {
		t.Error(diff)
	}
}

func TestPanicCostsOneCondition(t *testing.T) {
	t.Parallel()
	broken := &Predicate{field: "f", op: OpRegex, cased: true} // no expression: panics
	conditions := []Condition{
		{Targets: everything, Expr: is("f", "x")},
		{Targets: everything, Expr: broken},
		{Targets: everything, Expr: is("f", "x*")},
	}
	ev := &Event{}
	ev.Base.Add("f", "x")
	scratch := &Scratch{}
	engine := Build(conditions)
	if diff := cmp.Diff([]int{0, 2}, engine.Match(ev, scratch)); diff != "" {
		t.Error(diff)
	}
	if f := scratch.Failures(); len(f) != 1 || f[0].Condition != 1 || !strings.Contains(f[0].Reason, "nil pointer") {
		t.Errorf("failures: %v", f)
	}
	if hits := engine.Hits(1, ev); hits != nil {
		t.Errorf("hits of a broken condition: %v", hits)
	}

	scratch.states[0].base.touches = nil // the index panics
	if diff := cmp.Diff([]int{0, 2}, engine.Match(ev, scratch)); diff != "" {
		t.Errorf("without the index: %s", diff)
	}
	if diff := cmp.Diff(engine.Hits(2, ev), scratch.Hits(2)); diff != "" {
		t.Errorf("hits without the index: %s", diff)
	}
	if f := scratch.Failures(); len(f) != 2 || f[0].Condition != -1 || f[1].Condition != 1 {
		t.Errorf("failures without the index: %v", f)
	}
}

func TestNoMatchDoesNotAllocate(t *testing.T) {
	engine, ev := benchmarkEngine(100), benchmarkEvent("ls -la /home; uname -a; echo ok; id; true")
	scratch := &Scratch{}
	if got := engine.Match(ev, scratch); len(got) != 0 {
		t.Fatalf("matched %v", got)
	}
	if n := testing.AllocsPerRun(100, func() { engine.Match(ev, scratch) }); n != 0 {
		t.Errorf("%v allocations for an event that matches nothing", n)
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	var got []string
	Walk(And{is("a", "x"), Not{Or{is("b", "x"), Not{is("c", "x")}}}, nil, (*Predicate)(nil)}, func(p *Predicate, negated bool) {
		name := p.Field()
		if negated {
			name = "not " + name
		}
		got = append(got, name)
	})
	if diff := cmp.Diff([]string{"a", "not b", "c"}, got); diff != "" {
		t.Error(diff)
	}
}
