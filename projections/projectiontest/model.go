package projectiontest

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
)

// Model says what a ledger of some logs holds: the state of each tag, found by
// looking at everything for each tag again. It shares nothing with the fold but
// what a retraction covers.
func Model(logs ...*Log) map[uuid.UUID]projections.State {
	states := make(map[uuid.UUID]projections.State)
	for _, log := range logs {
		tags := stored(log)
		words := lastWords(log)
		for _, t := range tags {
			states[t.UUID] = stateOf(t, tags, words)
		}
	}
	return states
}

// stored returns the tags of a log that are kept, each once.
func stored(log *Log) (tags []*projections.TagRow) {
	seen := make(map[uuid.UUID]bool)
	for i, e := range log.entries {
		t := e.Tag
		if t == nil || t.Step < 30 || seen[t.UUID] || purged(t, log, i) {
			continue
		}
		seen[t.UUID] = true
		tags = append(tags, t)
	}
	return tags
}

// purged reports whether a purge is in force when the tag comes, or comes
// later: the purges that models are asked about are final.
func purged(t *projections.TagRow, log *Log, _ int) bool {
	for _, word := range lastWords(log) {
		if projections.IsPurge(word) && projections.Covers(word, t) {
			return true
		}
	}
	return false
}

func lastWords(log *Log) map[string]*schemas.Retraction {
	words := make(map[string]*schemas.Retraction)
	for _, e := range log.entries {
		if r := e.Retraction; r != nil && (words[r.Key()] == nil || words[r.Key()].Sequence < r.Sequence) {
			words[r.Key()] = r
		}
	}
	return words
}

func stateOf(t *projections.TagRow, tags []*projections.TagRow, words map[string]*schemas.Retraction) projections.State {
	if retracted(t, words) {
		return projections.StateRetracted
	}
	for _, other := range tags {
		same := other.SourceKind == t.SourceKind && other.SourceID == t.SourceID && other.RuleID == t.RuleID &&
			other.TechniqueID == t.TechniqueID && other.SubTechniqueID == t.SubTechniqueID
		if same && other.RuleVersion > t.RuleVersion && !retracted(other, words) {
			return projections.StateSuperseded
		}
	}
	return projections.StateCurrent
}

func retracted(t *projections.TagRow, words map[string]*schemas.Retraction) bool {
	for _, word := range words {
		if !word.Restore && projections.Covers(word, t) {
			return true
		}
	}
	return false
}

// checker is a test, of package testing or of rapid.
type checker interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Check compares a store with the model, and its rollups with a recount. It
// returns the checksums.
func Check(tb checker, ctx context.Context, store projections.Store, logs ...*Log) map[string]string {
	tb.Helper()
	got := make(map[uuid.UUID]projections.State)
	err := store.EachTag(ctx, func(t *projections.TagRow) error {
		got[t.UUID] = t.State
		return nil
	})
	if err != nil {
		tb.Fatalf("%v", err)
	}
	if diff := cmp.Diff(Model(logs...), got); diff != "" {
		tb.Fatalf("states (-want +got):\n%s", diff)
	}
	audit, err := store.Audit(ctx)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	for _, d := range audit.Differences {
		tb.Errorf("a recount disagrees: %s", d)
	}
	return audit.Checksums
}

// Same fails unless two ledgers, by their checksums, hold the same.
func Same(tb testing.TB, what string, want, got map[string]string) {
	tb.Helper()
	same(tb, what, want, got)
}

// same fails unless two ledgers hold the same.
func same(tb checker, what string, want, got map[string]string) {
	tb.Helper()
	if !maps.Equal(want, got) {
		tb.Fatalf("%s: the ledgers differ (-want +got):\n%s", what, cmp.Diff(want, got))
	}
}

// states spells the states of a rule's tags in the order of events and
// versions, for cases.
func states(tb testing.TB, store projections.Store) map[string]string {
	tb.Helper()
	got := make(map[string]string)
	err := store.EachTag(bounded(tb), func(t *projections.TagRow) error {
		got[fmt.Sprintf("%s.%d %s", t.RuleID, t.RuleVersion, t.Technique())] += t.State.String()
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return got
}
