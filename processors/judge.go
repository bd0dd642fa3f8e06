package processors

import (
	"fmt"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// judgement is what a rule set says of one event. It is a pure function of
// event, rule versions and rule states.
type judgement struct {
	candidates []judged
	suppressed []*schemas.Suppressed
	failures   []failure
}

// nothing reports whether the rules had nothing to say.
func (j *judgement) nothing() bool {
	return len(j.candidates) == 0 && len(j.suppressed) == 0 && len(j.failures) == 0
}

// judged is a tag and its bytes.
type judged struct {
	tag *schemas.Tag
	raw []byte
}

// failure is a lifter or a rule that failed on an event; the others' findings
// still go out.
type failure struct{ reason, detail, ruleID string }

// judge lifts a fact and judges it. A panic in a lifter or a rule is a bug of
// ours that an attacker found: it becomes a failure, not an outage.
func judge(set *rules.Set, fact schemas.Eventer, lift func(any, *match.Event), work *workspace) (j judgement) {
	work.event.Reset()
	if f := contain(func() { lift(fact, &work.event) }); f != nil {
		j.failures = append(j.failures, failure{reason: "lifter_panic", detail: f.Error()})
		return j
	}
	findings := set.Judge(&work.event, &work.scratch)
	for _, f := range work.scratch.Failures() {
		j.failures = append(j.failures, failure{reason: "rule_panic", detail: f.Reason, ruleID: f.RuleID})
	}
	for i := range findings {
		j.add(&findings[i], fact, &work.event)
	}
	return j
}

// contain runs pure code and returns its panic as an error. It must never
// enclose a goka call: recovering from one of those loses its message.
func contain(run func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	run()
	return nil
}

func (j *judgement) add(f *rules.Finding, fact schemas.Eventer, event *match.Event) {
	envelope := fact.Event()
	if f.Suppressed != "" {
		j.suppressed = append(j.suppressed, suppressedFinding(f, fact))
		return
	}
	tag, err := schemas.NewTag(schemas.Tag{
		SourceKind: envelope.SourceKind, SourceID: schemas.SourceID(fact),
		AttackerUUID: envelope.AttackerUUID, SessionID: envelope.SessionID, Sensor: envelope.Sensor,
		Tactic: f.Emit.Tactic, TechniqueID: f.Emit.TechniqueID, SubTechniqueID: f.Emit.SubTechniqueID,
		Confidence: f.Confidence, RuleID: f.Rule.ID, RuleVersion: f.Rule.Version, RuleHash: f.Rule.Hash,
		AttackRelease: f.Rule.AttackRelease, Evidence: evidenceOf(fact, f, event), CreatedAt: envelope.EventTime,
	})
	if err == nil {
		var raw []byte
		if raw, err = schemas.EncodeJSON(tag); err == nil {
			j.candidates = append(j.candidates, judged{tag: tag, raw: raw})
			return
		}
	}
	j.failures = append(j.failures, failure{reason: "not_a_tag", detail: err.Error(), ruleID: f.Rule.ID})
}

func suppressedFinding(f *rules.Finding, fact schemas.Eventer) *schemas.Suppressed {
	envelope := fact.Event()
	return &schemas.Suppressed{
		RuleID: f.Rule.ID, RuleVersion: f.Rule.Version, TechniqueID: f.Emit.TechniqueID, SubTechniqueID: f.Emit.SubTechniqueID,
		SourceKind: envelope.SourceKind, SourceID: schemas.SourceID(fact), AttackerUUID: envelope.AttackerUUID,
		Reason: f.Suppressed, Confidence: f.Confidence, EventTime: envelope.EventTime,
	}
}
