package schemas

import (
	"time"

	"github.com/google/uuid"
)

// Why a finding became no tag, or a tag no announcement.
const (
	// SuppressedDisabled: the rule's state is disabled.
	SuppressedDisabled = "disabled"
	// SuppressedClipped: the state's ceiling is below the floor.
	SuppressedClipped = "clipped"
	// SuppressedFloor: the event itself leaves too little confidence.
	SuppressedFloor = "floor"
	// SuppressedLimit: too many announcements; the tag itself stands.
	SuppressedLimit = "limit"
	// SuppressedSize: the record would be larger than a topic takes.
	SuppressedSize = "size"
)

// Suppressed says what was held back and why, on topic ttp.rule.suppressed.
type Suppressed struct {
	RuleID         string     `json:"rule_id"`
	RuleVersion    int64      `json:"rule_version"`
	TechniqueID    string     `json:"technique_id,omitempty"`
	SubTechniqueID string     `json:"sub_technique_id,omitempty"`
	SourceKind     SourceKind `json:"source_kind"`
	SourceID       string     `json:"source_id"`
	AttackerUUID   uuid.UUID  `json:"attacker_uuid,omitzero"`
	// Reason is one of the Suppressed constants.
	Reason string `json:"reason"`
	// Confidence is what the tag would have claimed.
	Confidence float64   `json:"confidence"`
	EventTime  time.Time `json:"event_time"`
}

// Validate returns every problem of the record, joined, or nil.
func (r *Suppressed) Validate() error {
	var c check
	c.required("rule_id", r.RuleID, MaxRuleID)
	c.short("technique_id", r.TechniqueID)
	c.short("sub_technique_id", r.SubTechniqueID)
	c.err(r.SourceKind.validate())
	c.required("source_id", r.SourceID, MaxShortText)
	c.oneOf("reason", r.Reason, SuppressedDisabled, SuppressedClipped, SuppressedFloor, SuppressedLimit, SuppressedSize)
	c.unit("confidence", r.Confidence)
	c.spelled("event_time", r.EventTime)
	return c.result()
}
