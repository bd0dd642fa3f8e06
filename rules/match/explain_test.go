package match

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Every part that is explained comes out as Holds says.
func TestExplainIsHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e, ev := genExpr(t, 3), genEvent(t)
		got := Explain(e, ev)
		if got.Holds != Holds(e, ev) || got.Root.Holds != got.Holds && got.Holds {
			t.Fatalf("explained %v, root %v, holds %v", got.Holds, got.Root.Holds, Holds(e, ev))
		}
		if !got.Holds && got.Root.Holds {
			t.Fatal("holds in a scope and in none")
		}
		one := &Event{Base: ev.Base}
		if got.Scope >= 0 {
			one.Scopes = ev.Scopes[got.Scope : got.Scope+1]
		}
		checkExplained(t, e, one, got.Root)
		if !Equal(e, e) {
			t.Fatal("not equal to itself")
		}
	})
}

func checkExplained(t *rapid.T, e Expr, ev *Event, got Explained) {
	if got.Holds != Holds(e, ev) {
		t.Fatalf("%+v, holds %v", got, Holds(e, ev))
	}
	var parts []Expr
	switch e := e.(type) {
	case And:
		parts = e
	case Or:
		parts = e
	case Not:
		parts = []Expr{e.Expr}
	}
	for i, part := range parts {
		checkExplained(t, part, ev, got.Parts[i])
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	ev := &Event{Secrets: []string{"hunter2hunter2"}}
	ev.Base.Add("command", "id; su -p hunter2hunter2")
	ev.NewScope().Add("cmd.name", "id")
	second := ev.NewScope()
	second.Add("cmd.name", "su")
	second.AddAll("cmd.args", []string{"-p", "hunter2hunter2"})
	second.AddNull("cmd.urls")
	got := Explain(And{is("cmd.name", "su"), is("cmd.args", "*2h*"), Not{is("cmd.urls", "x")}, Exists("cmd.hosts"), Refers("cmd.name", "command", OpEquals, false)}, ev)
	want := Explanation{Scope: 1, Scopes: 2, Root: Explained{Kind: "and", Parts: []Explained{
		{Kind: "test", Holds: true, Field: "cmd.name", Test: "equals", Want: "su", Why: "found", Found: []string{"su"}},
		{Kind: "test", Holds: true, Field: "cmd.args", Test: "contains", Want: "***", Why: "found", Found: []string{"***"}},
		{Kind: "not", Holds: true, Parts: []Explained{{Kind: "test", Field: "cmd.urls", Test: "equals", Want: "x", Why: "the field has no value"}}},
		{Kind: "test", Field: "cmd.hosts", Test: "exists", Why: "the field is not there"},
		{Kind: "test", Field: "cmd.name", Test: "equals field", Want: "command (id; su -p ***)", Found: []string{"su"}},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestExplainedValuesAreBounded(t *testing.T) {
	t.Parallel()
	ev := &Event{}
	for range 20 {
		ev.Base.Add("f", strings.Repeat("a", 1000))
	}
	got := Explain(is("f", "x"), ev).Root
	if len(got.Found) != MaxFound || len(got.Found[0]) > MaxHitBytes || got.Why != "the first 8 of 20 values" {
		t.Errorf("%d values, %q", len(got.Found), got.Why)
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	same := func() Expr { return Or{And{is("a", "x*y"), Not{Null("b")}}, Refers("a", "b", OpEquals, true)} }
	if !Equal(same(), same()) {
		t.Error("two of a kind differ")
	}
	for i, other := range []Expr{nil, is("a", "x"), And{}, Or{And{is("a", "x*z"), Not{Null("b")}}, Refers("a", "b", OpEquals, true)}, Or{same()}} {
		if Equal(same(), other) {
			t.Errorf("%d is the same", i)
		}
	}
}
