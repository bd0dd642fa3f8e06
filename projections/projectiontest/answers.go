package projectiontest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

// found is a ledger of many findings in three partitions.
func found(t *testing.T, store projections.Store, n int) []Finding {
	t.Helper()
	var all []Finding
	for event := range n {
		all = append(all, Finding{Event: event, Rule: 1 + event%2, Technique: event % 4, Step: 30 + event*7%71})
	}
	for partition := range int32(3) {
		log := NewLog(t, topology.Tagged, partition)
		for _, f := range all {
			if f.Partition(3) == partition {
				log.Find(f)
			}
		}
		log.Write(store)
	}
	return all
}

// Rollups are what one counts by hand, at any floor.
func testRollups(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	all := found(t, store, 200)
	for _, floor := range []float64{0, 0.3, 0.6, 0.61, 1} {
		spell := func(what string, rollups []projections.TechniqueRollup, err error, keep func(Finding) bool, sensors bool) {
			t.Helper()
			got := make(map[string]string)
			for _, r := range rollups {
				if !sensors && r.Sensors != 0 {
					t.Errorf("%s: sensors are not kept, and there are %d", what, r.Sensors)
				}
				r.Sensors *= int64(b2i(sensors))
				got[r.Tactic+" "+r.TechniqueID+" "+r.SubTechniqueID] = spelled(r.Rollup)
			}
			want := countByHand(all, floor, keep, sensors)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s at %v: %v\ngot  %v\nwant %v", what, floor, err, got, want)
			}
		}
		rollups, err := store.Techniques(ctx, floor)
		spell("all", rollups, err, func(Finding) bool { return true }, true)
		if !slices.IsSortedFunc(rollups, func(a, b projections.TechniqueRollup) int { return cmp.Compare(b.Tags, a.Tags) }) {
			t.Errorf("not in order: %+v", rollups)
		}
		one := Finding{Event: 2}
		rollups, err = store.AttackerTechniques(ctx, one.Attacker(), floor)
		spell("attacker", rollups, err, func(f Finding) bool { return f.Attacker() == one.Attacker() }, true)
		rollups, err = store.SessionTechniques(ctx, one.Session(), floor)
		spell("session", rollups, err, func(f Finding) bool { return f.Session() == one.Session() }, false)
		checkDays(t, store, all, floor)
		for _, r := range must[projections.Page[projections.RuleSummary]](t)(store.Rules(ctx, projections.PageQuery{Floor: floor})).Items {
			t.Errorf("no rule was published, and there is %+v", r)
		}
	}
}

func checkDays(t *testing.T, store projections.Store, all []Finding, floor float64) {
	t.Helper()
	from, to := all[0].Time().AddDate(0, 0, 3).Format("2006-01-02"), all[0].Time().AddDate(0, 0, 20).Format("2006-01-02")
	days := must[[]projections.DayRollup](t)(store.Days(bounded(t), from, to, floor))
	got, want := make(map[string]int64), make(map[string]int64)
	for _, d := range days {
		got[d.Day+d.Tactic] = d.Tags
		if d.Sensors < 1 || d.Sensors > 3 || d.FirstSeen.Format("2006-01-02") != d.Day {
			t.Errorf("day %+v", d)
		}
	}
	for _, f := range all {
		if day := f.Time().Format("2006-01-02"); day >= from && day <= to && f.Step >= projections.StepOf(floor) {
			want[day+techniques[f.Technique].tactic]++
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("days at %v:\ngot  %v\nwant %v", floor, got, want)
	}
}

func countByHand(all []Finding, floor float64, keep func(Finding) bool, sensors bool) map[string]string {
	sums := make(map[string]projections.Rollup)
	steps, seen := make(map[string]map[int]int64), make(map[string]map[string]bool)
	for _, f := range all {
		if !keep(f) || f.Step < projections.StepOf(floor) {
			continue
		}
		k := techniques[f.Technique]
		key := k.tactic + " " + k.technique + " " + k.sub
		r, known := sums[key]
		if !known {
			steps[key], seen[key] = make(map[int]int64), make(map[string]bool)
			r.FirstSeen = f.Time()
		}
		r.Tags++
		r.MaxConfidence = max(r.MaxConfidence, float64(f.Step)/100)
		r.LastSeen = f.Time() // events are in order
		steps[key][f.Step]++
		seen[key][f.Sensor()] = true
		sums[key] = r
	}
	spell := make(map[string]string)
	for key, r := range sums {
		r.CombinedConfidence, r.Sensors = projections.Combined(steps[key]), int64(len(seen[key])*b2i(sensors))
		spell[key] = spelled(r)
	}
	return spell
}

func spelled(r projections.Rollup) string {
	return fmt.Sprintf("%d %.2f %.2f %s %s %d", r.Tags, r.MaxConfidence, r.CombinedConfidence, r.FirstSeen, r.LastSeen, r.Sensors)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Questions that make no sense are refused by name and not answered.
func testBadQuestions(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	found(t, store, 10)
	tags := func(q projections.TagQuery) error {
		_, err := store.Tags(ctx, q)
		return err
	}
	page := func(q projections.PageQuery) error {
		_, err := store.Attackers(ctx, q)
		return err
	}
	_, errFloor := store.Techniques(ctx, 1.5)
	_, errDay := store.Days(ctx, "yesterday", "2026-01-01", 0)
	_, errDays := store.Days(ctx, "2020-01-01", "2026-01-01", 0)
	for what, err := range map[string]error{
		"floor": errFloor, "day": errDay, "too many days": errDays,
		"tags of nothing": tags(projections.TagQuery{}), "tags of two": tags(projections.TagQuery{Session: "s", Rule: "r"}),
		"limit":        page(projections.PageQuery{Limit: projections.MaxPage + 1}),
		"cursor":       page(projections.PageQuery{After: "!"}),
		"other cursor": page(projections.PageQuery{After: must[projections.Page[*projections.TagRow]](t)(store.Tags(ctx, projections.TagQuery{Rule: "R0001", PageQuery: projections.PageQuery{Limit: 1}})).Next}),
	} {
		if !errors.Is(err, projections.ErrQuery) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := must[[]projections.TechniqueRollup](t)(store.AttackerTechniques(ctx, uuid.Nil, 0)); len(got) != 0 {
		t.Errorf("of no attacker: %v", got)
	}
}
