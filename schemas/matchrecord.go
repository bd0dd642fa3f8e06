package schemas

import (
	"time"

	"github.com/google/uuid"
)

// Match is one event on its way to the window of a correlation, on topic
// ttp.match. It carries all that the window needs: the windower never looks a
// rule up.
type Match struct {
	// RuleID, RuleVersion and RuleHash are the correlation's.
	RuleID      string `json:"rule_id"`
	RuleVersion int64  `json:"rule_version"`
	RuleHash    string `json:"rule_hash"`
	// Referenced is the rule whose match this is, for temporal conditions.
	Referenced string `json:"referenced,omitempty"`
	// Parameters is the correlation in its canonical form.
	Parameters string `json:"parameters"`
	// ConfidenceMax is the ceiling of the rule's state. Nil: none.
	ConfidenceMax *float64 `json:"confidence_max,omitempty"`
	// Group holds the values of group-by, in its order.
	Group []string `json:"group,omitempty"`
	// Values holds the values that are counted or summed.
	Values       []string  `json:"values,omitempty"`
	EventID      uuid.UUID `json:"event_id"`
	EventTime    time.Time `json:"event_time"`
	AttackerUUID uuid.UUID `json:"attacker_uuid,omitzero"`
	IdentityUUID uuid.UUID `json:"identity_uuid,omitzero"`
	SessionID    string    `json:"session_id,omitempty"`
	Sensor       string    `json:"sensor,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (r *Match) Validate() error {
	var c check
	c.required("rule_id", r.RuleID, MaxRuleID)
	if r.RuleVersion < 1 {
		c.add("rule_version: at least 1")
	}
	c.required("rule_hash", r.RuleHash, MaxShortText)
	c.required("parameters", r.Parameters, MaxLongText)
	c.short("referenced", r.Referenced)
	if r.ConfidenceMax != nil {
		c.unit("confidence_max", *r.ConfidenceMax)
	}
	c.list("group", r.Group, MaxLongText)
	c.list("values", r.Values, MaxLongText)
	if r.EventID == uuid.Nil {
		c.add("event_id: required")
	}
	c.time("event_time", r.EventTime)
	c.short("session_id", r.SessionID)
	c.short("sensor", r.Sensor)
	return c.result()
}
