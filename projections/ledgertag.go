package projections

import (
	"math"
	"time"

	"github.com/google/uuid"
)

// Floor is the least confidence that a ledger stores. Processors hold to it
// too; here it is enforced.
const Floor = 0.3

// LikelyFloor is the confidence from which on people are shown a tag unless
// they ask for more.
const LikelyFloor = 0.6

// State is what a tag counts for.
type State int

// The states. Rollups count current tags only.
const (
	// StateCurrent: the finding's highest version that is not retracted.
	StateCurrent State = iota
	// StateSuperseded: a higher version of the rule says the same.
	StateSuperseded
	// StateRetracted: taken back.
	StateRetracted
)

// String returns the state as answers spell it.
func (s State) String() string {
	switch s {
	case StateCurrent:
		return "current"
	case StateSuperseded:
		return "superseded"
	case StateRetracted:
		return "retracted"
	}
	return "unknown"
}

// TagRow is a tag as a ledger stores it: all its fields, where it came from and
// what it counts for. Texts have U+2400 where the record had U+0000, which
// PostgreSQL has no place for; SessionID and Sensor are [ShortID].
type TagRow struct {
	// Row is the store's own number of the row, 0 for one that is not stored.
	// It is another in every ledger.
	Row  int64
	UUID uuid.UUID
	// Finding is the same for all versions of a rule that say the same of the
	// same event.
	Finding        uuid.UUID
	SourceKind     string
	SourceID       string
	AttackerUUID   uuid.UUID
	IdentityUUID   uuid.UUID
	SessionID      string
	Sensor         string
	Tactic         string
	TechniqueID    string
	SubTechniqueID string
	// Step is the confidence in hundredths, 30 to 100.
	Step          int
	RuleID        string
	RuleVersion   int64
	RuleHash      string
	AttackRelease string
	// Evidence is JSON, exactly as it came.
	Evidence string
	// CreatedAt is the event's time in nanoseconds since 1970: databases round
	// their own times, each in another way.
	CreatedAt int64
	// Content is 64 bits of the SHA-256 of the record's bytes.
	Content int64
	// Origin is live or replay; RunID names the run of a replay.
	Origin, RunID string
	// Revision of the rule set that judged, -1 when it is not known.
	Revision int64
	// SourceTopic, SourcePartition and SourceOffset say which fact the tag was
	// made from. The topic is empty when that is not known.
	SourceTopic     string
	SourcePartition int32
	SourceOffset    int64
	// TaggedPartition and TaggedOffset say where on ttp.tagged it is.
	TaggedPartition int32
	TaggedOffset    int64
	State           State
}

// Confidence returns the confidence in [0,1].
func (t *TagRow) Confidence() float64 { return float64(t.Step) / 100 }

// Time returns the event's time, UTC.
func (t *TagRow) Time() time.Time { return time.Unix(0, t.CreatedAt).UTC() }

// Day returns the event's day in UTC, as 2026-11-24.
func (t *TagRow) Day() string { return t.Time().Format(time.DateOnly) }

// Technique returns the most specific id.
func (t *TagRow) Technique() string {
	if t.SubTechniqueID != "" {
		return t.SubTechniqueID
	}
	return t.TechniqueID
}

// StepOf returns the confidence in hundredths.
func StepOf(confidence float64) int { return int(math.Round(confidence * 100)) }

// Nanoseconds returns t as a ledger stores it. Times that do not fit, before
// 1678 and after 2262, become the first and the last that do.
func Nanoseconds(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	}
	return t.UnixNano()
}
