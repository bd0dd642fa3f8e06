package schemas

import "time"

// RuleStatus proves a rollout, on topic ttp.rule.status: under the instance's
// name, the revision that it runs; under instance/rule id, why a published
// rule is not in force there.
type RuleStatus struct {
	// Instance names the process, or registrar.
	Instance string `json:"instance"`
	// Revision is the offset of ttp.rule.history that the instance has
	// reached, -1 for none.
	Revision int64 `json:"revision"`
	// Rules is the number of rules in force.
	Rules int `json:"rules"`
	// RuleID and Problems are set where a publication was refused.
	RuleID   string        `json:"rule_id,omitempty"`
	Problems []RuleProblem `json:"problems,omitempty"`
	// InboxTopic and InboxOffset name the refused publication.
	InboxTopic  string    `json:"inbox_topic,omitempty"`
	InboxOffset int64     `json:"inbox_offset,omitempty"`
	At          time.Time `json:"at"`
}

// RuleProblem is one finding about a rule's text. Line and Column count from
// 1; 0 means the whole text.
type RuleProblem struct {
	Check   string `json:"check"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (r *RuleStatus) Validate() error {
	var c check
	c.required("instance", r.Instance, MaxShortText)
	c.short("rule_id", r.RuleID)
	if r.Revision < -1 {
		c.add("revision: %d", r.Revision)
	}
	c.notNegative("rules", float64(r.Rules))
	c.short("inbox_topic", r.InboxTopic)
	c.spelled("at", r.At)
	if len(r.Problems) > MaxListLength {
		c.add("problems: %d entries, at most %d", len(r.Problems), MaxListLength)
	}
	for _, p := range r.Problems {
		c.short("problems.check", p.Check)
		c.long("problems.message", p.Message)
		c.long("problems.hint", p.Hint)
	}
	return c.result()
}
