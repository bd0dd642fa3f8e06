package projectiontest

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
)

// word returns a retraction as the registrar admits it.
func word(sequence int64, change func(*schemas.Retraction)) *schemas.Retraction {
	r := schematest.Retraction(change)
	r.Sequence = sequence
	return r
}

// RetractRule takes the tags of a rule's version back, or gives them again; of
// all its versions when version is 0.
func RetractRule(sequence int64, rule int, version int64, restore bool) *schemas.Retraction {
	return ofRule(sequence, rule, version, restore)
}

// ofRule speaks of a version of a rule; 0 is all of them.
func ofRule(sequence int64, rule int, version int64, restore bool) *schemas.Retraction {
	return word(sequence, func(r *schemas.Retraction) {
		r.RuleID, r.Version, r.Restore = Finding{Rule: rule}.RuleID(), version, restore
	})
}

// ofID speaks of a tag, an attacker or an identity.
func ofID(sequence int64, target string, id uuid.UUID, restore bool) *schemas.Retraction {
	return word(sequence, func(r *schemas.Retraction) {
		*r = schemas.Retraction{Target: target, ID: id, Restore: restore, SetAt: r.SetAt}
	})
}

// A version that is taken back gives way to the one before; given again it is
// current. The word with the highest sequence decides, whatever order words and
// tags come in.
func testRetraction(t *testing.T, fresh New) {
	v1, v2 := Finding{Event: 1, Rule: 1, Version: 1, Step: 70}, Finding{Event: 1, Rule: 1, Version: 2, Step: 80}
	for name, c := range map[string]struct {
		words []*schemas.Retraction
		want  map[string]string
	}{
		"version":       {[]*schemas.Retraction{ofRule(5, 1, 2, false)}, map[string]string{"R0001.1 T1105": "current", "R0001.2 T1105": "retracted"}},
		"old version":   {[]*schemas.Retraction{ofRule(5, 1, 1, false)}, map[string]string{"R0001.1 T1105": "retracted", "R0001.2 T1105": "current"}},
		"rule":          {[]*schemas.Retraction{ofRule(5, 1, 0, false)}, map[string]string{"R0001.1 T1105": "retracted", "R0001.2 T1105": "retracted"}},
		"other rule":    {[]*schemas.Retraction{ofRule(5, 2, 0, false)}, map[string]string{"R0001.1 T1105": "superseded", "R0001.2 T1105": "current"}},
		"undone":        {[]*schemas.Retraction{ofRule(5, 1, 2, false), ofRule(6, 1, 2, true)}, map[string]string{"R0001.1 T1105": "superseded", "R0001.2 T1105": "current"}},
		"redone":        {[]*schemas.Retraction{ofRule(5, 1, 2, false), ofRule(6, 1, 2, true), ofRule(7, 1, 2, false)}, map[string]string{"R0001.1 T1105": "current", "R0001.2 T1105": "retracted"}},
		"tag":           {[]*schemas.Retraction{ofID(5, schemas.TargetTag, v2.Tag(t).UUID, false)}, map[string]string{"R0001.1 T1105": "current", "R0001.2 T1105": "retracted"}},
		"tag undone":    {[]*schemas.Retraction{ofID(5, schemas.TargetTag, v2.Tag(t).UUID, false), ofID(9, schemas.TargetTag, v2.Tag(t).UUID, true)}, map[string]string{"R0001.1 T1105": "superseded", "R0001.2 T1105": "current"}},
		"two targets":   {[]*schemas.Retraction{ofRule(5, 1, 0, false), ofRule(6, 1, 2, false), ofRule(7, 1, 0, true)}, map[string]string{"R0001.1 T1105": "current", "R0001.2 T1105": "retracted"}},
		"all versions":  {[]*schemas.Retraction{ofRule(5, 1, 1, false), ofRule(6, 1, 2, false)}, map[string]string{"R0001.1 T1105": "retracted", "R0001.2 T1105": "retracted"}},
		"not retracted": {[]*schemas.Retraction{ofRule(5, 1, 1, true)}, map[string]string{"R0001.1 T1105": "superseded", "R0001.2 T1105": "current"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var records []any
			for _, w := range c.words {
				records = append(records, w)
			}
			records = append(records, v1.Tag(t), v2.Tag(t))
			var sums map[string]string
			for n, order := range permutations(len(records)) {
				iterate(t, func(tb testing.TB) {
					store := open(tb, fresh)
					log := NewLog(tb, topology.Tagged, 0)
					for _, i := range order {
						if log.Add(records[i]); n%2 == 1 {
							log.Write(store)
						}
					}
					log.Write(store)
					got := Check(t, bounded(tb), store, log)
					if diff := cmp.Diff(c.want, states(tb, store)); diff != "" {
						t.Fatalf("order %v (-want +got):\n%s", order, diff)
					}
					delete(got, "ttp_tag") // has the offsets
					if sums == nil {
						sums = got
					}
					same(t, name, sums, got)
				})
			}
		})
	}
}

