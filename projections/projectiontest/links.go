package projectiontest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
)

// links builds attacker.identity.
type links struct{ *Log }

func newLinks(tb testing.TB) links { return links{NewLog(tb, topology.AttackerIdentity, 0)} }

// link says to whom an attacker belongs; the nil identity is to nobody.
func (l links) link(attacker, identity, campaign uuid.UUID) links {
	l.tb.Helper()
	var raw []byte
	if identity != uuid.Nil {
		var err error
		raw, err = schemas.EncodeJSON(&schemas.IdentityLink{
			AttackerUUID: attacker, IdentityUUID: identity, CampaignUUID: campaign, Confidence: 0.9, LinkedAt: schematest.Time,
		})
		if err != nil {
			l.tb.Fatal(err)
		}
	}
	l.AddKeyed(attacker.String(), raw)
	return l
}

// Links count whenever they come: late, merging, splitting and taken back. The
// rollup of an identity or a campaign is that of its tags counted by hand.
func testLinks(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	all := found(t, store, 100)
	who := func(event int) uuid.UUID { return Finding{Event: event}.Attacker() }
	a, b := schematest.ID("identity a"), schematest.ID("identity b")
	x, y := schematest.ID("campaign x"), schematest.ID("campaign y")
	log := newLinks(t)
	for _, step := range []struct {
		what string
		do   func()
		want map[uuid.UUID][]int // identity or campaign to attackers
	}{
		{"nothing", func() {}, nil},
		{"late", func() { log.link(who(0), a, uuid.Nil) }, map[uuid.UUID][]int{a: {0}}},
		{"more", func() { log.link(who(1), a, x).link(who(2), b, x) }, map[uuid.UUID][]int{a: {0, 1}, b: {2}, x: {1, 2}}},
		{"merged", func() { log.link(who(2), a, x) }, map[uuid.UUID][]int{a: {0, 1, 2}, x: {1, 2}}},
		{"split", func() { log.link(who(0), b, y).link(who(1), b, uuid.Nil) }, map[uuid.UUID][]int{a: {2}, b: {0, 1}, x: {2}, y: {0}}},
		{"taken back", func() { log.link(who(2), uuid.Nil, uuid.Nil).link(who(3), uuid.Nil, uuid.Nil) }, map[uuid.UUID][]int{b: {0, 1}, y: {0}}},
	} {
		step.do()
		log.Write(store)
		for _, floor := range []float64{0, 0.6} {
			for id, ask := range map[uuid.UUID]func() ([]projections.TechniqueRollup, error){
				a: func() ([]projections.TechniqueRollup, error) { return store.IdentityTechniques(ctx, a, floor) },
				b: func() ([]projections.TechniqueRollup, error) { return store.IdentityTechniques(ctx, b, floor) },
				x: func() ([]projections.TechniqueRollup, error) { return store.CampaignTechniques(ctx, x, floor) },
				y: func() ([]projections.TechniqueRollup, error) { return store.CampaignTechniques(ctx, y, floor) },
			} {
				want := countByHand(all, floor, func(f Finding) bool {
					return slices.ContainsFunc(step.want[id], func(event int) bool { return who(event) == f.Attacker() })
				}, true)
				got := make(map[string]string)
				for _, r := range must[[]projections.TechniqueRollup](t)(ask()) {
					got[r.Tactic+" "+r.TechniqueID+" "+r.SubTechniqueID] = spelled(r.Rollup)
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s, at %v:\ngot  %v\nwant %v", step.what, floor, got, want)
				}
			}
		}
	}
	one := all[slices.IndexFunc(all, func(f Finding) bool { return f.Attacker() == who(0) && f.Step >= 30 })]
	detail := must[*projections.TagDetail](t)(store.Tag(ctx, one.Tag(t).UUID))
	if want := (projections.Link{Attacker: who(0), Identity: b, Campaign: y}); detail.Link == nil || *detail.Link != want {
		t.Errorf("the tag's link is %+v, want %+v", detail.Link, want)
	}
	checkLinkPages(t, store, who(0), who(1), b, y)
}

