package api

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// The answers, as clients read them. Times are of events unless said
// otherwise, RFC 3339 in UTC; confidences are in [0,1].

// Rollup is a sum over current tags.
type Rollup struct {
	Tags               int64     `json:"tags" minimum:"0" doc:"How many current tags."`
	MaxConfidence      float64   `json:"max_confidence" minimum:"0" maximum:"1" doc:"The highest confidence of a tag."`
	CombinedConfidence float64   `json:"combined_confidence" minimum:"0" maximum:"1" doc:"How sure all tags together make."`
	FirstSeen          time.Time `json:"first_seen,omitzero" doc:"Absent when there are no tags."`
	LastSeen           time.Time `json:"last_seen,omitzero" doc:"Absent when there are no tags."`
	Sensors            int64     `json:"sensors,omitempty" minimum:"0" doc:"How many sensors saw it; absent where that is not kept: by session and by rule."`
}

// Technique is what is known of a technique under one tactic. A
// sub-technique's tags are not counted under its parent.
type Technique struct {
	Tactic         string   `json:"tactic" doc:"The ATT&CK tactic's id."`
	TacticName     string   `json:"tactic_name,omitempty"`
	TechniqueID    string   `json:"technique_id" doc:"Always the parent technique."`
	SubTechniqueID string   `json:"sub_technique_id,omitempty"`
	Name           string   `json:"name,omitempty" doc:"Of the most specific of the two. Absent when the server's ATT&CK release does not have it."`
	UKCPhases      []string `json:"ukc_phases" doc:"Phases of the Unified Kill Chain."`
	Rollup
}

// Attacker is what is known of one attacker.
type Attacker struct {
	AttackerUUID uuid.UUID `json:"attacker_uuid" format:"uuid"`
	Techniques   int64     `json:"techniques" minimum:"0" doc:"Techniques and sub-techniques, each once."`
	Rollup
}

// Day is one tactic on one day.
type Day struct {
	Day        string `json:"day" format:"date" doc:"In UTC."`
	Tactic     string `json:"tactic"`
	TacticName string `json:"tactic_name,omitempty"`
	Rollup
}

// Place is a record's coordinates.
type Place struct {
	Topic     string `json:"topic"`
	Partition int32  `json:"partition" minimum:"0"`
	Offset    int64  `json:"offset" minimum:"0"`
}

// Tag is one finding.
type Tag struct {
	UUID           uuid.UUID       `json:"uuid" format:"uuid"`
	State          string          `json:"state,omitempty" enum:"current,superseded,retracted" doc:"Rollups count current tags only. Absent in live events: it is not known yet."`
	CreatedAt      time.Time       `json:"created_at" doc:"When the event happened."`
	AttackerUUID   uuid.UUID       `json:"attacker_uuid,omitzero" format:"uuid"`
	IdentityUUID   uuid.UUID       `json:"identity_uuid,omitzero" format:"uuid"`
	SessionID      string          `json:"session_id,omitempty"`
	Sensor         string          `json:"sensor,omitempty"`
	Tactic         string          `json:"tactic"`
	TechniqueID    string          `json:"technique_id" doc:"Always the parent technique."`
	SubTechniqueID string          `json:"sub_technique_id,omitempty"`
	Name           string          `json:"name,omitempty" doc:"Of the most specific of the two."`
	Confidence     float64         `json:"confidence" minimum:"0" maximum:"1"`
	RuleID         string          `json:"rule_id"`
	RuleVersion    int64           `json:"rule_version" minimum:"1"`
	RuleHash       string          `json:"rule_hash" doc:"SHA-256 of the rule's text."`
	AttackRelease  string          `json:"attack_release"`
	SourceKind     string          `json:"source_kind"`
	SourceID       string          `json:"source_id" doc:"The event's id."`
	Source         *Place          `json:"source,omitempty" doc:"The fact that the tag was made from."`
	Evidence       json.RawMessage `json:"evidence" doc:"Why: what matched, secrets masked. Its fields depend on source_kind."`
}

// TagDetail is a tag with all that it stands on.
type TagDetail struct {
	Tag
	Tagged    Place    `json:"tagged" doc:"Where the tag itself is."`
	Origin    string   `json:"origin,omitempty" doc:"live or replay."`
	RunID     string   `json:"run_id,omitempty" doc:"Which replay."`
	Revision  *int64   `json:"revision,omitempty" minimum:"0" doc:"Of the rule set that judged."`
	RuleName  string   `json:"rule_name,omitempty"`
	RuleText  string   `json:"rule_text,omitempty" doc:"The exact text of the rule that made it. Absent when rules are not projected that far."`
	UKCPhases []string `json:"ukc_phases"`
}

// RuleState is what operators said about a rule.
type RuleState struct {
	Mode          string    `json:"mode" enum:"enabled,disabled,clipped"`
	ConfidenceMax *float64  `json:"confidence_max,omitempty" minimum:"0" maximum:"1" doc:"The most that tags of a clipped rule claim."`
	ExpiresAt     time.Time `json:"expires_at,omitzero" doc:"When it will be enabled again."`
	Reason        string    `json:"reason,omitempty"`
	SetBy         string    `json:"set_by,omitempty"`
	SetAt         time.Time `json:"set_at,omitzero" doc:"Absent for a rule that nobody said anything about."`
}

// Rule is a rule and its success.
type Rule struct {
	RuleID   string    `json:"rule_id"`
	Name     string    `json:"name,omitempty"`
	Version  int64     `json:"version"`
	Hash     string    `json:"hash" doc:"SHA-256 of the text."`
	Key      string    `json:"key" doc:"Under which it was published; another rule's id when several were published as one."`
	Revision int64     `json:"revision" doc:"With which this version came."`
	InForce  bool      `json:"in_force" doc:"False when it was removed."`
	Versions int64     `json:"versions" doc:"How many publications there were."`
	State    RuleState `json:"state"`
	Hits     Rollup    `json:"hits" doc:"Its current tags."`
}

// RuleVersion is one publication of a rule.
type RuleVersion struct {
	Version  int64  `json:"version"`
	Hash     string `json:"hash" doc:"SHA-256 of the text."`
	Key      string `json:"key"`
	Revision int64  `json:"revision"`
	InForce  bool   `json:"in_force"`
	Name     string `json:"name,omitempty"`
	Text     string `json:"text,omitempty" doc:"As published."`
}

// RuleDetail is a rule with its history, latest version first.
type RuleDetail struct {
	Rule
	History []RuleVersion `json:"history"`
}

// RuleHits is what a rule found.
type RuleHits struct {
	RuleID string `json:"rule_id"`
	Name   string `json:"name,omitempty"`
	Rollup
}

// Group is an adversary that MITRE tracks.
type Group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Version says what is running.
type Version struct {
	Version       string   `json:"version"`
	Go            string   `json:"go"`
	AttackRelease string   `json:"attack_release"`
	Releases      []string `json:"attack_releases"`
}

// Health says that the server answers.
type Health struct {
	OK bool `json:"ok"`
}

// Readiness says whether answers are worth having.
type Readiness struct {
	Ready    bool             `json:"ready"`
	Reasons  []string         `json:"reasons" doc:"Why not."`
	Lag      map[string]int64 `json:"lag" doc:"By topic, how many records the ledger is behind. Empty when that is not known."`
	Rules    int              `json:"rules" doc:"How many are in force."`
	Revision int64            `json:"revision" doc:"Of the rule set in force; -1 when that is not known."`
}
