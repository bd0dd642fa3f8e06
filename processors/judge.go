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

// subject is what is judged: a fact, or a part of one that has rules and a
// source id of its own.
type subject struct {
	fact schemas.Eventer
	kind schemas.SourceKind
	// sourceID is what a tag says of it.
	sourceID string
	// part is the part as the record has it. Nil: the fact itself.
	part any
	// lift makes facts of it.
	lift func(out *match.Event)
}

// whole is a fact as a subject.
func whole(fact schemas.Eventer, lift func(any, *match.Event)) subject {
	return subject{
		fact: fact, kind: fact.Event().SourceKind, sourceID: schemas.SourceID(fact), lift: func(out *match.Event) { lift(fact, out) },
	}
}

// judge lifts a subject and judges it. A panic in a lifter or a rule is a bug
// of ours that an attacker found: it becomes a failure, not an outage.
func judge(set *rules.Set, s subject, work *workspace) (j judgement) {
	work.event.Reset()
	if f := contain(func() { s.lift(&work.event) }); f != nil {
		j.failures = append(j.failures, failure{reason: "lifter_panic", detail: f.Error()})
		return j
	}
	findings := set.Judge(&work.event, &work.scratch)
	for _, f := range work.scratch.Failures() {
		j.failures = append(j.failures, failure{reason: "rule_panic", detail: f.Reason, ruleID: f.RuleID})
	}
	for i := range findings {
		j.add(&findings[i], s, &work.event)
	}
	return j
}

// join takes what another judgement says, too.
func (j *judgement) join(other judgement) {
	j.candidates = append(j.candidates, other.candidates...)
	j.suppressed = append(j.suppressed, other.suppressed...)
	j.failures = append(j.failures, other.failures...)
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

func (j *judgement) add(f *rules.Finding, s subject, event *match.Event) {
	envelope := s.fact.Event()
	if f.Suppressed != "" {
		j.suppressed = append(j.suppressed, suppressedFinding(f, s))
		return
	}
	tag, err := schemas.NewTag(schemas.Tag{
		SourceKind: s.kind, SourceID: s.sourceID,
		AttackerUUID: envelope.AttackerUUID, SessionID: envelope.SessionID, Sensor: envelope.Sensor,
		Tactic: f.Emit.Tactic, TechniqueID: f.Emit.TechniqueID, SubTechniqueID: f.Emit.SubTechniqueID,
		Confidence: f.Confidence, RuleID: f.Rule.ID, RuleVersion: f.Rule.Version, RuleHash: f.Rule.Hash,
		AttackRelease: f.Rule.AttackRelease, Evidence: evidenceOf(s, f, event), CreatedAt: envelope.EventTime,
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

func suppressedFinding(f *rules.Finding, s subject) *schemas.Suppressed {
	envelope := s.fact.Event()
	return &schemas.Suppressed{
		RuleID: f.Rule.ID, RuleVersion: f.Rule.Version, TechniqueID: f.Emit.TechniqueID, SubTechniqueID: f.Emit.SubTechniqueID,
		SourceKind: s.kind, SourceID: s.sourceID, AttackerUUID: envelope.AttackerUUID,
		Reason: f.Suppressed, Confidence: f.Confidence, EventTime: envelope.EventTime,
	}
}
