package projectiontest

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// partitions of the random logs.
const partitions = 2

// drawLogs draws what ttp.tagged may hold: versions, copies, tags below the
// floor, and retractions with their undo, out of order and repeated. copies of
// a tag have the bytes and coordinates of the first.
func drawLogs(tb testing.TB, rt *rapid.T) []*Log {
	logs := make([]*Log, partitions)
	for i := range logs {
		logs[i] = NewLog(tb, topology.Tagged, int32(i))
	}
	copies := make(map[Finding]projections.Entry)
	for range rapid.IntRange(1, 40).Draw(rt, "findings") {
		f := drawFinding(rt)
		log := logs[f.Partition(partitions)]
		if first, known := copies[f]; known {
			log.entries = append(log.entries, first)
			continue
		}
		log.Find(f)
		copies[f] = log.entries[log.Len()-1]
	}
	for range rapid.IntRange(0, 6).Draw(rt, "words") {
		r := drawWord(tb, rt)
		for _, log := range logs {
			log.Add(r)
		}
	}
	for _, log := range logs {
		log.entries = rapid.Permutation(log.entries).Draw(rt, "order")
	}
	return logs
}

func drawFinding(rt *rapid.T) Finding {
	f := Finding{
		Event: rapid.IntRange(0, 9).Draw(rt, "event"), Rule: rapid.IntRange(1, 2).Draw(rt, "rule"),
		Version: rapid.Int64Range(1, 3).Draw(rt, "version"), Technique: rapid.IntRange(0, 3).Draw(rt, "technique"),
	}
	if f.Technique == 3 && f.Event%2 == 0 {
		f.Technique = 1 // the same technique under another tactic would have the same uuid
	} else if f.Technique == 1 && f.Event%2 == 1 {
		f.Technique = 3
	}
	// A pure function of the rest: one uuid, one content.
	f.Step = 25 + (f.Event*13+int(f.Version)*31+f.Technique*7)%76
	return f
}

// drawWord draws a word. A sequence is one word's only, which may come twice:
// so what a word says follows from its target and its sequence alone. Were it
// drawn, the first to come of two different words would win, and the order
// would matter once in a thousand logs. Few sequences make copies frequent.
func drawWord(tb testing.TB, rt *rapid.T) *schemas.Retraction {
	sequence := rapid.Int64Range(0, 20).Draw(rt, "sequence")
	restore := sequence%3 == 0
	f := drawFinding(rt)
	switch rapid.IntRange(0, 7).Draw(rt, "target") {
	case 0:
		return ofID(sequence, schemas.TargetAttacker, f.Attacker(), false)
	case 1, 2:
		return ofID(sequence, schemas.TargetTag, f.Tag(tb).UUID, restore)
	case 3:
		return ofRule(sequence, f.Rule, 0, restore)
	case 4:
		return word(sequence, func(r *schemas.Retraction) {
			r.RuleID, r.Version, r.Below, r.Restore = f.RuleID(), 0, f.Version, restore
		})
	case 5:
		return word(sequence, func(r *schemas.Retraction) {
			r.RuleID, r.Version, r.From, r.To, r.Restore = f.RuleID(), 0, f.Time(), f.Time().Add(20*time.Hour), restore
		})
	}
	return ofRule(sequence, f.Rule, f.Version, restore)
}

// deliver writes logs in batches drawn at random, some of several partitions.
// It returns the store's error.
func deliver(ctx context.Context, rt *rapid.T, store projections.Store, logs []*Log) error {
	sources := make([]topology.TopicPartition, len(logs))
	for i, log := range logs {
		sources[i] = log.Source()
	}
	claims, err := store.Claim(ctx, sources...)
	if err != nil {
		return err
	}
	for {
		var batches []projections.Batch
		var behind bool
		for i, log := range logs {
			from := int(max(claims[i].Next, 0))
			behind = behind || from < log.Len()
			end := from + rapid.IntRange(0, log.Len()-from).Draw(rt, "batch")
			if end > from {
				batches = append(batches, log.Batch(claims[i], end))
				claims[i].Next = int64(end)
			}
		}
		if !behind {
			return nil
		}
		if err := store.Write(ctx, batches...); err != nil {
			return err
		}
	}
}

// Whatever order and batches records come in, the ledger is the same and is
// what the model says.
func testAnyOrder(t *testing.T, fresh New) {
	rapid.Check(t, func(rt *rapid.T) {
		logs := drawLogs(t, rt)
		var want map[string]string
		for range 3 {
			for _, log := range logs {
				log.entries = rapid.Permutation(log.entries).Draw(rt, "order")
			}
			iterate(t, func(tb testing.TB) {
				store := open(tb, fresh)
				if err := deliver(t.Context(), rt, store, logs); err != nil {
					rt.Fatal(err)
				}
				got := Check(rt, t.Context(), store, logs...)
				if want == nil {
					want = got
				}
				same(rt, "in another order", want, got)
			})
		}
	})
}

// Killed again and again at random statements, the program ends where it would
// have.
func testModelAgrees(t *testing.T, fresh New) {
	rapid.Check(t, func(rt *rapid.T) {
		iterate(t, func(tb testing.TB) { killedAtRandom(tb, rt, fresh(tb)) })
	})
}

func killedAtRandom(tb testing.TB, rt *rapid.T, database Open) {
	logs := drawLogs(tb, rt)
	kills := rapid.SliceOfN(rapid.IntRange(1, 60), 0, 5).Draw(rt, "kills")
	for _, at := range append(kills, 0) {
		faults := &Faults{At: at}
		store := database(tb, faults.Wrap)
		faults.Arm()
		err := deliver(tb.Context(), rt, store, logs)
		if err != nil && !faults.Struck() {
			rt.Fatalf("not killed, and yet: %v", err)
		}
		if err != nil && (errors.Is(err, projections.ErrFenced) || errors.Is(err, projections.ErrOutOfStep)) {
			rt.Fatalf("the only owner was refused: %v", err)
		}
		_ = store.Close() // of a program that is dead
	}
	Check(rt, tb.Context(), opened(tb, database), logs...)
}