func checkLinkPages(t *testing.T, store projections.Store, first, second, identity, campaign uuid.UUID) {
	t.Helper()
	for _, c := range []struct {
		q    projections.LinkQuery
		want []uuid.UUID
	}{
		{projections.LinkQuery{PageQuery: projections.PageQuery{Limit: 1}}, []uuid.UUID{first, second}},
		{projections.LinkQuery{Identity: identity}, []uuid.UUID{first, second}},
		{projections.LinkQuery{Campaign: campaign}, []uuid.UUID{first}},
		{projections.LinkQuery{Identity: campaign}, nil},
	} {
		var got []uuid.UUID
		for {
			page := must[projections.Page[projections.Link]](t)(store.Links(bounded(t), c.q))
			for _, link := range page.Items {
				got = append(got, link.Attacker)
			}
			if c.q.After = page.Next; page.Next == "" {
				break
			}
		}
		slices.SortFunc(c.want, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("links of %+v: %v, want %v", c.q, got, c.want)
		}
	}
}

// Tags that have an identity alone count with it, and with the campaigns that
// it is linked to; retracted they do not.
func testIdentityAlone(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	identity, campaign := schematest.ID("identity"), schematest.ID("campaign")
	log := NewLog(t, topology.Tagged, 0).Find(Finding{Event: 0, Step: 60})
	for event := 1; event < 5; event++ {
		log.Add(Finding{Event: event, Rule: 2, Step: 60}.Tag(t, func(tag *schemas.Tag) {
			tag.AttackerUUID, tag.IdentityUUID = uuid.Nil, identity
		}))
	}
	log.Write(store)
	ask := func() (tags [2]int64) {
		for i, rollups := range [][]projections.TechniqueRollup{
			must[[]projections.TechniqueRollup](t)(store.IdentityTechniques(ctx, identity, 0)),
			must[[]projections.TechniqueRollup](t)(store.CampaignTechniques(ctx, campaign, 0)),
		} {
			for _, r := range rollups {
				tags[i] += r.Tags
			}
		}
		return tags
	}
	if got := ask(); got != [2]int64{4, 0} {
		t.Errorf("by identity and campaign before the link: %v", got)
	}
	newLinks(t).link(Finding{Event: 0}.Attacker(), identity, campaign).Write(store)
	if got := ask(); got != [2]int64{5, 5} {
		t.Errorf("after it: %v", got)
	}
	log.Add(ofID(1, schemas.TargetTag, log.entries[4].Tag.UUID, false)).Write(store)
	Check(t, ctx, store, log)
	if got := ask(); got != [2]int64{4, 4} {
		t.Errorf("after a retraction: %v", got)
	}
	log.Add(ofRule(2, 2, 0, false)).Write(store)
	Check(t, ctx, store, log)
	if got := ask(); got != [2]int64{1, 1} {
		t.Errorf("after another: %v", got)
	}
}

// Tactics are sums of techniques, and sensors see what their tags say.
func testTacticsAndSensors(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	all := found(t, store, 150)
	for _, floor := range []float64{0, 0.6} {
		want := make(map[string]int64)
		for _, f := range all {
			if f.Step >= max(30, projections.StepOf(floor)) {
				want[techniques[f.Technique].tactic]++
			}
		}
		got := make(map[string]int64)
		for _, r := range must[[]projections.TacticRollup](t)(store.Tactics(ctx, floor)) {
			got[r.Tactic] = r.Tags
			if r.Sensors != 3 || r.MaxConfidence < 0.9 || r.CombinedConfidence < r.MaxConfidence-0.01 || !r.FirstSeen.Before(r.LastSeen) {
				t.Errorf("tactic %+v", r)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("tactics at %v: %v, want %v", floor, got, want)
		}
		for _, sensor := range []string{"sensor-0", "sensor-2", "no-such"} {
			want := countByHand(all, floor, func(f Finding) bool { return f.Sensor() == sensor }, true)
			got := make(map[string]string)
			for _, r := range must[[]projections.TechniqueRollup](t)(store.SensorTechniques(ctx, sensor, floor)) {
				got[r.Tactic+" "+r.TechniqueID+" "+r.SubTechniqueID] = spelled(r.Rollup)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s at %v:\ngot  %v\nwant %v", sensor, floor, got, want)
			}
		}
	}
}
