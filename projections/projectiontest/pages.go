package projectiontest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

// Pages put together are the whole answer, once and in order, whatever their
// size.
func testPages(t *testing.T, fresh New) {
	store := open(t, fresh)
	all := found(t, store, 120)
	// Some at the same time: order then is by row, and stays.
	same := NewLog(t, topology.Tagged, 7)
	for rule := range 5 {
		same.Find(Finding{Event: 3, Rule: 10 + rule, Step: 50})
	}
	same.Write(store)
	for rule := range 5 {
		all = append(all, Finding{Event: 3, Rule: 10 + rule, Step: 50})
	}
	one := Finding{Event: 3}
	for name, q := range map[string]struct {
		projections.TagQuery
		keep func(Finding) bool
	}{
		"session":   {projections.TagQuery{Session: one.Session()}, func(f Finding) bool { return f.Session() == one.Session() }},
		"attacker":  {projections.TagQuery{Attacker: one.Attacker()}, func(f Finding) bool { return f.Attacker() == one.Attacker() }},
		"both":      {projections.TagQuery{Attacker: one.Attacker(), Technique: "T1105"}, func(f Finding) bool { return f.Attacker() == one.Attacker() && f.Technique == 0 }},
		"technique": {projections.TagQuery{Technique: "T1059"}, func(f Finding) bool { return f.Technique != 0 }},
		"sub":       {projections.TagQuery{Technique: "T1059.004"}, func(f Finding) bool { return f.Technique == 1 || f.Technique == 3 }},
		"rule":      {projections.TagQuery{Rule: "R0002"}, func(f Finding) bool { return f.Rule == 2 }},
	} {
		for _, floor := range []float64{0, 0.6} {
			for _, oldest := range []bool{false, true} {
				for _, limit := range []int{1, 3, 0} {
					q.Floor, q.OldestFirst, q.Limit = floor, oldest, limit
					checkPages(t, name, store, q.TagQuery, wantPages(t, all, q.keep, floor))
				}
			}
		}
	}
	checkAttackerPages(t, store, all)
}

// wantPages returns the ids, oldest first; equal times are in any order.
func wantPages(t *testing.T, all []Finding, keep func(Finding) bool, floor float64) map[uuid.UUID]int64 {
	want := make(map[uuid.UUID]int64)
	for _, f := range all {
		if keep(f) && f.Step >= projections.StepOf(floor) {
			want[f.Tag(t).UUID] = f.Time().UnixNano()
		}
	}
	return want
}

func checkPages(t *testing.T, name string, store projections.Store, q projections.TagQuery, want map[uuid.UUID]int64) {
	t.Helper()
	what := fmt.Sprintf("%s at %v by %d, oldest first %v", name, q.Floor, q.Limit, q.OldestFirst)
	got := make(map[uuid.UUID]int64)
	var times []int64
	for pages := 0; ; pages++ {
		page := must[projections.Page[*projections.TagRow]](t)(store.Tags(bounded(t), q))
		if q.Limit > 0 && len(page.Items) > q.Limit || pages > len(want)+1 {
			t.Fatalf("%s: a page of %d, the %dth", what, len(page.Items), pages)
		}
		for _, tag := range page.Items {
			got[tag.UUID] = tag.CreatedAt
			times = append(times, tag.CreatedAt)
		}
		if page.Next == "" {
			break
		}
		q.After = page.Next
	}
	order := func(a, b int64) int {
		if q.OldestFirst {
			return cmp.Compare(a, b)
		}
		return cmp.Compare(b, a)
	}
	if len(times) != len(want) || fmt.Sprint(got) != fmt.Sprint(want) || !slices.IsSortedFunc(times, order) {
		t.Errorf("%s: %d tags, want %d, in order %v", what, len(times), len(want), slices.IsSortedFunc(times, order))
	}
}

func checkAttackerPages(t *testing.T, store projections.Store, all []Finding) {
	t.Helper()
	last := make(map[uuid.UUID]int64)
	for _, f := range all {
		last[f.Attacker()] = max(last[f.Attacker()], f.Time().UnixNano())
	}
	for limit := 1; limit <= attackers+1; limit++ {
		var got []uuid.UUID
		q := projections.PageQuery{Limit: limit, Floor: 0.3}
		for {
			page := must[projections.Page[projections.AttackerRollup]](t)(store.Attackers(bounded(t), q))
			for _, a := range page.Items {
				got = append(got, a.AttackerUUID)
				if a.LastSeen.UnixNano() != last[a.AttackerUUID] || a.Techniques == 0 || a.Tags == 0 || a.Sensors == 0 {
					t.Errorf("attacker %+v", a)
				}
			}
			if q.After = page.Next; page.Next == "" {
				break
			}
		}
		sorted := slices.IsSortedFunc(got, func(a, b uuid.UUID) int { return cmp.Compare(last[b], last[a]) })
		if len(got) != attackers || !sorted {
			t.Errorf("by %d: %d attackers, in order %v", limit, len(got), sorted)
		}
	}
	page := must[projections.Page[projections.AttackerRollup]](t)(store.Attackers(bounded(t), projections.PageQuery{Floor: 1}))
	for _, a := range page.Items {
		if a.MaxConfidence < 1 {
			t.Errorf("below the floor: %+v", a)
		}
	}
}
