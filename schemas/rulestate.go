package schemas

import "time"

// The modes of a rule.
const (
	ModeEnabled  = "enabled"
	ModeDisabled = "disabled"
	ModeClipped  = "clipped"
)

// RuleState is an operator's word on a rule, on topic ttp.rule.state under
// the rule's id; null means enabled again. It may precede its rule. It is not
// retroactive.
type RuleState struct {
	RuleID string `json:"rule_id"`
	// Mode is enabled, disabled or clipped.
	Mode string `json:"mode"`
	// ConfidenceMax is the most that a clipped rule's tags may claim, in
	// [0,1]. Required for clipped, refused otherwise.
	ConfidenceMax *float64 `json:"confidence_max,omitempty"`
	// ExpiresAt is when the registrar reverts the state, once. Zero: never.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	Reason    string    `json:"reason,omitempty"`
	SetBy     string    `json:"set_by,omitempty"`
	SetAt     time.Time `json:"set_at"`
}

// Validate returns every problem of the record, joined, or nil.
func (r *RuleState) Validate() error {
	var c check
	c.required("rule_id", r.RuleID, MaxRuleID)
	c.oneOf("mode", r.Mode, ModeEnabled, ModeDisabled, ModeClipped)
	switch {
	case r.Mode == ModeClipped && r.ConfidenceMax == nil:
		c.add("confidence_max: required for mode %s", ModeClipped)
	case r.Mode != ModeClipped && r.ConfidenceMax != nil:
		c.add("confidence_max: only for mode %s", ModeClipped)
	case r.ConfidenceMax != nil:
		c.unit("confidence_max", *r.ConfidenceMax)
	}
	if !r.ExpiresAt.IsZero() {
		c.time("expires_at", r.ExpiresAt)
	}
	c.long("reason", r.Reason)
	c.short("set_by", r.SetBy)
	c.time("set_at", r.SetAt)
	return c.result()
}

// MaxRuleID bounds a rule's id, in bytes.
const MaxRuleID = 128
