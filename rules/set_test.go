package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSet(t *testing.T) {
	t.Parallel()
	s, problems := NewSet([]*Unit{mustParse(t, minimal("B", 1)), mustParse(t, minimal("A", 1))}, nil, 5)
	if len(problems) > 0 || s.Len() != 2 || s.Revision() != 5 {
		t.Fatalf("%d rules, revision %d, %v", s.Len(), s.Revision(), problems)
	}
	if got := found(s, "xAxBx"); got != "A B" {
		t.Errorf("found %q", got)
	}
	if u, ok := s.Unit("A"); !ok || u.ID != "A" {
		t.Error("A is not there")
	}
	if _, ok := s.Unit("C"); ok {
		t.Error("C is there")
	}
	if units := s.Units(); len(units) != 2 || units[0].ID != "A" {
		t.Errorf("units %v", units)
	}
	if rules := s.Rules(); len(rules) != 2 || rules[0].ID != "A" {
		t.Errorf("rules %v", rules)
	}
}

func TestSetHoldsWhatCannotBeUsed(t *testing.T) {
	t.Parallel()
	s, problems := NewSet([]*Unit{using(t, "R1", "nets"), mustParse(t, minimal("R2", 1)), using(t, "R3", "nets")}, nil, 1)
	want := "f:6:38: rule R1: there is no value list \"nets\" (publish it under list/nets)\n" +
		"f:6:38: rule R3: there is no value list \"nets\" (publish it under list/nets)"
	if diff := cmp.Diff(want, problems.Error()); diff != "" {
		t.Error(diff)
	}
	if s.Len() != 1 || found(s, "xR2x") != "R2" {
		t.Errorf("%d rules", s.Len())
	}
	if held := slices.Sorted(maps.Keys(s.Held())); strings.Join(held, " ") != "R1 R3" {
		t.Errorf("held %v", held)
	}
	if _, ok := s.Unit("R1"); !ok {
		t.Error("a held unit is forgotten")
	}

	s, problems = s.With(Change{Put: []*Unit{mustParse(t, "list: nets\nvalues: [evil]")}, Revision: 2})
	if len(problems) > 0 || s.Len() != 3 || found(s, "so evil") != "R1 R3" || s.Revision() != 2 {
		t.Errorf("with the list: %d rules, %v", s.Len(), problems)
	}
	s, _ = s.With(Change{Put: []*Unit{mustParse(t, "list: nets\nlist_version: 2\nvalues: [good]")}, Revision: 3})
	if found(s, "so evil") != "" || found(s, "so good") != "R1 R3" {
		t.Error("a changed list does not change the rules")
	}
	s, _ = s.With(Change{Remove: []string{"list/nets", "R1"}, Revision: 4})
	if s.Len() != 1 || len(s.Held()) != 1 {
		t.Errorf("without the list: %d rules, held %v", s.Len(), s.Held())
	}
}

func TestSetListThatDoesNotFit(t *testing.T) {
	t.Parallel()
	text := strings.Replace(minimal("R1", 1), "command|contains: R1", "cmd.hosts|cidr|expand: '%nets%'", 1)
	s, problems := NewSet([]*Unit{mustParse(t, text), mustParse(t, "list: nets\nvalues: [10.0.0.0/8, nonsense]")}, nil, 1)
	want := `f:6:13: cmd.hosts: "nonsense" is no network: want ADDRESS/BITS`
	if diff := cmp.Diff(want, problems.Error()); diff != "" || s.Len() != 0 {
		t.Error(diff)
	}
}

func TestSetDuplicates(t *testing.T) {
	t.Parallel()
	two := mustParse(t, minimal("C", 1)+"---\n"+minimal("B", 1))
	s, problems := NewSet([]*Unit{two, mustParse(t, minimal("B", 1)), mustParse(t, minimal("D", 1))}, nil, 1)
	want := "f:9:1: rule B is in B already"
	if diff := cmp.Diff(want, problems.Error()); diff != "" || found(s, "BCD") != "B D" {
		t.Errorf("found %s: %s", found(s, "BCD"), diff)
	}
	s, problems = NewSet([]*Unit{mustParse(t, minimal("A", 1)), mustParse(t, minimal("A", 2))}, nil, 1)
	if u, _ := s.Unit("A"); len(problems) != 1 || u.Version != 1 {
		t.Errorf("the first of two units of one id: %v", problems)
	}
	lists := []*Unit{mustParse(t, "list: x\nvalues: [a]"), mustParse(t, minimal("E", 1)+"---\nlist: x\nvalues: [b]")}
	s, problems = NewSet(lists, nil, 1)
	if len(problems) != 1 || s.Len() != 0 {
		t.Errorf("two lists of one name: %v", problems)
	}
}

