package api

import (
	"encoding/json"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// From rows of the ledger to answers.

func rollupOf(r projections.Rollup) Rollup {
	return Rollup{r.Tags, r.MaxConfidence, r.CombinedConfidence, r.FirstSeen, r.LastSeen, r.Sensors}
}

// mapped returns the answers for rows, never nil.
func mapped[Row, Answer any](rows []Row, f func(Row) Answer) []Answer {
	answers := make([]Answer, len(rows))
	for i, row := range rows {
		answers[i] = f(row)
	}
	return answers
}

func phasesOf(tactic string) []string {
	return mapped(attack.UKCPhases(tactic), func(p attack.Phase) string { return string(p) })
}

// nameOf returns the name of the most specific of two ids.
func (s *Server) nameOf(technique, sub string) string {
	if sub != "" {
		technique = sub
	}
	t, _ := s.catalogue.Technique(technique)
	return t.Name
}

func (s *Server) tacticName(id string) string {
	t, _ := s.catalogue.Tactic(id)
	return t.Name
}

func (s *Server) technique(t projections.TechniqueRollup) Technique {
	return Technique{
		Tactic: t.Tactic, TacticName: s.tacticName(t.Tactic), TechniqueID: t.TechniqueID, SubTechniqueID: t.SubTechniqueID,
		Name: s.nameOf(t.TechniqueID, t.SubTechniqueID), UKCPhases: phasesOf(t.Tactic), Rollup: rollupOf(t.Rollup),
	}
}

func attackerOf(a projections.AttackerRollup) Attacker {
	return Attacker{AttackerUUID: a.AttackerUUID, Techniques: a.Techniques, Rollup: rollupOf(a.Rollup)}
}

func (s *Server) day(d projections.DayRollup) Day {
	return Day{Day: d.Day, Tactic: d.Tactic, TacticName: s.tacticName(d.Tactic), Rollup: rollupOf(d.Rollup)}
}

func (s *Server) tag(t *projections.TagRow) Tag {
	tag := Tag{
		UUID: t.UUID, State: t.State.String(), CreatedAt: t.Time(), AttackerUUID: t.AttackerUUID, IdentityUUID: t.IdentityUUID,
		SessionID: t.SessionID, Sensor: t.Sensor, Tactic: t.Tactic, TechniqueID: t.TechniqueID, SubTechniqueID: t.SubTechniqueID,
		Name: s.nameOf(t.TechniqueID, t.SubTechniqueID), Confidence: t.Confidence(), RuleID: t.RuleID, RuleVersion: t.RuleVersion,
		RuleHash: t.RuleHash, AttackRelease: t.AttackRelease, SourceKind: t.SourceKind, SourceID: t.SourceID,
		Evidence: json.RawMessage(t.Evidence),
	}
	if t.SourceTopic != "" {
		tag.Source = &Place{t.SourceTopic, t.SourcePartition, t.SourceOffset}
	}
	return tag
}

func (s *Server) tagDetail(t *projections.TagDetail) TagDetail {
	detail := TagDetail{
		Tag: s.tag(&t.TagRow), Tagged: Place{taggedTopic, t.TaggedPartition, t.TaggedOffset}, Origin: t.Origin, RunID: t.RunID,
		RuleName: t.RuleName, RuleText: t.RuleText, UKCPhases: phasesOf(t.Tactic),
	}
	if t.Revision >= 0 {
		detail.Revision = &t.Revision
	}
	return detail
}

func stateOf(state *schemas.RuleState) RuleState {
	return RuleState{state.Mode, state.ConfidenceMax, state.ExpiresAt, state.Reason, state.SetBy, state.SetAt}
}

func ruleOf(r projections.RuleSummary) Rule {
	rule := Rule{
		RuleID: r.RuleID, Name: r.Name, Version: r.Version, Hash: r.Hash, Key: r.Key, Revision: r.Revision, InForce: r.InForce,
		Versions: r.Versions, State: RuleState{Mode: schemas.ModeEnabled}, Hits: rollupOf(r.Hits),
	}
	if r.State != nil {
		rule.State = stateOf(r.State.RuleState)
	}
	return rule
}

func ruleDetail(r *projections.RuleDetail) RuleDetail {
	return RuleDetail{ruleOf(r.RuleSummary), mapped(r.History, func(v projections.RuleVersion) RuleVersion {
		return RuleVersion{v.Version, v.Hash, v.Key, v.Revision, v.InForce, v.Name, r.Texts[v.Hash]}
	})}
}

func ruleHits(r projections.RuleSummary) RuleHits {
	return RuleHits{r.RuleID, r.Name, rollupOf(r.Hits)}
}

func groupOf(g attack.Group) Group { return Group{g.ID, g.Name} }
