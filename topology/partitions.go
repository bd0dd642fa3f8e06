package topology

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// TopicPartition names one partition of a topic, by the topic's name without the namespace.
type TopicPartition struct {
	Topic     string
	Partition int32
}

// String returns topic/partition.
func (p TopicPartition) String() string { return fmt.Sprintf("%s/%d", p.Topic, p.Partition) }

// Oldest is the offset of the oldest record there is.
const Oldest int64 = -1

// Start says where to begin with partitions that this member was just given: their offsets, [Oldest] where
// nothing was done yet. It is called before anything of them is read, each time they are assigned, and may be
// called while a Poll waits. Its ctx ends when the partitions are taken away again.
type Start func(ctx context.Context, given []TopicPartition) (map[TopicPartition]int64, error)

// Partitions reads what a group has assigned to this member, for work that keeps its offsets itself, in one
// transaction with what it makes of the records. The broker's part is to share partitions out and to notice who
// is gone; it is told no offsets, so tools that reset them change nothing here.
//
// Of topics with the same number of partitions a member gets the same partitions. What transactions aborted is
// not seen. It is for one goroutine.
//
// Nothing is taken away between a Poll that returned records and the next Poll, unless this member stops
// answering the broker. Then it may work on partitions that are another's by now: whoever keeps the offsets
// must fence it off, by counting the calls of Start.
type Partitions struct {
	c     Cluster
	group string
	cl    *kgo.Client

	mu      sync.Mutex
	failed  error              // what Start said
	stopped context.CancelFunc // ends the poll under way
}

// Polled is what one Poll of Partitions returned.
type Polled struct {
	// Records are in order within each partition.
	Records []Record
	// Next is, of each partition that moved, the offset behind all that was polled. It may be further than the
	// last record: markers of transactions take an offset and are no record.
	Next map[TopicPartition]int64
}

// NewPartitions joins the group.
func NewPartitions(c Cluster, g Group, start Start, topics ...Topic) (*Partitions, error) {
	c, err := c.ready()
	if err != nil {
		return nil, err
	}
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = c.Topic(t)
	}
	p := &Partitions{c: c, group: string(c.Group(g))}
	p.cl, err = kgo.NewClient(append(readerOptions(c),
		kgo.ConsumerGroup(p.group),
		kgo.ConsumeTopics(names...),
		// By ranges: equal partitions of all topics come to one member. The default does not care.
		kgo.Balancers(kgo.RangeBalancer()),
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
		kgo.SessionTimeout(sessionTimeout),
		kgo.HeartbeatInterval(heartbeatInterval),
		kgo.AdjustFetchOffsetsFn(p.begin(start)),
		// The default hides them, and then nobody knows that a partition whose end is a marker was read.
		kgo.KeepControlRecords(),
	)...)
	if err != nil {
		return nil, fmt.Errorf("group %s: %w", p.group, err)
	}
	return p, nil
}

// begin puts the offsets that Start says in the place of what the group has committed, which is nothing.
func (p *Partitions) begin(start Start) func(context.Context, map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
	return func(ctx context.Context, offsets map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
		var given []TopicPartition
		for topic, partitions := range offsets {
			for partition := range partitions {
				given = append(given, TopicPartition{p.c.Plain(topic), partition})
			}
		}
		at, err := start(ctx, given)
		if err != nil {
			if ctx.Err() == nil {
				p.stop(err)
			}
			return nil, err
		}
		for topic, partitions := range offsets {
			for partition := range partitions {
				partitions[partition] = kgo.NewOffset().AtStart()
				if o := at[TopicPartition{p.c.Plain(topic), partition}]; o != Oldest {
					partitions[partition] = kgo.NewOffset().At(o)
				}
			}
		}
		return offsets, nil
	}
}

// stop makes every Poll fail.
func (p *Partitions) stop(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed = err
	if p.stopped != nil {
		p.stopped()
	}
}

// Poll returns what there is, at most limit records, and waits for it as long as wait. It returns ctx's error
// when that ends first, and the error of Start when there was one. After an error the reader is of no use: what
// was fetched by then is gone, and reading on would skip it.
func (p *Partitions) Poll(ctx context.Context, wait time.Duration, limit int) (Polled, error) {
	p.cl.AllowRebalance()
	short, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	p.mu.Lock()
	failed := p.failed
	p.stopped = cancel
	p.mu.Unlock()
	if failed != nil {
		return Polled{}, failed
	}
	fetches := p.cl.PollRecords(short, limit)
	if ctx.Err() != nil {
		p.cl.AllowRebalance() // nothing is handed out that a rebalance would have to wait for
		return Polled{}, ctx.Err()
	}
	p.mu.Lock()
	err := p.failed
	p.mu.Unlock()
	fetches.EachError(func(topic string, partition int32, e error) {
		if err == nil && !errors.Is(e, context.DeadlineExceeded) && !errors.Is(e, context.Canceled) {
			err = p.failure(topic, partition, e)
		}
	})
	return p.take(fetches), err
}

func (p *Partitions) take(fetches kgo.Fetches) Polled {
	polled := Polled{Next: make(map[TopicPartition]int64)}
	fetches.EachRecord(func(r *kgo.Record) {
		polled.Next[TopicPartition{p.c.Plain(r.Topic), r.Partition}] = r.Offset + 1
		if !r.Attrs.IsControl() {
			polled.Records = append(polled.Records, p.c.fromKgo(r))
		}
	})
	return polled
}

func (p *Partitions) failure(topic string, partition int32, err error) error {
	if !errors.Is(err, kerr.OffsetOutOfRange) {
		return fmt.Errorf("group %s, reading %s: %w", p.group, topic, err)
	}
	return fmt.Errorf("group %s stops at %s/%d: %w. Nothing was skipped. What it makes of this topic must be made anew from the "+
		"records there are, or belongs to another Kafka", p.group, topic, partition, ErrOffsetLost)
}

// Close leaves the group: its partitions pass on at once.
func (p *Partitions) Close() { p.cl.CloseAllowingRebalance() }
