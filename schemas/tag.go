package schemas

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/google/uuid"
)

// Tag is one finding: this event shows this technique, says this version of
// this rule. It travels on ttp.tagged (and, before the gate, on ttp.candidate)
// under its anchor. [NewTag] is the only way to make one; Validate recomputes
// the id, so a tag made otherwise is refused when it is decoded.
type Tag struct {
	// UUID is [TagID] of the six fields of [TagIdentity].
	UUID uuid.UUID `json:"uuid"`
	// SourceKind and SourceID name the event.
	SourceKind SourceKind `json:"source_kind"`
	SourceID   string     `json:"source_id"`
	// AttackerUUID and IdentityUUID are the anchors: at least one.
	AttackerUUID uuid.UUID `json:"attacker_uuid,omitzero"`
	IdentityUUID uuid.UUID `json:"identity_uuid,omitzero"`
	SessionID    string    `json:"session_id,omitempty"`
	Sensor       string    `json:"sensor,omitempty"`
	// Tactic is the ATT&CK tactic's id, such as TA0002.
	Tactic string `json:"tactic"`
	// TechniqueID is always the parent technique, such as T1059.
	TechniqueID string `json:"technique_id"`
	// SubTechniqueID is the whole id, such as T1059.004, or empty.
	SubTechniqueID string `json:"sub_technique_id,omitempty"`
	// Confidence is in [0,1], rounded to 0.01.
	Confidence float64 `json:"confidence"`
	// RuleID, RuleVersion and RuleHash name the rule; the hash is the SHA-256
	// of its text as published, lower-case hex.
	RuleID      string `json:"rule_id"`
	RuleVersion int64  `json:"rule_version"`
	RuleHash    string `json:"rule_hash"`
	// AttackRelease is the ATT&CK release that the ids are of.
	AttackRelease string `json:"attack_release"`
	// Evidence is of the type that belongs to SourceKind.
	Evidence Evidence `json:"evidence"`
	// CreatedAt is the event's time: two runs agree on it.
	CreatedAt time.Time `json:"created_at"`
}

// NewTag completes fields with the id and the rounded confidence, and returns
// the tag. UUID is ignored. Errors name the field: no anchor, a confidence
// outside [0,1], a missing release, evidence of another source kind and
// everything else that [Tag.Validate] refuses.
func NewTag(fields Tag) (*Tag, error) {
	t := fields
	if t.Confidence >= 0 && t.Confidence <= 1 { // Validate refuses any other as it is
		t.Confidence = RoundConfidence(t.Confidence)
	}
	t.CreatedAt = t.CreatedAt.UTC()
	t.UUID = TagID(t.identity())
	if err := t.Validate(); err != nil {
		return nil, fmt.Errorf("tag of rule %s: %w", fields.RuleID, err)
	}
	return &t, nil
}

// RoundConfidence rounds to 0.01, halves away from zero. Adding 0 turns -0,
// which JSON spells otherwise, into 0.
func RoundConfidence(c float64) float64 { return math.Round(c*100)/100 + 0 }

// Anchor returns the key of the tag on ttp.tagged: the attacker where there
// is one, else the identity.
func (t *Tag) Anchor() uuid.UUID {
	if t.AttackerUUID != uuid.Nil {
		return t.AttackerUUID
	}
	return t.IdentityUUID
}

// Technique returns the most specific id: the sub-technique, if there is one.
func (t *Tag) Technique() string {
	if t.SubTechniqueID != "" {
		return t.SubTechniqueID
	}
	return t.TechniqueID
}

func (t *Tag) identity() TagIdentity {
	return TagIdentity{
		SourceKind: t.SourceKind, SourceID: t.SourceID, RuleID: t.RuleID,
		RuleVersion: t.RuleVersion, TechniqueID: t.TechniqueID, SubTechniqueID: t.SubTechniqueID,
	}
}

// Validate returns every problem of the record, joined, or nil.
func (t *Tag) Validate() error {
	var c check
	c.err(t.SourceKind.validate())
	c.required("source_id", t.SourceID, MaxShortText)
	if t.AttackerUUID == uuid.Nil && t.IdentityUUID == uuid.Nil {
		c.add("attacker_uuid, identity_uuid: at least one anchor is required")
	}
	c.short("session_id", t.SessionID)
	c.short("sensor", t.Sensor)
	checkTechnique(&c, t.Tactic, t.TechniqueID, t.SubTechniqueID)
	c.unit("confidence", t.Confidence)
	if math.Abs(RoundConfidence(t.Confidence)-t.Confidence) > 0 { // false for NaN
		c.add("confidence: %v is not rounded to 0.01", t.Confidence)
	}
	c.required("rule_id", t.RuleID, MaxRuleID)
	if t.RuleVersion < 1 {
		c.add("rule_version: %d, at least 1", t.RuleVersion)
	}
	c.required("rule_hash", t.RuleHash, MaxShortText)
	c.required("attack_release", t.AttackRelease, MaxShortText)
	c.time("created_at", t.CreatedAt)
	t.checkEvidence(&c)
	if t.UUID != TagID(t.identity()) {
		c.add("uuid: %s is not the id of this tag", t.UUID)
	}
	return c.result()
}

func (t *Tag) checkEvidence(c *check) {
	if t.Evidence == nil || reflect.ValueOf(t.Evidence).IsNil() { // every type is a pointer
		c.add("evidence: required")
		return
	}
	if !t.Evidence.belongsTo(t.SourceKind) {
		c.add("evidence: %T does not belong to source_kind %s", t.Evidence, t.SourceKind)
		return
	}
	t.Evidence.check(c)
}

// Candidate is a tag before the gate, on topic ttp.candidate. Its bytes are
// those of the tag that it may become.
type Candidate = Tag
