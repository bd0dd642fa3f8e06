package schemas

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// The targets of a retraction.
const (
	TargetRule     = "rule"
	TargetTag      = "tag"
	TargetAttacker = "attacker"
	TargetIdentity = "identity"
)

// Retraction takes tags back, or gives them again: those of a rule's versions
// in a time range, one tag, or (a purge) all of an attacker or an identity.
// It travels on ttp.retractions as asked for and on ttp.tagged as admitted.
type Retraction struct {
	// Target is rule, tag, attacker or identity.
	Target string `json:"target"`
	// RuleID, and Version (that one) or Below (all lower ones), name the
	// target of kind rule. Neither: all versions.
	RuleID  string `json:"rule_id,omitempty"`
	Version int64  `json:"version,omitempty"`
	Below   int64  `json:"below,omitempty"`
	// From and To bound created_at, [From, To). Zero: open. Rules only.
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
	// ID is the uuid of the tag, attacker or identity.
	ID uuid.UUID `json:"id,omitzero"`
	// Restore gives the target's tags again: the undo.
	Restore bool      `json:"restore,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	SetBy   string    `json:"set_by,omitempty"`
	SetAt   time.Time `json:"set_at"`
	// Sequence is the revision under which the registrar admitted it; the
	// highest of a target wins. Zero until admitted.
	Sequence int64 `json:"sequence,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (r *Retraction) Validate() error {
	var c check
	c.oneOf("target", r.Target, TargetRule, TargetTag, TargetAttacker, TargetIdentity)
	if r.Target == TargetRule {
		c.required("rule_id", r.RuleID, MaxRuleID)
		if r.ID != uuid.Nil {
			c.add("id: not for target %s", TargetRule)
		}
	} else {
		if r.ID == uuid.Nil {
			c.add("id: required for target %s", r.Target)
		}
		if r.RuleID != "" || r.Version != 0 || r.Below != 0 || !r.From.IsZero() || !r.To.IsZero() {
			c.add("rule_id, version, below, from, to: only for target %s", TargetRule)
		}
	}
	if r.Version < 0 || r.Below < 0 || r.Version > 0 && r.Below > 0 {
		c.add("version, below: at most one, not negative")
	}
	if !r.From.IsZero() && !r.To.IsZero() && !r.From.Before(r.To) {
		c.add("from, to: an empty range")
	}
	c.spelled("from", r.From)
	c.spelled("to", r.To)
	c.long("reason", r.Reason)
	c.short("set_by", r.SetBy)
	c.time("set_at", r.SetAt)
	c.notNegative("sequence", float64(r.Sequence))
	return c.result()
}

// Key returns the retraction's key on ttp.retractions: one per target, so that
// a later word on the same target replaces the earlier when the topic is
// compacted.
func (r *Retraction) Key() string {
	if r.Target != TargetRule {
		return r.Target + "/" + r.ID.String()
	}
	key := TargetRule + "/" + r.RuleID
	switch {
	case r.Version > 0:
		key += fmt.Sprintf("/version=%d", r.Version)
	case r.Below > 0:
		key += fmt.Sprintf("/below=%d", r.Below)
	}
	if !r.From.IsZero() {
		key += "/from=" + r.From.UTC().Format(time.RFC3339Nano)
	}
	if !r.To.IsZero() {
		key += "/to=" + r.To.UTC().Format(time.RFC3339Nano)
	}
	return key
}
