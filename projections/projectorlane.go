package projections

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ttpstream/ttpstream/topology"
)

// lane is topics on their way into the ledger: a member of one group.
type lane struct {
	o      ProjectorOptions
	group  topology.Group
	topics []topology.Topic

	mu     sync.Mutex
	claims map[topology.TopicPartition]Claim
	// assignments counts them: records that were polled before the last are of
	// claims that are no more.
	assignments int64
}

// fatal is an error that will be the same the next time.
type fatal struct{ error }

// Unwrap returns what it is.
func (f fatal) Unwrap() error { return f.error }

// run is a member of the group, again and again.
func (l *lane) run(ctx context.Context, letters *letters) error {
	wait := l.backoff()
	for {
		wrote, err := l.member(ctx, letters)
		if wrote {
			wait = l.backoff()
		}
		var final fatal
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &final):
			return final.error
		case errors.Is(err, ErrFenced), errors.Is(err, ErrOutOfStep):
			l.o.Metrics.fenced.Add(1)
		}
		l.o.Metrics.rejoins.Add(1)
		l.o.Logger.Warn("projector: joining again", "group", l.group.Name, "why", err)
		if wait.sleep(ctx) != nil {
			return nil
		}
	}
}

// member joins the group and works until something is wrong. It reports
// whether anything was written.
func (l *lane) member(ctx context.Context, letters *letters) (wrote bool, err error) {
	reader, err := topology.NewPartitions(l.o.Cluster, l.group, l.start, l.topics...)
	if err != nil {
		return false, fatal{err}
	}
	defer reader.Close()
	for {
		g, err := l.gather(ctx, reader)
		switch {
		case errors.Is(err, topology.ErrOffsetLost):
			return wrote, fatal{err}
		case err != nil:
			return wrote, err
		}
		batches, err := l.batches(ctx, g, letters)
		if err != nil {
			return wrote, err
		}
		if err := l.write(ctx, batches); err != nil {
			return wrote, err
		}
		wrote = wrote || len(batches) > 0
	}
}

// start claims what this member was just given, and says where to go on.
func (l *lane) start(ctx context.Context, given []topology.TopicPartition) (map[topology.TopicPartition]int64, error) {
	var claims []Claim
	err := l.persist(ctx, func() (err error) {
		claims, err = l.o.Store.Claim(ctx, given...)
		return err
	})
	if err != nil {
		return nil, fatal{err}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.assignments++
	l.claims = make(map[topology.TopicPartition]Claim, len(claims))
	at := make(map[topology.TopicPartition]int64, len(claims))
	for _, claim := range claims {
		l.claims[claim.TopicPartition], at[claim.TopicPartition] = claim, claim.Next
	}
	l.o.Progress.moved(claims)
	return at, nil
}

// write writes batches and moves the claims.
func (l *lane) write(ctx context.Context, batches []Batch) error {
	if len(batches) == 0 {
		return nil
	}
	began := time.Now()
	err := l.persist(ctx, func() error { return l.o.Store.Write(ctx, batches...) })
	switch {
	case errors.Is(err, ErrFenced), errors.Is(err, ErrOutOfStep):
		return err
	case err != nil:
		return fatal{err}
	}
	l.o.Metrics.wrote(batches, time.Since(began))
	l.mu.Lock()
	defer l.mu.Unlock()
	moved := make([]Claim, len(batches))
	for i, b := range batches {
		moved[i] = b.Claim
		moved[i].Next = b.Next
		if at, ok := l.claims[b.Claim.TopicPartition]; ok && at.Epoch == b.Claim.Epoch {
			l.claims[b.Claim.TopicPartition] = moved[i]
		}
	}
	l.o.Progress.moved(moved)
	return nil
}

// persist does what the database cannot do now again until it can.
func (l *lane) persist(ctx context.Context, do func() error) error {
	wait := l.backoff()
	for {
		err := do()
		if !errors.Is(err, ErrUnavailable) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		l.o.Metrics.retries.Add(1)
		l.o.Logger.Warn("projector: trying again", "group", l.group.Name, "why", err)
		if err := wait.sleep(ctx); err != nil {
			return err
		}
	}
}

// claimed returns the claims there are, and how often there were new ones.
func (l *lane) claimed() (map[topology.TopicPartition]Claim, int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.claims), l.assignments
}

// batches makes batches of what was gathered. Records that are none of ours
// are with the dead letters when it returns.
func (l *lane) batches(ctx context.Context, g gathered, letters *letters) ([]Batch, error) {
	claims, _ := l.claimed()
	batches := make(map[topology.TopicPartition]*Batch, len(g.next))
	for source, next := range g.next {
		claim, ok := claims[source]
		if !ok {
			return nil, fmt.Errorf("records of %s, which was not given to us", source)
		}
		batches[source] = &Batch{Claim: claim, Next: next}
	}
	for _, r := range g.records {
		batch := batches[topology.TopicPartition{Topic: r.Topic, Partition: r.Partition}]
		entry, err := DecodeEntry(r)
		if err != nil {
			batch.Refused++
			if err := letters.refuse(r, err); err != nil {
				return nil, err
			}
			continue
		}
		batch.Entries = append(batch.Entries, entry)
	}
	if err := letters.flush(ctx); err != nil {
		return nil, err
	}
	all := make([]Batch, 0, len(batches))
	for _, source := range slices.SortedFunc(maps.Keys(batches), bySource) {
		all = append(all, *batches[source])
	}
	return all, nil
}
