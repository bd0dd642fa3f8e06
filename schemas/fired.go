package schemas

import (
	"time"

	"github.com/google/uuid"
)

// Fired tells the world that a rule found something new, on topic
// ttp.rule.fired under the parent technique. The gate writes it beside a new
// tag, so that replays repeat none.
type Fired struct {
	TagUUID        uuid.UUID `json:"tag_uuid"`
	RuleID         string    `json:"rule_id"`
	RuleVersion    int64     `json:"rule_version"`
	TechniqueID    string    `json:"technique_id"`
	SubTechniqueID string    `json:"sub_technique_id,omitempty"`
	Confidence     float64   `json:"confidence"`
	AttackerUUID   uuid.UUID `json:"attacker_uuid,omitzero"`
	IdentityUUID   uuid.UUID `json:"identity_uuid,omitzero"`
	CreatedAt      time.Time `json:"created_at"`
}

// NewFired returns the announcement of a tag.
func NewFired(t *Tag) *Fired {
	return &Fired{
		TagUUID: t.UUID, RuleID: t.RuleID, RuleVersion: t.RuleVersion,
		TechniqueID: t.TechniqueID, SubTechniqueID: t.SubTechniqueID, Confidence: t.Confidence,
		AttackerUUID: t.AttackerUUID, IdentityUUID: t.IdentityUUID, CreatedAt: t.CreatedAt,
	}
}

// Validate returns every problem of the record, joined, or nil.
func (r *Fired) Validate() error {
	var c check
	if r.TagUUID == uuid.Nil {
		c.add("tag_uuid: required")
	}
	c.required("rule_id", r.RuleID, MaxRuleID)
	c.required("technique_id", r.TechniqueID, MaxShortText)
	c.short("sub_technique_id", r.SubTechniqueID)
	c.unit("confidence", r.Confidence)
	c.time("created_at", r.CreatedAt)
	return c.result()
}
