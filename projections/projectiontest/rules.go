package projectiontest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
)

// ruleText is a rule that every program can read.
func ruleText(id string, version int64) string {
	return fmt.Sprintf(`rule_id: %s
rule_version: %d
name: name_of_%s
description: A rule of the conformance suite.
attack_release: enterprise-v19.1
applies_to: [{source_kind: command}]
match:
  selection: {cmd.name: wget}
  condition: selection
emits:
  - {tactic: TA0011, technique_id: T1105, confidence: 0.8}
`, id, version, id)
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// history builds ttp.rule.history as the registrar writes it.
type history struct {
	*Log
	inbox int64
}

func newHistory(tb testing.TB) *history { return &history{Log: NewLog(tb, topology.RuleHistory, 0)} }

func (h *history) add(change *schemas.RuleHistory) *history {
	change.AdmittedAt = schematest.Time.Add(time.Duration(h.Len()) * time.Second)
	h.Log.Add(change)
	return h
}

func (h *history) publish(key, text string, version int64) *history {
	h.inbox++
	return h.add(&schemas.RuleHistory{Change: schemas.ChangeRule, Key: key, Content: text, Version: version, Hash: hashOf(text),
		Source: "dir:rules", InboxTopic: topology.Rules.Name, InboxOffset: h.inbox})
}

func (h *history) remove(key string) *history {
	h.inbox++
	return h.add(&schemas.RuleHistory{Change: schemas.ChangeRemoval, Key: key, InboxTopic: topology.Rules.Name, InboxOffset: h.inbox})
}

// state sets a state under an inbox offset.
func (h *history) state(id, mode string, offset int64) *history {
	state := schematest.RuleState(func(s *schemas.RuleState) {
		s.RuleID, s.Mode = id, mode
		if mode == schemas.ModeClipped {
			s.ConfidenceMax = new(0.5)
		}
	})
	raw, err := schemas.EncodeJSON(state)
	if err != nil {
		h.tb.Fatal(err)
	}
	return h.add(&schemas.RuleHistory{Change: schemas.ChangeState, Key: id, Content: string(raw), InboxTopic: topology.RuleState.Name, InboxOffset: offset})
}

func (h *history) end(change, id string, offset int64) *history {
	return h.add(&schemas.RuleHistory{Change: change, Key: id, InboxTopic: topology.RuleState.Name, InboxOffset: offset})
}

// All versions of a rule are kept, and a tag leads to the text that made it.
func testRules(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	v1, v2 := ruleText("R0001", 1), ruleText("R0001", 2)
	two := ruleText("R0002", 1) + "---\n" + ruleText("R0003", 4)
	h := newHistory(t).publish("R0001", v1, 1).publish("R0002", two, 1)
	h.publish("R0001", v2, 2).publish("R0009", "what a newer program reads", 3).remove("R0002")
	h.Write(store)
	log := NewLog(t, topology.Tagged, 0)
	log.Add(Finding{Event: 1, Rule: 1, Version: 1, Step: 80}.Tag(t, func(tag *schemas.Tag) { tag.RuleHash = hashOf(v1) }))
	log.Add(Finding{Event: 2, Rule: 3, Version: 4, Step: 40}.Tag(t, func(tag *schemas.Tag) { tag.RuleHash = hashOf(two) }))
	log.Write(store)

	first := must[*projections.TagDetail](t)(store.Tag(ctx, log.entries[0].Tag.UUID))
	third := must[*projections.TagDetail](t)(store.Tag(ctx, log.entries[1].Tag.UUID))
	if first.RuleText != v1 || first.RuleName != "name_of_R0001" || third.RuleText != two || third.RuleName != "name_of_R0003" {
		t.Errorf("texts of tags: %q %q, %q %q", first.RuleName, first.RuleText, third.RuleName, third.RuleText)
	}
	page := must[projections.Page[projections.RuleSummary]](t)(store.Rules(ctx, projections.PageQuery{Floor: projections.LikelyFloor}))
	var got []string
	for _, r := range page.Items {
		got = append(got, fmt.Sprintf("%s v%d %q in force %v, %d versions, %d hits", r.RuleID, r.Version, r.Name, r.InForce, r.Versions, r.Hits.Tags))
	}
	want := []string{
		`R0001 v2 "name_of_R0001" in force true, 2 versions, 1 hits`, `R0002 v1 "name_of_R0002" in force false, 1 versions, 0 hits`,
		`R0003 v4 "name_of_R0003" in force false, 1 versions, 0 hits`, `R0009 v3 "" in force true, 1 versions, 0 hits`,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("rules:\n%v, want\n%v", got, want)
	}
	detail := must[*projections.RuleDetail](t)(store.Rule(ctx, "R0001", 0))
	if len(detail.History) != 2 || detail.Texts[detail.History[1].Hash] != v1 || detail.Texts[detail.Hash] != v2 || detail.Hits.Tags != 1 {
		t.Errorf("rule: %+v", detail)
	}
	Check(t, ctx, store, log)
}

// States follow the history as the processors' fold of it does: what is
// delivered again changes nothing, and an expiry ends the state that it names.
func testRuleStates(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	mode := func() string {
		t.Helper()
		page := must[projections.Page[projections.RuleSummary]](t)(store.Rules(ctx, projections.PageQuery{}))
		if len(page.Items) != 1 {
			t.Fatalf("rules: %+v", page.Items)
		}
		if page.Items[0].State == nil {
			return schemas.ModeEnabled
		}
		return page.Items[0].State.Mode
	}
	h := newHistory(t).publish("R0001", ruleText("R0001", 1), 1)
	for i, step := range []struct {
		what string
		do   func()
		want string
	}{
		{"nothing", func() {}, schemas.ModeEnabled},
		{"disabled", func() { h.state("R0001", schemas.ModeDisabled, 5) }, schemas.ModeDisabled},
		{"clipped", func() { h.state("R0001", schemas.ModeClipped, 7) }, schemas.ModeClipped},
		{"an older one again", func() { h.state("R0001", schemas.ModeDisabled, 5) }, schemas.ModeClipped},
		{"expiry of the old one", func() { h.end(schemas.ChangeExpiry, "R0001", 5) }, schemas.ModeClipped},
		{"expiry", func() { h.end(schemas.ChangeExpiry, "R0001", 7) }, schemas.ModeEnabled},
		{"disabled again", func() { h.state("R0001", schemas.ModeDisabled, 8) }, schemas.ModeDisabled},
		{"cleared", func() { h.end(schemas.ChangeStateCleared, "R0001", 9) }, schemas.ModeEnabled},
		{"set and expired at once", func() {
			h.state("R0001", schemas.ModeDisabled, 10).end(schemas.ChangeExpiry, "R0001", 10)
		}, schemas.ModeEnabled},
		{"enabled by name", func() {
			h.state("R0001", schemas.ModeDisabled, 11).state("R0001", schemas.ModeEnabled, 12)
		}, schemas.ModeEnabled},
	} {
		step.do()
		h.Write(store)
		if got := mode(); got != step.want {
			t.Errorf("step %d, %s: %s, want %s", i, step.what, got, step.want)
		}
	}
}
