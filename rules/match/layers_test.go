package match

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// However conditions come and go, a rebuilt engine is a built one.
func TestRebuildIsBuild(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var conditions []Condition
		for range rapid.IntRange(0, 8).Draw(t, "conditions") {
			conditions = append(conditions, Condition{Targets: everything, Expr: genExpr(t, 2)})
		}
		engine, scratch := Build(conditions), &Scratch{}
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			conditions = changed(t, conditions)
			engine = Rebuild(engine, conditions)
			fresh, ev := Build(conditions), genEvent(t)
			want := slices.Clone(fresh.Match(ev, &Scratch{}))
			if got := engine.Match(ev, scratch); !slices.Equal(got, want) {
				t.Fatalf("rebuilt %v, built %v", got, want)
			}
			for i := range conditions {
				if len(engine.Hits(i, ev)) != len(fresh.Hits(i, ev)) {
					t.Fatalf("hits of %d differ", i)
				}
			}
		}
	})
}

// changed adds, replaces, removes or moves a condition.
func changed(t *rapid.T, conditions []Condition) []Condition {
	conditions = slices.Clone(conditions)
	next := Condition{Targets: everything, Expr: genExpr(t, 2)}
	if rapid.Bool().Draw(t, "targets") {
		next.Targets = []Target{{Logsource: Logsource{Product: "none"}}}
	}
	at := 0
	if len(conditions) > 0 {
		at = rapid.IntRange(0, len(conditions)-1).Draw(t, "at")
	}
	switch kind := rapid.IntRange(0, 3).Draw(t, "change"); {
	case kind == 0 || len(conditions) == 0:
		return slices.Insert(conditions, at, next)
	case kind == 1:
		conditions[at] = next
	case kind == 2:
		return slices.Delete(conditions, at, at+1)
	default:
		conditions[0], conditions[at] = conditions[at], conditions[0]
	}
	return conditions
}

// A small change keeps the base; many of them end in a new one.
func TestRebuildKeepsTheBase(t *testing.T) {
	t.Parallel()
	conditions := make([]Condition, 3000)
	for i := range conditions {
		conditions[i] = Condition{Targets: everything, Expr: is("f", fmt.Sprintf("*word%d*", i))}
	}
	engine := Build(conditions)
	base := engine.layers[0].shards[0]
	scratch, ev := &Scratch{}, &Event{}
	ev.Base.Add("f", "new7 word9")
	kept := 0
	for i := range 400 {
		conditions[i].Expr = is("f", fmt.Sprintf("*new%d*", i))
		engine = Rebuild(engine, conditions)
		if engine.layers[0].shards[0] == base {
			kept++
		}
		want := []int{}
		if i >= 7 {
			want = append(want, 7)
		}
		if i < 9 {
			want = append(want, 9)
		}
		if got := engine.Match(ev, scratch); !slices.Equal(got, want) {
			t.Fatalf("after %d: %v, want %v", i, got, want)
		}
	}
	if kept < 50 || kept > 200 {
		t.Errorf("the base lasted %d changes", kept)
	}
}

func TestRebuildOfNothing(t *testing.T) {
	t.Parallel()
	if n := Rebuild(nil, []Condition{{Targets: everything, Expr: is("f", "x")}}).Len(); n != 1 {
		t.Errorf("%d conditions", n)
	}
	engine := Build(nil)
	for range 3 {
		engine = Rebuild(engine, []Condition{{Targets: everything, Expr: And{}}, {Targets: everything, Expr: Or{}}, {Targets: everything}})
		if got := engine.Match(&Event{}, &Scratch{}); !slices.Equal(got, []int{0}) {
			t.Errorf("matched %v", got)
		}
	}
}

// What is prepared needs no building later, and fields are those of the route.
func TestPrepareAndFieldsFor(t *testing.T) {
	t.Parallel()
	linux := []Target{{Logsource: Logsource{Product: "linux"}}}
	engine := Build([]Condition{
		{Targets: linux, Expr: And{is("a", "x"), Not{Refers("b", "c", OpEquals, false)}}},
		{Targets: everything, Expr: is("d", "x")},
		{Targets: []Target{{Logsource: Logsource{Product: "windows"}}}, Expr: Or{is(AnyField, "*x*"), is("e", "y")}},
	})
	ev := &Event{Logsource: Logsource{Product: "linux"}}
	engine.Prepare(ev)
	for i, want := range []bool{true, true, false} {
		if got := engine.shards[i].built() != nil; got != want {
			t.Errorf("shard %d built: %v", i, got)
		}
	}
	names, every := engine.FieldsFor(ev)
	if len(names) != 4 || !names["a"] || !names["c"] || !names["d"] || every {
		t.Errorf("fields %v, every %v", names, every)
	}
	if names, every := engine.FieldsFor(nil); len(names) != 5 || !every {
		t.Errorf("all fields %v, every %v", names, every)
	}
}
