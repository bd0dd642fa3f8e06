package api_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
)

// memoryLog is ttp.tagged in memory.
type memoryLog struct {
	tb         testing.TB
	mu         sync.Mutex
	partitions [][]topology.Record
	changed    chan struct{}
	// starts are the oldest offsets; reads counts readers.
	starts map[int32]int64
	reads  int
	err    error
	// clock is the time of the next record.
	clock time.Time
}

func newMemoryLog(tb testing.TB, partitions int) *memoryLog {
	return &memoryLog{tb: tb, partitions: make([][]topology.Record, partitions), changed: make(chan struct{}), starts: map[int32]int64{}, clock: schematest.Time}
}

// publish appends records, each to the partition of its event.
func (l *memoryLog) publish(records ...any) {
	l.tb.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, record := range records {
		raw, err := schemas.EncodeJSON(record)
		if err != nil {
			l.tb.Fatal(err)
		}
		p := 0
		if tag, ok := record.(*schemas.Tag); ok {
			p = int(tag.AttackerUUID[0]) % len(l.partitions)
		}
		l.partitions[p] = append(l.partitions[p], topology.Record{
			Topic: topology.Tagged.Name, Partition: int32(p), Offset: int64(len(l.partitions[p])), Value: raw, Timestamp: l.clock,
		})
		l.clock = l.clock.Add(time.Millisecond)
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

// find publishes tags of findings.
func (l *memoryLog) find(findings ...projectiontest.Finding) {
	l.tb.Helper()
	for _, f := range findings {
		l.publish(f.Tag(l.tb))
	}
}

func (l *memoryLog) ends() map[int32]int64 {
	ends := make(map[int32]int64)
	for p, records := range l.partitions {
		ends[int32(p)] = int64(len(records))
	}
	return ends
}

// readers returns how many were made.
func (l *memoryLog) readers() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reads
}

// Range returns where the log begins and ends.
func (l *memoryLog) Range(context.Context) (starts, ends map[int32]int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	starts = make(map[int32]int64)
	for p := range l.partitions {
		starts[int32(p)] = l.starts[int32(p)]
	}
	return starts, l.ends(), l.err
}

// Read makes a reader.
func (l *memoryLog) Read(_ context.Context, from map[int32]int64) (api.TagReader, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	if from == nil {
		from = l.ends()
	}
	for p, offset := range from {
		if offset < l.starts[p] || offset > int64(len(l.partitions[p])) {
			return nil, fmt.Errorf("%w: %d", topology.ErrOffsetLost, offset)
		}
	}
	return &memoryReader{l, maps.Clone(from)}, l.err
}

type memoryReader struct {
	log  *memoryLog
	next map[int32]int64
}

// Poll returns up to a hundred records of each partition.
func (r *memoryReader) Poll(ctx context.Context) ([]topology.Record, error) {
	for {
		r.log.mu.Lock()
		err, changed := r.log.err, r.log.changed
		var records []topology.Record
		for p := range r.log.partitions {
			end := min(r.next[int32(p)]+100, int64(len(r.log.partitions[p])))
			records = append(records, r.log.partitions[p][r.next[int32(p)]:end]...)
			r.next[int32(p)] = end
		}
		r.log.mu.Unlock()
		if err != nil || len(records) > 0 {
			return records, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Next returns the place.
func (r *memoryReader) Next() map[int32]int64 { return maps.Clone(r.next) }

// Close does nothing.
func (r *memoryReader) Close() {}
