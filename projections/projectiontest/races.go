package projectiontest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

// Persist writes a log to its end in batches of a size, as a projector does: it
// claims anew when it is refused, and tries again when the database cannot.
func Persist(ctx context.Context, store projections.LedgerWriter, log *Log, size int) error {
	_, err := persistent(ctx, store, log, size)
	return err
}

// persistent writes a log to its end as a projector does: it takes turns when
// it is refused, and tries again when the database cannot. It returns any other
// error, and how often it was refused.
func persistent(ctx context.Context, store projections.LedgerWriter, log *Log, size int) (refused int, err error) {
	for {
		claims, err := store.Claim(ctx, log.Source())
		if errors.Is(err, projections.ErrUnavailable) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return refused, err
		}
		claim := claims[0]
		for {
			next := int(max(claim.Next, 0))
			if next >= log.Len() {
				return refused, nil
			}
			end := min(next+size, log.Len())
			err := store.Write(ctx, log.Batch(claim, end))
			if errors.Is(err, projections.ErrUnavailable) && ctx.Err() == nil {
				continue
			}
			if errors.Is(err, projections.ErrFenced) || errors.Is(err, projections.ErrOutOfStep) {
				refused++
				break
			}
			if err != nil {
				return refused, err
			}
			claim.Next = int64(end)
		}
	}
}

// Owners of different partitions write the same rollups at the same time, and
// take each other's turns: nothing is lost and none waits for ever.
func testConcurrentOwners(t *testing.T, fresh New) {
	database := fresh(t)
	const owners = 4
	logs := make([]*Log, owners)
	for i := range logs {
		logs[i] = NewLog(t, topology.Tagged, int32(i))
		for n := range 150 {
			// Attackers are of one partition; techniques, days and rules are shared.
			event := (n*attackers*owners + i) * 1
			logs[i].Find(Finding{Event: event + n%7*owners*attackers, Rule: 1 + n%3, Version: int64(1 + n%2), Technique: n % 4, Step: 60 + n%5})
			if n%40 == 39 {
				logs[i].Add(ofRule(int64(n), 1+n%3, 1, n%80 == 79))
			}
		}
	}
	var wait sync.WaitGroup
	ctx := bounded(t)
	for _, log := range logs {
		store := opened(t, database)
		wait.Go(func() {
			if _, err := persistent(ctx, store, log, 7); err != nil {
				t.Errorf("owner of %s: %v", log.Source(), err)
			}
		})
	}
	wait.Wait()
	Check(t, ctx, opened(t, database), logs...)
}

// Several that take themselves for the owner of one partition: each record is
// written once, whoever gets to it.
func testRivalOwners(t *testing.T, fresh New) {
	database := fresh(t)
	log := NewLog(t, topology.Tagged, 0)
	for event := range 200 {
		log.Find(Finding{Event: event, Rule: 1, Technique: event % 4, Step: 60 + event%5})
	}
	var wait sync.WaitGroup
	ctx := bounded(t)
	for range 3 {
		store := opened(t, database)
		wait.Go(func() {
			refused, err := persistent(ctx, store, log, 5)
			if err != nil {
				t.Error(err)
			}
			t.Logf("refused %d times", refused)
		})
	}
	wait.Wait()
	last := opened(t, database)
	Check(t, ctx, last, log)
	if p := must[[]projections.Position](t)(last.Positions(ctx))[0]; p.Next != int64(log.Len()) || p.Repeats != 0 {
		t.Errorf("position %+v", p)
	}
}

// Questions are answered while a transaction writes, and see none of it.
func testReadersDoNotWait(t *testing.T, fresh New) {
	database := fresh(t)
	log := NewLog(t, topology.Tagged, 0)
	for event := range 400 {
		log.Find(Finding{Event: event, Rule: 1, Technique: event % 4, Step: 60})
	}
	writer, reader, ctx := opened(t, database), opened(t, database), bounded(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := persistent(ctx, writer, log, 20); err != nil {
			t.Error(err)
		}
	}()
	for asked := 0; ; asked++ {
		rollups := must[[]projections.TechniqueRollup](t)(reader.Techniques(ctx, 0))
		var tags int64
		for _, r := range rollups {
			tags += r.Tags
		}
		if tags%20 != 0 {
			t.Fatalf("half a transaction is seen: %d tags", tags)
		}
		select {
		case <-done:
			t.Logf("asked %d times", asked)
			return
		default:
		}
	}
}
