package projections

import (
	"slices"

	"github.com/google/uuid"
)

// Restate gives a stored tag another state.
type Restate struct {
	Row   int64
	State State
}

// Changes are what a fold does to a ledger.
type Changes struct {
	// Insert are new tags, with their state.
	Insert []*TagRow
	// Restate and Delete name stored tags by their row.
	Restate []Restate
	Delete  []int64
	// Rollups are what follows for the sums.
	Rollups Rollups
	// Counted for the position: see [Position].
	Repeats, Conflicts, BelowFloor, Purged int64
}

// Fold makes tags of one partition part of what a ledger holds. held are the
// stored tags of all findings that are touched: those of incoming, and those
// whose retraction has changed. words are the retractions in force. It is
// pure, but for the state of incoming, which it sets.
//
// Of tags with one uuid the first wins: an identical copy is a repeat, any
// other a conflict. Of the versions of a finding the highest that is not
// retracted is current. Tags of other partitions are not changed: their words
// may differ, and their owner may be another.
func Fold(partition int32, held []*TagRow, words *Words, incoming []*TagRow) *Changes {
	f := fold{
		partition: partition, words: words, changes: &Changes{Rollups: make(Rollups)},
		findings: make(map[uuid.UUID]*finding, len(held)+len(incoming)),
	}
	for _, row := range held {
		at := f.finding(row.Finding)
		at.versions = append(at.versions, row)
	}
	for _, row := range incoming {
		f.take(row)
	}
	for _, at := range f.order {
		f.settle(at)
	}
	return f.changes
}

// finding is a finding's tags, one per version.
type finding struct {
	versions []*TagRow
}

type fold struct {
	partition int32
	words     *Words
	findings  map[uuid.UUID]*finding
	order     []*finding
	changes   *Changes
}

func (f *fold) finding(id uuid.UUID) *finding {
	at := f.findings[id]
	if at == nil {
		at = new(finding)
		f.findings[id] = at
		f.order = append(f.order, at)
	}
	return at
}

// take lets an incoming tag in, or counts why not.
func (f *fold) take(row *TagRow) {
	if row.Step < StepOf(Floor) {
		f.changes.BelowFloor++
		return
	}
	at := f.finding(row.Finding)
	if i := slices.IndexFunc(at.versions, func(v *TagRow) bool { return v.UUID == row.UUID }); i >= 0 {
		if at.versions[i].Content == row.Content {
			f.changes.Repeats++
		} else {
			f.changes.Conflicts++
		}
		return
	}
	if f.words.Purged(row) {
		f.changes.Purged++
		return
	}
	at.versions = append(at.versions, row)
}

// settle gives each version of a finding its state.
func (f *fold) settle(at *finding) {
	var highest *TagRow
	for _, v := range at.versions {
		if v.TaggedPartition != f.partition || f.words.Purged(v) || f.words.Retracted(v) {
			continue
		}
		if highest == nil || v.RuleVersion > highest.RuleVersion {
			highest = v
		}
	}
	for _, v := range at.versions {
		if v.TaggedPartition == f.partition {
			f.restate(v, highest)
		}
	}
}

func (f *fold) restate(v, highest *TagRow) {
	state := StateSuperseded
	switch {
	case v == highest:
		state = StateCurrent
	case f.words.Retracted(v):
		state = StateRetracted
	}
	counted, counts := v.Row != 0 && v.State == StateCurrent, state == StateCurrent
	switch {
	case v.Row == 0:
		v.State = state
		f.changes.Insert = append(f.changes.Insert, v)
	case f.words.Purged(v):
		f.changes.Delete = append(f.changes.Delete, v.Row)
	case v.State != state:
		f.changes.Restate = append(f.changes.Restate, Restate{v.Row, state})
	}
	switch {
	case counts && !counted:
		f.changes.Rollups.Add(v)
	case counted && !counts:
		f.changes.Rollups.Remove(v)
	}
}
