package projectiontest

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// An empty store answers with empty slices.
func testEmptyStore(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	empty := func(what string, n int, isNil bool, err error) {
		t.Helper()
		if err != nil || n != 0 || isNil {
			t.Errorf("%s: %d items, nil %v, error %v", what, n, isNil, err)
		}
	}
	techniques, err := store.Techniques(ctx, 0)
	empty("techniques", len(techniques), techniques == nil, err)
	techniques, err = store.AttackerTechniques(ctx, uuid.New(), 0)
	empty("techniques of an attacker", len(techniques), techniques == nil, err)
	techniques, err = store.SessionTechniques(ctx, "s", 0)
	empty("techniques of a session", len(techniques), techniques == nil, err)
	techniques, err = store.IdentityTechniques(ctx, uuid.New(), 0)
	empty("techniques of an identity", len(techniques), techniques == nil, err)
	techniques, err = store.CampaignTechniques(ctx, uuid.New(), 0)
	empty("techniques of a campaign", len(techniques), techniques == nil, err)
	techniques, err = store.SensorTechniques(ctx, "s", 0)
	empty("techniques of a sensor", len(techniques), techniques == nil, err)
	tactics, err := store.Tactics(ctx, 0)
	empty("tactics", len(tactics), tactics == nil, err)
	links, err := store.Links(ctx, projections.LinkQuery{})
	empty("links", len(links.Items), links.Items == nil, err)
	seen, err := store.Attackers(ctx, projections.PageQuery{})
	empty("attackers", len(seen.Items), seen.Items == nil, err)
	days, err := store.Days(ctx, "2026-01-01", "2026-12-31", 0)
	empty("days", len(days), days == nil, err)
	tags, err := store.Tags(ctx, projections.TagQuery{Session: "s"})
	empty("tags", len(tags.Items), tags.Items == nil, err)
	rules, err := store.Rules(ctx, projections.PageQuery{})
	empty("rules", len(rules.Items), rules.Items == nil, err)
	positions, err := store.Positions(ctx)
	empty("positions", len(positions), positions == nil, err)
	if _, err := store.Tag(ctx, uuid.New()); !errors.Is(err, projections.ErrNotFound) {
		t.Errorf("a tag that is not there: %v", err)
	}
	if _, err := store.Rule(ctx, "R1", 0); !errors.Is(err, projections.ErrNotFound) {
		t.Errorf("a rule that is not there: %v", err)
	}
	Check(t, ctx, store)
}

