package window

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// monotone are the types that can be live, anything all of them.
var (
	monotone    = []Type{EventCount, ValueCount, Temporal, TemporalOrdered}
	atLeast     = []string{"gte", "gt"}
	allOps      = []string{"gte", "gt", "lt", "lte", "eq", "neq"}
	mostMatches = 24
)

func sorted(hits []Hit) []Hit {
	hits = slices.Clone(hits)
	slices.SortFunc(hits, compareHits)
	return hits
}

// Whatever the order in which matches arrive, and however often, the hits are
// those of the definition, each reported once.
func TestEvaluatorIsTheDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := genSpec(t, monotone, atLeast)
		e, err := New(spec)
		if err != nil {
			t.Fatal(err)
		}
		matches := genMatches(t, spec, mostMatches)
		want := define(spec, matches)
		arrivals := rapid.Permutation(slices.Concat(matches, matches[:len(matches)/3])).Draw(t, "arrivals")
		var hits []Hit
		state := &State{}
		for _, m := range arrivals {
			hits = e.Add(state, m, hits)
			if rapid.IntRange(0, 9).Draw(t, "stored") == 0 {
				state = stored(t, state)
			}
		}
		if got := sorted(hits); !slices.Equal(got, want) {
			t.Fatalf("%s\n%v\ngot  %v\nwant %v", spec.Encode(), arrivals, got, want)
		}
		for _, b := range state.Buckets {
			if n, _ := spec.need(); e.kind != whole && (len(b.Events) > n || len(b.Ranges) > max(n, spec.Rules)) {
				t.Fatalf("a bucket holds %d events and %d values where %d are needed", len(b.Events), len(b.Ranges), n)
			}
		}
	})
}

// stored returns a state as it comes back from a table.
func stored(t *rapid.T, s *State) *State {
	text := s.Append(nil)
	back, err := DecodeState(text)
	if err != nil {
		t.Fatal(err)
	}
	if again := back.Append(nil); string(again) != string(text) {
		t.Fatalf("%x came back as %x", text, again)
	}
	return back
}

// Two states of the same group that saw a part each are, merged, the state of
// one that saw all.
func TestMerge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := genSpec(t, monotone, atLeast)
		e, err := New(spec)
		if err != nil {
			t.Fatal(err)
		}
		matches := genMatches(t, spec, mostMatches)
		var hits []Hit
		states := []*State{{}, {}}
		for _, m := range matches {
			for which := range 2 {
				if rapid.Bool().Draw(t, "seen") || which == 1 && rapid.Bool().Draw(t, "other") {
					hits = e.Add(states[which], m, hits)
				}
			}
		}
		// What neither saw comes to the merged state.
		hits = e.Merge(states[0], states[1], hits)
		for _, m := range matches {
			hits = e.Add(states[0], m, hits)
		}
		if got, want := slices.Compact(sorted(hits)), define(spec, matches); !slices.Equal(got, want) {
			t.Fatalf("%s\n%v\ngot  %v\nwant %v", spec.Encode(), matches, got, want)
		}
	})
}

// Over finite input every type is as defined, and those that can be live are
// what they are live.
func TestEvaluateIsTheDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := genSpec(t, Types(), allOps)
		matches := genMatches(t, spec, mostMatches)
		got, err := Evaluate(spec, rapid.Permutation(matches).Draw(t, "order"))
		if err != nil {
			t.Fatal(err)
		}
		if want := define(spec, matches); !slices.Equal(got, want) {
			t.Fatalf("%s\n%v\ngot  %v\nwant %v", spec.Encode(), matches, got, want)
		}
	})
}

func FuzzDecodeState(f *testing.F) {
	e, err := New(&Spec{Type: ValueCount, Timespan: time.Second, Rules: 1, Bounds: []Bound{{"gte", 3}}})
	if err != nil {
		f.Fatal(err)
	}
	s := &State{}
	for i := range 5 {
		e.Add(s, Match{Time: int64(i) * 300, ID: [16]byte{byte(i)}, Value: strings.Repeat("x", i)}, nil)
	}
	f.Add(s.Append(nil))
	f.Add([]byte{1, 0})
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := DecodeState(text)
		if err != nil {
			return
		}
		back, err := DecodeState(s.Append(nil))
		if err != nil || string(back.Append(nil)) != string(s.Append(nil)) {
			t.Fatalf("%x: %v", text, err)
		}
	})
}