// permutations returns all orders of n things.
func permutations(n int) (orders [][]int) {
	if n == 0 {
		return [][]int{{}}
	}
	for _, shorter := range permutations(n - 1) {
		for at := range n {
			orders = append(orders, slices.Insert(slices.Clone(shorter), at, n-1))
		}
	}
	return orders
}

// The bounds of a retraction: versions below, and a range of time whose end is
// not in it.
func testRetractionBounds(t *testing.T, fresh New) {
	log := NewLog(t, topology.Tagged, 0)
	for event := range 6 {
		log.Find(Finding{Event: event, Rule: 1, Version: int64(1 + event%2), Step: 60}, Finding{Event: event, Rule: 2, Version: 5, Step: 60})
	}
	log.Add(word(1, func(r *schemas.Retraction) { r.RuleID, r.Version, r.Below = "R0001", 0, 2 }))
	log.Add(word(2, func(r *schemas.Retraction) {
		r.RuleID, r.Version, r.From, r.To = "R0002", 0, Finding{Event: 1}.Time(), Finding{Event: 3}.Time()
	}))
	store := open(t, fresh)
	log.Write(store)
	Check(t, bounded(t), store, log)
	page, err := store.Tags(bounded(t), projections.TagQuery{Rule: "R0002", OldestFirst: true})
	if err != nil || len(page.Items) != 4 || !page.Items[1].Time().Equal(Finding{Event: 3}.Time()) {
		t.Errorf("%d tags of R0002 left, %v", len(page.Items), err)
	}
}

// A retraction of more tags than are taken up at once, and its undo.
func testLargeRetraction(t *testing.T, fresh New) {
	const many = 5_000
	log := NewLog(t, topology.Tagged, 0)
	for event := range many {
		log.Find(Finding{Event: event, Rule: 1, Version: 1, Technique: event % 4, Step: 30 + event%60})
		if event%10 == 0 {
			log.Find(Finding{Event: event, Rule: 1, Version: 2, Technique: event % 4, Step: 70}, Finding{Event: event, Rule: 2, Version: 1, Step: 90})
		}
	}
	store := open(t, fresh)
	log.Write(store)
	before := Check(t, bounded(t), store, log)
	log.Add(ofRule(1, 1, 1, false)).Write(store)
	Check(t, bounded(t), store, log)
	log.Add(ofRule(2, 1, 0, false)).Write(store)
	Check(t, bounded(t), store, log)
	log.Add(ofRule(3, 1, 0, true)).Add(ofRule(4, 1, 1, true)).Write(store)
	after := Check(t, bounded(t), store, log)
	delete(before, "retraction")
	delete(after, "retraction")
	same(t, "after the undo", before, after)
}

// A purge deletes, and nothing comes back while it is in force.
func testPurge(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	identity := uuid.New()
	byIdentity := func(tag *schemas.Tag) { tag.AttackerUUID, tag.IdentityUUID = uuid.Nil, identity }
	log := NewLog(t, topology.Tagged, 0)
	for event := range 30 {
		log.Find(Finding{Event: event, Step: 60}, Finding{Event: event, Step: 70, Version: 2})
	}
	log.Add(Finding{Event: 1, Rule: 9, Step: 60}.Tag(t, byIdentity))
	log.Write(store)
	gone := Finding{Event: 1}.Attacker()
	log.Add(ofID(1, schemas.TargetAttacker, gone, false)).Add(ofID(2, schemas.TargetIdentity, identity, false))
	log.Find(Finding{Event: 1, Rule: 3, Step: 80}).Add(Finding{Event: 2, Rule: 9, Step: 60}.Tag(t, byIdentity))
	log.Write(store)
	Check(t, ctx, store, log)
	left := must[[]projections.TechniqueRollup](t)(store.AttackerTechniques(ctx, gone, 0))
	if p := must[[]projections.Position](t)(store.Positions(ctx))[0]; p.Purged != 2 || len(left) != 0 {
		t.Errorf("counted %+v, left %v", p, left)
	}
	// Giving it again lets new tags in; what was deleted stays deleted.
	log.Add(ofID(3, schemas.TargetAttacker, gone, true)).Find(Finding{Event: 6, Rule: 3, Step: 80})
	log.Write(store)
	left = must[[]projections.TechniqueRollup](t)(store.AttackerTechniques(ctx, gone, 0))
	if len(left) != 1 || left[0].Tags != 1 {
		t.Errorf("after giving again: %v", left)
	}
	if audit := must[*projections.Audit](t)(store.Audit(ctx)); len(audit.Differences) > 0 {
		t.Errorf("a recount disagrees: %v", audit.Differences)
	}
}