// Every field of a tag comes back as it was.
func testTag(t *testing.T, fresh New) {
	store := open(t, fresh)
	log := NewLog(t, topology.Tagged, 3)
	log.Find(Finding{Event: 1, Technique: 1, Step: 90})
	log.Add(Finding{Event: 2, Step: 30}.Tag(t, func(tag *schemas.Tag) { // an identity alone
		tag.AttackerUUID, tag.IdentityUUID, tag.SessionID, tag.Sensor = uuid.Nil, uuid.New(), "", ""
	}))
	log.Write(store)
	for _, e := range log.entries {
		got, err := store.Tag(bounded(t), e.Tag.UUID)
		if err != nil {
			t.Fatal(err)
		}
		got.Row = 0
		if diff := cmp.Diff(*e.Tag, got.TagRow); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if got := log.entries[0].Tag; got.SourceTopic != "attacker.command" || got.SourcePartition != 3 || got.SourceOffset != 1000 ||
		got.Revision != 7 || got.Origin != "live" || got.TaggedPartition != 3 {
		t.Errorf("coordinates: %+v", got)
	}
	Check(t, bounded(t), store, log)
}

// Evidence is JSON as it came, whatever the attacker wrote, and texts that not
// every database takes are found by what was published.
func testEvidence(t *testing.T, fresh New) {
	store := open(t, fresh)
	log := NewLog(t, topology.Tagged, 0)
	for i, token := range []string{"a\x00b", "\u2028 \U0001F480 é \u202e", `"quoted\" '; DROP TABLE ttp_tag; --`, strings.Repeat("x", 250), "%s ? $1 :a"} {
		log.Add(Finding{Event: i, Step: 50}.Tag(t, func(tag *schemas.Tag) {
			tag.SessionID, tag.Sensor = "s-"+token, "n-"+token
			tag.Evidence = &schemas.CommandEvidence{Matched: schemas.Matched{MatchedTokens: []schemas.Token{{Field: "cmd.args", Text: token, Pattern: "x"}}}}
		}))
	}
	log.Write(store)
	for i, token := range []string{"a\x00b", "\u2028 \U0001F480 é \u202e"} {
		page, err := store.Tags(bounded(t), projections.TagQuery{Session: "s-" + token})
		if err != nil || len(page.Items) != 1 || page.Items[0].Evidence != log.entries[i].Tag.Evidence {
			t.Errorf("session %q: %v, %v", token, page.Items, err)
		}
	}
	if !strings.Contains(log.entries[0].Tag.Evidence, `a\u0000b`) {
		t.Errorf("evidence is %s", log.entries[0].Tag.Evidence)
	}
	for _, e := range log.entries {
		got, err := store.Tag(bounded(t), e.Tag.UUID)
		if err != nil || got.Evidence != e.Tag.Evidence || got.SessionID != e.Tag.SessionID || got.Sensor != e.Tag.Sensor {
			t.Errorf("%+v, %v; want %+v", got, err, e.Tag)
		}
	}
	Check(t, bounded(t), store, log)
}

// Copies of a tag change nothing; the first of two that differ wins. Both are
// counted, within a batch and between batches.
func testCopies(t *testing.T, fresh New) {
	store := open(t, fresh)
	f := Finding{Event: 1, Technique: 1, Step: 90}
	log := NewLog(t, topology.Tagged, 0).Find(f, f)
	log.Add(Finding{Event: 1, Technique: 1, Step: 40}.Tag(t)) // clipped meanwhile: the same uuid
	log.Write(store)
	before := Check(t, bounded(t), store, log)
	log.Find(f, Finding{Event: 1, Technique: 1, Step: 50}, f)
	log.Write(store)
	same(t, "after copies", before, Check(t, bounded(t), store, log))
	if p := must[[]projections.Position](t)(store.Positions(bounded(t)))[0]; p.Repeats != 3 || p.Conflicts != 2 || p.Next != 6 {
		t.Errorf("counted %+v", p)
	}
	if got := must[*projections.TagDetail](t)(store.Tag(bounded(t), f.Tag(t).UUID)); got.Step != 90 {
		t.Errorf("the first did not win: %+v", got)
	}
}

// What claims less than the floor is counted and not stored.
func testFloor(t *testing.T, fresh New) {
	store := open(t, fresh)
	log := NewLog(t, topology.Tagged, 0).Find(Finding{Event: 1, Step: 29}, Finding{Event: 2, Step: 30}, Finding{Event: 3, Step: 0})
	log.Write(store)
	Check(t, bounded(t), store, log)
	if p := must[[]projections.Position](t)(store.Positions(bounded(t)))[0]; p.BelowFloor != 2 {
		t.Errorf("counted %+v", p)
	}
}

// Of the versions of a finding the highest is current, in whatever order and
// batches they come; other findings are their own.
func testSupersession(t *testing.T, fresh New) {
	versions := []Finding{
		{Event: 1, Rule: 1, Version: 1, Technique: 1, Step: 70}, {Event: 1, Rule: 1, Version: 3, Technique: 1, Step: 80},
		{Event: 1, Rule: 1, Version: 2, Technique: 1, Step: 90}, {Event: 1, Rule: 1, Version: 1, Technique: 2, Step: 60},
	}
	for _, order := range [][]int{{0, 1, 2, 3}, {1, 0, 3, 2}, {2, 3, 1, 0}, {3, 2, 0, 1}} {
		for _, apart := range []bool{false, true} {
			store := open(t, fresh)
			log := NewLog(t, topology.Tagged, 0)
			for _, i := range order {
				if log.Find(versions[i]); apart {
					log.Write(store)
				}
			}
			log.Write(store)
			Check(t, bounded(t), store, log)
			want := map[string]string{
				"R0001.1 T1059.004": "superseded", "R0001.2 T1059.004": "superseded", "R0001.3 T1059.004": "current", "R0001.1 T1059": "current",
			}
			if diff := cmp.Diff(want, states(t, store)); diff != "" {
				t.Errorf("order %v, apart %v (-want +got):\n%s", order, apart, diff)
			}
		}
	}
}
