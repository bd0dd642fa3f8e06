package projections

import (
	"cmp"
	"context"
	"maps"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/topology"
)

// idlePoll is how long a poll waits where nothing comes. It only bounds how
// long a poll is one: records end it, and so does the end of the work.
const idlePoll = time.Second

// gathered is what was polled for one transaction.
type gathered struct {
	records []topology.Record
	next    map[topology.TopicPartition]int64
}

// gather polls until a batch is full or old enough, or nothing came.
func (l *lane) gather(ctx context.Context, reader *topology.Partitions) (g gathered, err error) {
	_, assignment := l.claimed()
	var until time.Time
	wait := idlePoll
	for {
		polled, err := reader.Poll(ctx, wait, l.o.MaxBatch-len(g.records))
		if err != nil {
			return g, err
		}
		// Between two polls the partitions may have passed on and come back. What
		// was polled before that is read again, from where the ledger stands.
		if _, now := l.claimed(); now != assignment {
			g, assignment = gathered{}, now
		}
		g.add(polled)
		if until.IsZero() && len(g.next) > 0 {
			until = time.Now().Add(l.o.Linger)
		}
		wait = time.Until(until)
		if len(g.next) == 0 || len(g.records) >= l.o.MaxBatch || wait <= 0 {
			return g, nil
		}
	}
}

func (g *gathered) add(polled topology.Polled) {
	if g.next == nil {
		g.next = make(map[topology.TopicPartition]int64, len(polled.Next))
	}
	g.records = append(g.records, polled.Records...)
	maps.Copy(g.next, polled.Next)
}

// bySource orders partitions.
func bySource(a, b topology.TopicPartition) int {
	return cmp.Or(strings.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
}

// backoff is the waiting time between tries.
type backoff struct{ next, last time.Duration }

func (l *lane) backoff() backoff { return backoff{l.o.FirstRetry, l.o.LastRetry} }

// sleep waits, twice as long as the last time, or returns ctx's error.
func (b *backoff) sleep(ctx context.Context) error {
	timer := time.NewTimer(b.next)
	defer timer.Stop()
	b.next = min(2*b.next, b.last)
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
