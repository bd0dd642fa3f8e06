package projections

import (
	"fmt"
	"strings"

	"github.com/ttpstream/ttpstream/projections/navigator"
)

// Scores returns the report's techniques as a Navigator layer takes them, to
// be passed to [navigator.NewLayer]. Text that attackers wrote is printable.
func (r *Report) Scores() []navigator.Score {
	var scores []navigator.Score
	for _, tactic := range r.Tactics {
		for _, t := range tactic.Techniques {
			scores = append(scores, navigator.Score{
				Tactic: tactic.ID, Technique: t.ID, Confidence: t.MaxConfidence, Comment: t.comment(),
				Rules: t.ruleIDs(), FirstSeen: t.FirstSeen, LastSeen: t.LastSeen,
				Metadata: []navigator.Metadata{
					{Name: "tags", Value: fmt.Sprint(t.Tags)}, {Name: "likely", Value: fmt.Sprint(t.Likely)},
					{Name: "attackers", Value: t.Attackers.String()}, {Name: "sessions", Value: t.Sessions.String()},
					{Name: "evidence", Value: t.evidenceLine()},
				},
			})
		}
	}
	return scores
}

func (t *TechniqueRow) comment() string {
	return fmt.Sprintf("%s, %s likely, by %s in %s", of(t.Tags, "tag", "tags"), number(t.Likely),
		t.Attackers.of("attacker", "attackers"), t.Sessions.of("session", "sessions"))
}

func (t *TechniqueRow) ruleIDs() []string {
	var ids []string
	for _, rule := range t.Rules {
		ids = append(ids, safe(rule.RuleID))
	}
	return ids
}

// evidenceLine is the evidence of the terminal without its bound on width.
func (t *TechniqueRow) evidenceLine() string {
	var b strings.Builder
	for _, s := range evidenceSpans(t.Evidence, 1000) {
		b.WriteString(s.text)
	}
	return b.String()
}
