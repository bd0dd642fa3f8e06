package topology

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Reader reads a topic from given offsets, partition by partition in order, without a group. What transactions
// aborted is not seen. It is for one goroutine.
type Reader struct {
	c     Cluster
	topic Topic
	cl    *kgo.Client
	adm   *kadm.Client
	next  map[int32]int64
}

// From says where a Reader begins. The zero value is the oldest record of every partition.
type From struct {
	// End begins behind the newest record of every partition.
	End bool
	// Offsets begins at these offsets and reads these partitions only.
	Offsets map[int32]int64
}

// pollRecords bounds what one Poll returns.
const pollRecords = 10_000

// NewReader makes a reader of t and looks its offsets up. It fails with [ErrOffsetLost] when an offset asked
// for is not in the log.
func NewReader(ctx context.Context, c Cluster, t Topic, from From) (*Reader, error) {
	admin, err := NewAdmin(c)
	if err != nil {
		return nil, err
	}
	defer admin.Close()
	c = admin.c
	next, err := admin.resolve(ctx, t, from)
	if err != nil {
		return nil, fmt.Errorf("reader: %w", err)
	}
	at := make(map[int32]kgo.Offset, len(next))
	for p, o := range next {
		at[p] = kgo.NewOffset().At(o)
	}
	cl, err := kgo.NewClient(append(readerOptions(c), kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{c.Topic(t): at}))...)
	if err != nil {
		return nil, fmt.Errorf("reader: %w", err)
	}
	return &Reader{c: c, topic: t, cl: cl, adm: kadm.NewClient(cl), next: next}, nil
}

// resolve turns from into offsets.
func (a *Admin) resolve(ctx context.Context, t Topic, from From) (map[int32]int64, error) {
	if from.End {
		return a.Ends(ctx, t)
	}
	starts, err := a.Starts(ctx, t)
	if err != nil || from.Offsets == nil {
		return starts, err
	}
	ends, err := a.Ends(ctx, t)
	if err != nil {
		return nil, err
	}
	for p, o := range from.Offsets {
		if _, ok := starts[p]; !ok {
			return nil, fmt.Errorf("topic %s has no partition %d", a.c.Topic(t), p)
		}
		if o < starts[p] || o > ends[p] {
			return nil, lostError("a reader", a.c.Topic(t), p, o, starts[p], ends[p])
		}
	}
	return maps.Clone(from.Offsets), nil
}

// Next returns, by partition, the offset of the record to come.
func (r *Reader) Next() map[int32]int64 { return maps.Clone(r.next) }

// Poll waits for records and returns them: at least one, at most ten thousand, in order within each partition.
// It returns ctx's error when that ends first.
func (r *Reader) Poll(ctx context.Context) ([]Record, error) {
	for {
		fetches := r.cl.PollRecords(ctx, pollRecords)
		if err := r.failure(ctx, fetches); err != nil {
			return nil, err
		}
		if records := r.take(fetches); len(records) > 0 {
			return records, nil
		}
	}
}

// ReadToEnd calls f for every record up to the ends as they are when it is called, and perhaps some beyond, and
// returns f's first error. It ends also where the newest records are gone or were never meant to be seen:
// compacted away, aborted, or the marker of a transaction.
func (r *Reader) ReadToEnd(ctx context.Context, f func(Record) error) error {
	ends, err := r.ends(ctx)
	if err != nil {
		return err
	}
	for r.behind(ends) {
		records, err := r.PollFor(ctx, idle)
		if err != nil {
			return err
		}
		for _, rec := range records {
			if err := f(rec); err != nil {
				return err
			}
		}
		if len(records) == 0 {
			if err := r.skipUnseen(ctx, ends); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close ends the reader.
func (r *Reader) Close() { r.cl.Close() }

func (r *Reader) ends(ctx context.Context) (map[int32]int64, error) {
	admin := Admin{c: r.c, cl: r.cl, adm: r.adm}
	return admin.Ends(ctx, r.topic)
}

func (r *Reader) behind(ends map[int32]int64) bool {
	for p, next := range r.next {
		if next < ends[p] {
			return true
		}
	}
	return false
}

// PollFor is [Reader.Poll] with patience: no records and no error when none came in that time.
func (r *Reader) PollFor(ctx context.Context, patience time.Duration) ([]Record, error) {
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	records, err := r.Poll(short)
	if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil, nil
	}
	return records, err
}

func (r *Reader) take(fetches kgo.Fetches) []Record {
	if fetches.NumRecords() == 0 {
		return nil
	}
	records := make([]Record, 0, fetches.NumRecords())
	fetches.EachRecord(func(kr *kgo.Record) {
		records = append(records, r.c.fromKgo(kr))
		r.next[kr.Partition] = kr.Offset + 1
	})
	return records
}

// failure returns the first error of a poll. franz-go goes on by itself after everything that may pass.
func (r *Reader) failure(ctx context.Context, fetches kgo.Fetches) (err error) {
	fetches.EachError(func(_ string, partition int32, e error) {
		switch {
		case err != nil:
		case errors.Is(e, kerr.OffsetOutOfRange):
			err = r.lost(ctx, partition)
		default:
			err = fmt.Errorf("reading %s: %w", r.c.Topic(r.topic), e)
		}
	})
	return err
}

func (r *Reader) lost(ctx context.Context, partition int32) error {
	admin := Admin{c: r.c, cl: r.cl, adm: r.adm}
	starts, errStarts := admin.Starts(ctx, r.topic)
	ends, errEnds := admin.Ends(ctx, r.topic)
	if err := errors.Join(errStarts, errEnds); err != nil {
		return fmt.Errorf("reading %s/%d: %w (looking up its range: %w)", r.c.Topic(r.topic), partition, ErrOffsetLost, err)
	}
	return lostError("a reader", r.c.Topic(r.topic), partition, r.next[partition], starts[partition], ends[partition])
}
