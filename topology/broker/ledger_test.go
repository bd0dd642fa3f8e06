package broker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// place is a partition.
type place struct {
	topic string
	id    int32
}

// ledger is what the clients were told.
type ledger struct {
	mu      sync.Mutex
	acked   map[place]map[int64]string // "key=value" by offset
	offsets map[int32]int64            // committed in facts by partition
	tried   map[int32]int64            // asked for, perhaps not answered
	ends    map[place]int64            // where logs ended when the broker was last dead
	topics  []string                   // made
	acks    int
	commits int
	failed  []error
	more    chan struct{} // one element when there is something new
}

func newLedger() *ledger {
	return &ledger{
		acked: make(map[place]map[int64]string), offsets: make(map[int32]int64), tried: make(map[int32]int64),
		ends: make(map[place]int64), more: make(chan struct{}, 1),
	}
}

// produce sends records until the context ends, and then waits for what is on
// its way.
func (l *ledger) produce(ctx context.Context, cl *kgo.Client, worker int) {
	for n := 0; ctx.Err() == nil; n++ {
		value := fmt.Sprintf("%d/%d", worker, n)
		r := &kgo.Record{Topic: "facts", Partition: int32(n % 4), Key: []byte("k"), Value: []byte(value)}
		if n%2 == 1 {
			r = &kgo.Record{Topic: "table", Partition: int32(n / 2 % 2), Key: fmt.Appendf(nil, "%d", n%50), Value: []byte(value)}
		}
		cl.Produce(context.WithoutCancel(ctx), r, l.ack)
	}
	cl.Flush(context.WithoutCancel(ctx))
}

func (l *ledger) ack(r *kgo.Record, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failed = append(l.failed, err)
		return
	}
	at := place{r.Topic, r.Partition}
	if l.acked[at] == nil {
		l.acked[at] = make(map[int64]string)
	}
	l.acked[at][r.Offset] = string(r.Key) + "=" + string(r.Value)
	l.acks++
	select {
	case l.more <- struct{}{}:
	default:
	}
}

// await waits for so many more acknowledgements.
func (l *ledger) await(t testing.TB, n int) {
	t.Helper()
	ctx := testContext(t)
	l.mu.Lock()
	want := l.acks + n
	l.mu.Unlock()
	for {
		l.mu.Lock()
		acks := l.acks
		l.mu.Unlock()
		if acks >= want {
			return
		}
		select {
		case <-l.more:
		case <-ctx.Done():
			t.Fatalf("%d acknowledgements, waiting for %d", acks, want)
		}
	}
}

// commit commits growing offsets.
func (l *ledger) commit(ctx context.Context, cl *kgo.Client) {
	for n := int64(1); ctx.Err() == nil; n++ {
		id := int32(n % 4)
		l.mu.Lock()
		l.tried[id] = n
		l.mu.Unlock()
		err := tryCommit(ctx, cl, "g", "facts", id, n)
		l.mu.Lock()
		if err != nil {
			if ke := new(kerr.Error); errors.As(err, &ke) {
				l.failed = append(l.failed, fmt.Errorf("commit: %w", err))
			}
			l.mu.Unlock()
			continue // not acknowledged
		}
		l.offsets[id] = n
		l.commits++
		l.mu.Unlock()
	}
}

// create makes topics, not too many.
func (l *ledger) create(ctx context.Context, cl *kgo.Client) {
	for n := 0; n < 100 && ctx.Err() == nil; n++ {
		name := fmt.Sprintf("made-%d", n)
		resp, err := kadm.NewClient(cl).CreateTopic(ctx, 1, 1, nil, name)
		if err == nil && resp.Err == nil {
			l.mu.Lock()
			l.topics = append(l.topics, name)
			l.mu.Unlock()
		}
	}
}

// checkEnds checks, while the broker is dead, that no log has become shorter.
func (l *ledger) checkEnds(t testing.TB, dir string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for at := range l.acked {
		s, err := readSnapshot(partitionDir(dir, at.topic, at.id))
		if err != nil {
			t.Fatal(err)
		}
		if s == nil {
			continue
		}
		if s.LogStartOffset != 0 || s.HighWatermark < l.ends[at] {
			t.Errorf("%v is [%d,%d), and ended at %d before", at, s.LogStartOffset, s.HighWatermark, l.ends[at])
		}
		l.ends[at] = s.HighWatermark
	}
}

// check compares what the clients were told with what the broker has.
func (l *ledger) check(t testing.TB, cl *kgo.Client) {
	t.Helper()
	for _, err := range l.failed {
		t.Errorf("refused: %v", err)
	}
	for at, acked := range l.acked {
		got := make(map[int64]string)
		seen := make(map[string]int64)
		last := make(map[string]int64)
		for _, r := range readAll(t, cl, at.topic, at.id) {
			got[r.Offset] = string(r.Key) + "=" + string(r.Value)
			last[string(r.Key)] = r.Offset
			if first, ok := seen[string(r.Value)]; ok {
				t.Errorf("%v: %s is stored at %d and at %d", at, r.Value, first, r.Offset)
			}
			seen[string(r.Value)] = r.Offset
		}
		for offset, want := range acked {
			key, _, _ := strings.Cut(want, "=")
			switch have, ok := got[offset]; {
			case ok && have != want:
				t.Errorf("%v: %q at %d, want %q", at, have, offset, want)
			case !ok && (at.topic == "facts" || last[key] < offset):
				t.Errorf("%v: %q at %d is lost", at, want, offset)
			}
		}
	}
	have, err := kadm.NewClient(cl).ListTopics(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range l.topics {
		if !have.Has(name) {
			t.Errorf("topic %s is lost", name)
		}
	}
	for id, want := range l.offsets {
		// One that was not acknowledged may be stored all the same.
		if got := committed(t, cl, "g", "facts", id); got < want || got > l.tried[id] {
			t.Errorf("facts-%d: committed offset = %d, want %d, or up to %d", id, got, want, l.tried[id])
		}
	}
}
