package projections

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Dimension is what a rollup is by.
type Dimension int

// The dimensions, in the order in which their rows are locked.
const (
	ByTechnique Dimension = iota
	ByAttacker
	BySession
	ByDay
	ByRule
	BySensor
	// ByIdentity counts the tags that have an identity and no attacker. Those of
	// attackers that are linked to an identity are added when one asks: see
	// [Link].
	ByIdentity
	// OfAttacker is one row per attacker over everything, for lists in the
	// order of the last activity. Its bounds come from ByAttacker.
	OfAttacker
	dimensions
)

// RollupKey names one row of a rollup.
type RollupKey struct {
	Dimension Dimension
	// Subject is the attacker's or the identity's 16 bytes, the session's id, the
	// day, the rule's id or the sensor. Empty by technique.
	Subject string
	// The rest is empty, and Step 0, for OfAttacker.
	Tactic, TechniqueID, SubTechniqueID string
	// Step is the confidence in hundredths. That each has a row of its own is
	// what lets a question name any floor.
	Step int
}

// RollupDelta is by how much a row of a rollup changes. Deltas add up in any
// order.
type RollupDelta struct {
	Tags int64
	// First and Last bound the times of the tags that were added. First is
	// after Last when none was.
	First, Last int64
	// GoneFirst and GoneLast bound those of the tags that were removed: where
	// one of them was the row's own bound, the bound must be looked up.
	GoneFirst, GoneLast int64
	// Removed says that tags were removed, whatever was added.
	Removed bool
	// Sensors is by how much the tags of each sensor change.
	Sensors map[string]int64
}

// Rollups are changes of rollups by key.
type Rollups map[RollupKey]*RollupDelta

// Add counts a tag.
func (r Rollups) Add(t *TagRow) { r.count(t, 1) }

// Remove takes a tag out again.
func (r Rollups) Remove(t *TagRow) { r.count(t, -1) }

func (r Rollups) count(t *TagRow, sign int64) {
	for d := range dimensions {
		if key, ok := keyOf(d, t); ok {
			r.at(key).count(t, sign)
		}
	}
}

// keyOf returns the row that a tag counts in, if it does in that dimension.
func keyOf(d Dimension, t *TagRow) (key RollupKey, ok bool) {
	key = RollupKey{d, "", t.Tactic, t.TechniqueID, t.SubTechniqueID, t.Step}
	var none [16]byte
	switch d {
	case ByAttacker:
		key.Subject = string(t.AttackerUUID[:])
		return key, t.AttackerUUID != none
	case BySession:
		key.Subject = t.SessionID
		return key, t.SessionID != ""
	case ByDay:
		key.Subject = t.Day()
	case ByRule:
		key.Subject = t.RuleID
	case BySensor:
		key.Subject = t.Sensor
	case ByIdentity:
		key.Subject = string(t.IdentityUUID[:])
		return key, t.IdentityUUID != none && t.AttackerUUID == none
	case OfAttacker:
		return RollupKey{Dimension: d, Subject: string(t.AttackerUUID[:])}, t.AttackerUUID != none
	}
	return key, true
}

func (r Rollups) at(key RollupKey) *RollupDelta {
	delta := r[key]
	if delta == nil {
		delta = &RollupDelta{First: math.MaxInt64, Last: math.MinInt64, GoneFirst: math.MaxInt64, GoneLast: math.MinInt64}
		r[key] = delta
	}
	return delta
}

func (d *RollupDelta) count(t *TagRow, sign int64) {
	d.Tags += sign
	if sign > 0 {
		d.First, d.Last = min(d.First, t.CreatedAt), max(d.Last, t.CreatedAt)
	} else {
		d.GoneFirst, d.GoneLast = min(d.GoneFirst, t.CreatedAt), max(d.GoneLast, t.CreatedAt)
		d.Removed = true
	}
	if d.Sensors == nil {
		d.Sensors = make(map[string]int64, 1)
	}
	d.Sensors[t.Sensor] += sign
}

// Merge adds other, which it may keep parts of.
func (r Rollups) Merge(other Rollups) {
	for key, from := range other {
		to, known := r[key]
		if !known {
			r[key] = from
			continue
		}
		to.Tags += from.Tags
		to.First, to.Last = min(to.First, from.First), max(to.Last, from.Last)
		to.GoneFirst, to.GoneLast = min(to.GoneFirst, from.GoneFirst), max(to.GoneLast, from.GoneLast)
		to.Removed = to.Removed || from.Removed
		for sensor, n := range from.Sensors {
			to.Sensors[sensor] += n
		}
	}
}

// Sorted returns the keys of one dimension in the order in which every
// transaction locks them, so that no two wait for each other.
func (r Rollups) Sorted(d Dimension) []RollupKey {
	keys := slices.DeleteFunc(slices.Collect(maps.Keys(r)), func(k RollupKey) bool { return k.Dimension != d })
	slices.SortFunc(keys, func(a, b RollupKey) int {
		return cmp.Or(strings.Compare(a.Subject, b.Subject), strings.Compare(a.Tactic, b.Tactic),
			strings.Compare(a.TechniqueID, b.TechniqueID), strings.Compare(a.SubTechniqueID, b.SubTechniqueID), cmp.Compare(a.Step, b.Step))
	})
	return keys
}

// String names the row in messages.
func (k RollupKey) String() string {
	return fmt.Sprintf("dimension %d of %q: %s %s %s at %d", k.Dimension, k.Subject, k.Tactic, k.TechniqueID, k.SubTechniqueID, k.Step)
}
