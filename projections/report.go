package projections

import (
	"time"

	"github.com/google/uuid"
)

// Report is a [Picture] with names, order and the numbers of the [Intake]: all
// that the text, the JSON and the Navigator layer are made from. Its JSON
// field names are stable: fields may be added, none change meaning.
type Report struct {
	// AttackRelease is the release that names and order are from.
	AttackRelease string `json:"attack_release"`
	// TagReleases are the releases that the tags themselves name, by name.
	TagReleases []string `json:"tag_releases"`
	// LikelyConfidence is the confidence from which on a tag counts as likely.
	LikelyConfidence float64 `json:"likely_confidence"`
	Intake           Intake  `json:"intake"`
	Totals           Totals  `json:"totals"`
	// Tactics are in the order of the matrix, then those that the release does
	// not have, by id. Only tactics with tags are there.
	Tactics []TacticRow `json:"tactics"`
	// Attackers are ranked by techniques, then tags, then confidence: who did
	// most kinds of things comes before who repeated one most often.
	Attackers []AttackerRow `json:"attackers"`
}

// Numbers is what is summed up over tags.
type Numbers struct {
	Tags int64 `json:"tags"`
	// Likely is how many of them have at least [LikelyConfidence].
	Likely        int64   `json:"likely"`
	MaxConfidence float64 `json:"max_confidence"`
	// FirstSeen and LastSeen are times of events, UTC. Zero without tags.
	FirstSeen time.Time `json:"first_seen,omitzero"`
	LastSeen  time.Time `json:"last_seen,omitzero"`
}

// Totals are the numbers of the whole report.
type Totals struct {
	Numbers
	// Techniques counts techniques and sub-techniques, each once however many
	// tactics it was seen under. Tactics counts those with tags.
	Techniques int   `json:"techniques"`
	Tactics    int   `json:"tactics"`
	Attackers  Count `json:"attackers"`
	Sessions   Count `json:"sessions"`
	// IdentityOnly is the number of tags that name an identity, no attacker.
	IdentityOnly int64 `json:"identity_only_tags"`
	// Unranked is the number of tags of attackers beyond the bound on those
	// that are followed one by one.
	Unranked int64 `json:"unranked_attacker_tags"`
	// Dropped says that there were more techniques than are kept, which no
	// ATT&CK release has.
	Dropped bool `json:"techniques_dropped,omitempty"`
}

// TacticRow is one column of the matrix.
type TacticRow struct {
	ID string `json:"tactic"`
	// ShortName and Name are empty when the release does not have the tactic.
	ShortName string `json:"short_name"`
	Name      string `json:"name"`
	Numbers
	Attackers Count `json:"attackers"`
	Sessions  Count `json:"sessions"`
	// Techniques are ranked by tags, then by id.
	Techniques []TechniqueRow `json:"techniques"`
}

// TechniqueRow is a technique or sub-technique under one tactic. A
// sub-technique's tags are not counted under its parent.
type TechniqueRow struct {
	// ID is the most specific id, such as T1059.004; TechniqueID its parent,
	// or the same.
	ID          string `json:"id"`
	TechniqueID string `json:"technique_id"`
	// Name is the technique's own; Parent is the name of the technique that a
	// sub-technique belongs to. Empty when the release does not have it.
	Name   string `json:"name"`
	Parent string `json:"parent_name,omitempty"`
	// InRelease is false when the release has no such technique under the
	// tactic: tags made under another release.
	InRelease bool `json:"in_release"`
	Numbers
	Attackers Count `json:"attackers"`
	Sessions  Count `json:"sessions"`
	// Rules are those that made the tags, by tags, then by id.
	Rules []RuleShare `json:"rules"`
	// Evidence are the tokens that matched most, longer ones first among
	// equals; Tokens is how many different ones there were.
	Evidence []TokenShare `json:"evidence"`
	Tokens   Count        `json:"tokens"`
}

// RuleShare is a rule and the tags it made.
type RuleShare struct {
	RuleID string `json:"rule_id"`
	Tags   int64  `json:"tags"`
}

// TokenShare is a piece of evidence and the tags that show it.
type TokenShare struct {
	// Text is what the attacker wrote, secrets masked, nothing else changed.
	Text string `json:"text"`
	Tags int64  `json:"tags"`
}

// AttackerRow is one attacker.
type AttackerRow struct {
	AttackerUUID uuid.UUID `json:"attacker_uuid"`
	// Address is the source address, where the caller knows it.
	Address string `json:"address,omitempty"`
	Numbers
	// Techniques counts techniques and sub-techniques, each once.
	Techniques Count `json:"techniques"`
}
