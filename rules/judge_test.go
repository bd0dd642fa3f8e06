package rules

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	s, problems := NewSet([]*Unit{mustParse(t, suidSearch), mustParse(t, minimal("R1", 1))}, nil, 1)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	ev := commandEvent("R1; find / -perm -4000")
	ev.NewScope().Add("cmd.name", "R1")
	scope := ev.NewScope()
	scope.Add("cmd.name", "find")
	scope.AddAll("cmd.args", []string{"/", "-perm", "-4000"})
	var got []string
	for _, f := range s.Judge(ev, &Scratch{}) {
		var hits []string
		for _, h := range f.Hits {
			hits = append(hits, h.Field+"="+h.Value)
		}
		got = append(got, fmt.Sprintf("%s %s %.2f %q %s", f.Rule.ID, f.Emit.ID(), f.Confidence, f.Suppressed, strings.Join(hits, " ")))
	}
	want := []string{
		`R0015 T1083 0.85 "" cmd.name=find cmd.args=-4000`,
		`R0015 T1548.001 0.95 "" cmd.name=find cmd.args=-4000`,
		`R1 T1083 0.80 "" command=R1`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := s.Judge(&match.Event{SourceKind: schemas.KindSession}, &Scratch{}); got != nil {
		t.Errorf("findings in another kind: %v", got)
	}
}

func TestConfidence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		confidence, weight float64
		state              State
		want               float64
		suppressed         string
	}{
		{0.85, 0, State{}, 0.85, ""},
		{0.85, 1, State{Mode: Enabled}, 0.85, ""},
		{0.85, 0.5, State{}, 0.43, ""},
		{0.3, 1, State{}, 0.3, ""},
		{0.29, 1, State{}, 0.29, schemas.SuppressedFloor},
		{0.6, 0.5, State{}, 0.3, ""},
		{0.6, 0.49, State{}, 0.29, schemas.SuppressedFloor},
		{0.85, 7, State{}, 0.85, ""},
		{0.85, -1, State{}, 0, schemas.SuppressedFloor},
		{0.85, math.NaN(), State{}, 0, schemas.SuppressedFloor},
		{0.85, 1, State{Mode: Disabled}, 0.85, schemas.SuppressedDisabled},
		{0.2, 1, State{Mode: Disabled}, 0.2, schemas.SuppressedDisabled},
		{0.85, 1, State{Mode: Clipped, ConfidenceMax: 0.5}, 0.5, ""},
		{0.85, 1, State{Mode: Clipped, ConfidenceMax: 0.555}, 0.55, ""},
		{0.85, 1, State{Mode: Clipped, ConfidenceMax: 0.29}, 0.29, schemas.SuppressedClipped},
		{0.85, 1, State{Mode: Clipped, ConfidenceMax: 0.9}, 0.85, ""},
		{0.85, 0.3, State{Mode: Clipped, ConfidenceMax: 0.2}, 0.2, schemas.SuppressedFloor},
		{0.85, 1, State{Mode: Clipped}, 0, schemas.SuppressedClipped},
	} {
		got, suppressed := c.state.judge(Emit{Confidence: c.confidence}, weightOf(c.weight))
		if got != c.want || suppressed != c.suppressed {
			t.Errorf("%v × %v under %+v: %v %q, want %v %q", c.confidence, c.weight, c.state, got, suppressed, c.want, c.suppressed)
		}
	}
}

func TestJudgeSuppresses(t *testing.T) {
	t.Parallel()
	states := map[string]State{"A": {Mode: Disabled}, "B": {Mode: Clipped, ConfidenceMax: 0.4}}
	s, _ := NewSet([]*Unit{mustParse(t, minimal("A", 1)), mustParse(t, minimal("B", 1)), mustParse(t, minimal("C", 1))}, states, 1)
	ev := commandEvent("ABC")
	ev.Weight = 0.9
	var got []string
	for _, f := range s.Judge(ev, &Scratch{}) {
		got = append(got, fmt.Sprintf("%s %.2f %s", f.Rule.ID, f.Confidence, f.Suppressed))
	}
	if diff := cmp.Diff([]string{"A 0.72 disabled", "B 0.40 ", "C 0.72 "}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFailuresNameRules(t *testing.T) {
	t.Parallel()
	s, _ := NewSet([]*Unit{mustParse(t, minimal("A", 1)), mustParse(t, minimal("B", 1))}, nil, 1)
	got := s.failures(nil, []match.Failure{{Condition: 1, Reason: "x"}, {Condition: -1, Reason: "y"}})
	if diff := cmp.Diff([]Failure{{"B", "x"}, {"", "y"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoFindingDoesNotAllocate(t *testing.T) {
	s, _ := NewSet([]*Unit{mustParse(t, suidSearch), mustParse(t, minimal("R1", 1))}, nil, 1)
	ev, scratch := commandEvent("ls -la"), &Scratch{}
	if n := testing.AllocsPerRun(100, func() { s.Judge(ev, scratch) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestHolder(t *testing.T) {
	t.Parallel()
	var h Holder
	if s := h.Load(); s.Len() != 0 || s.Revision() != -1 || s.Judge(commandEvent("x"), &Scratch{}) != nil {
		t.Error("an empty holder does not hold the empty set")
	}
	first, _ := NewSet([]*Unit{mustParse(t, minimal("A", 1))}, nil, 1)
	if before := h.Swap(first); before.Revision() != -1 || h.Load() != first {
		t.Error("the first swap")
	}
	if before := h.Swap(nil); before != first || h.Load().Len() != 0 {
		t.Error("the second swap")
	}
}
