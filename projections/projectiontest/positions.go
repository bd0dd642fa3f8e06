package projectiontest

import (
	"errors"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

// Positions begin at the oldest record, move with what is written, and are
// where the next owner goes on.
func testPositions(t *testing.T, fresh New) {
	database := fresh(t)
	store, ctx := opened(t, database), bounded(t)
	log := NewLog(t, topology.Tagged, 1)
	for event := range 10 {
		log.Find(Finding{Event: event, Step: 50})
	}
	other := topology.TopicPartition{Topic: topology.Tagged.Name, Partition: 0}
	claims := must[[]projections.Claim](t)(store.Claim(ctx, log.Source(), other))
	if claims[0].TopicPartition != log.Source() || claims[0].Next != topology.Oldest || claims[0].Epoch != 1 || claims[1].TopicPartition != other {
		t.Fatalf("first claims: %+v", claims)
	}
	first := log.Batch(claims[0], 4)
	first.Refused = 2
	if err := store.Write(ctx, first); err != nil {
		t.Fatal(err)
	}
	again := must[[]projections.Claim](t)(opened(t, database).Claim(ctx, log.Source()))[0]
	if again.Next != 4 || again.Epoch != 2 {
		t.Fatalf("the next claim: %+v", again)
	}
	if err := store.Write(ctx, log.Batch(again, 10)); err != nil {
		t.Fatal(err)
	}
	positions := must[[]projections.Position](t)(store.Positions(ctx))
	if len(positions) != 2 || positions[0].TopicPartition != other || positions[1].Next != 10 || positions[1].Refused != 2 {
		t.Errorf("positions: %+v", positions)
	}
	Check(t, ctx, store, log)
}

// An owner that was replaced writes nothing more, whatever it holds; its
// successor is not disturbed.
func testZombie(t *testing.T, fresh New) {
	database := fresh(t)
	zombie, successor, ctx := opened(t, database), opened(t, database), bounded(t)
	log := NewLog(t, topology.Tagged, 0)
	for event := range 10 {
		log.Find(Finding{Event: event, Step: 50})
	}
	old := must[[]projections.Claim](t)(zombie.Claim(ctx, log.Source()))[0]
	if err := zombie.Write(ctx, log.Batch(old, 3)); err != nil {
		t.Fatal(err)
	}
	old.Next = 3
	now := must[[]projections.Claim](t)(successor.Claim(ctx, log.Source()))[0]
	if now.Next != 3 {
		t.Fatalf("the successor goes on from %+v", now)
	}
	before := Check(t, ctx, successor, startOf(log, 3))
	fenced := func() {
		t.Helper()
		if err := zombie.Write(ctx, log.Batch(old, 6)); !errors.Is(err, projections.ErrFenced) {
			t.Fatalf("the zombie wrote: %v", err)
		}
	}
	fenced()
	same(t, "after the zombie", before, Check(t, ctx, successor, startOf(log, 3)))
	if err := successor.Write(ctx, log.Batch(now, 6)); err != nil {
		t.Fatal(err)
	}
	fenced()
	now.Next = 6
	if err := successor.Write(ctx, log.Batch(now, 10)); err != nil {
		t.Fatal(err)
	}
	fenced()
	Check(t, ctx, zombie, log)
	// With another source in the same transaction, neither is written.
	other := NewLog(t, topology.Tagged, 1).Find(Finding{Event: 100, Step: 50})
	mine := must[[]projections.Claim](t)(zombie.Claim(ctx, other.Source()))[0]
	if err := zombie.Write(ctx, other.Batch(mine, 1), log.Batch(old, 6)); !errors.Is(err, projections.ErrFenced) {
		t.Fatalf("the zombie wrote: %v", err)
	}
	Check(t, ctx, successor, log)
}

// startOf returns the start of a log.
func startOf(l *Log, n int) *Log {
	start := *l
	start.entries = l.entries[:n]
	return &start
}

// A batch that is written again, because the answer was lost, changes nothing;
// one that begins elsewhere is refused.
func testWrittenOnce(t *testing.T, fresh New) {
	store, ctx := open(t, fresh), bounded(t)
	log := NewLog(t, topology.Tagged, 0)
	for event := range 10 {
		log.Find(Finding{Event: event, Step: 50})
	}
	claim := must[[]projections.Claim](t)(store.Claim(ctx, log.Source()))[0]
	for range 3 {
		if err := store.Write(ctx, log.Batch(claim, 5)); err != nil {
			t.Fatal(err)
		}
	}
	sums := Check(t, ctx, store, startOf(log, 5))
	claim.Next = 7
	if err := store.Write(ctx, log.Batch(claim, 10)); !errors.Is(err, projections.ErrOutOfStep) {
		t.Errorf("a batch behind a gap: %v", err)
	}
	claim.Next = 2
	if err := store.Write(ctx, log.Batch(claim, 8)); !errors.Is(err, projections.ErrOutOfStep) {
		t.Errorf("a batch from the past: %v", err)
	}
	unclaimed := NewLog(t, topology.Tagged, 8).Find(Finding{Step: 50})
	if err := store.Write(ctx, unclaimed.Batch(projections.Claim{TopicPartition: unclaimed.Source(), Next: topology.Oldest}, 1)); !errors.Is(err, projections.ErrFenced) {
		t.Errorf("a batch that nobody claimed: %v", err)
	}
	same(t, "after what was refused", sums, Check(t, ctx, store, startOf(log, 5)))
}