func TestSetStates(t *testing.T) {
	t.Parallel()
	states := map[string]State{"A": {Mode: Disabled}, "B": {Mode: "asleep"}, "C": {Mode: Clipped, ConfidenceMax: 2}, "Z": {Mode: Disabled}, "E": {Mode: Enabled}}
	s, problems := NewSet([]*Unit{mustParse(t, minimal("A", 1)), mustParse(t, minimal("B", 1))}, states, 1)
	want := "B: state of rule B: unknown mode \"asleep\"; it is disabled\nC: state of rule C: confidence_max 2 is not in [0,1]; it is disabled"
	if diff := cmp.Diff(want, problems.Error()); diff != "" {
		t.Error(diff)
	}
	for id, mode := range map[string]Mode{"A": Disabled, "B": Disabled, "C": Disabled, "Z": Disabled, "E": Enabled, "none": Enabled} {
		if got := s.State(id).Mode; got != mode {
			t.Errorf("%s: %s", id, got)
		}
	}
	again, _ := s.With(Change{States: map[string]*State{"A": nil, "B": {Mode: Clipped, ConfidenceMax: 0.5}}, Revision: 2})
	if again.State("A").Mode != Enabled || again.State("B").ConfidenceMax != 0.5 || s.State("A").Mode != Disabled {
		t.Error("states of a changed set")
	}
	if again.engine != s.engine {
		t.Error("a change of states built a new engine")
	}
}

// A set is the same whichever way it came about.
func TestSetOfChangesIsSetOfUnits(t *testing.T) {
	t.Parallel()
	ids := []string{"A", "B", "C", "list/x", "list/y"}
	unit := func(id string, version int) *Unit {
		switch id {
		case "list/x", "list/y":
			return mustParse(t, fmt.Sprintf("list: %s\nlist_version: %d\nvalues: [v%d]", id[5:], version, version))
		case "C":
			return using(t, "C", "x")
		}
		return mustParse(t, minimal(id, version))
	}
	rapid.Check(t, func(t *rapid.T) {
		s, _ := NewSet(nil, nil, -1)
		units, states := map[string]*Unit{}, map[string]State{}
		for revision := range int64(rapid.IntRange(1, 8).Draw(t, "changes")) {
			change := Change{Revision: revision, States: map[string]*State{}}
			id := rapid.SampledFrom(ids).Draw(t, "id")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				change.Remove = []string{id}
				delete(units, id)
			case 1:
				state := State{Mode: rapid.SampledFrom([]Mode{Enabled, Disabled}).Draw(t, "mode")}
				change.States[id], states[id] = &state, state
			default:
				u := unit(id, rapid.IntRange(1, 3).Draw(t, "version"))
				change.Put = []*Unit{u}
				units[id] = u
			}
			var problems Problems
			s, problems = s.With(change)
			whole, wholeProblems := NewSet(slices.Collect(maps.Values(units)), states, revision)
			if diff := cmp.Diff(wholeProblems.Error(), problems.Error()); diff != "" {
				t.Fatal(diff)
			}
			for _, line := range []string{"A", "B v1", "v2 A B", "v3"} {
				if a, b := found(s, line), found(whole, line); a != b {
					t.Fatalf("%s: %q by changes, %q as a whole", line, a, b)
				}
			}
		}
	})
}

// Readers judge while the set is changed and swapped under them.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	var holder Holder
	s, _ := NewSet([]*Unit{using(t, "R1", "words"), mustParse(t, "list: words\nvalues: [a]")}, nil, 0)
	holder.Swap(s)
	lists := []*Unit{mustParse(t, "list: words\nvalues: [a, b]"), mustParse(t, "list: words\nvalues: [a, c]")}
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			scratch := &Scratch{}
			ev := commandEvent("an a")
			for range 200 {
				if n := len(holder.Load().Judge(ev, scratch)); n != 1 {
					t.Errorf("%d findings", n)
				}
			}
		})
	}
	for revision := range int64(50) {
		s, _ = s.With(Change{Put: []*Unit{lists[revision%2]}, Revision: revision})
		holder.Swap(s)
	}
	readers.Wait()
}
