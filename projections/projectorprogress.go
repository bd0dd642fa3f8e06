package projections

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/ttpstream/ttpstream/topology"
)

// Progress says how far projectors of this process have written, the moment
// they have. It may be given to several projectors of one ledger. Safe for
// concurrent use.
type Progress struct {
	mu      sync.Mutex
	written map[topology.TopicPartition]int64
	changed chan struct{} // closed at the next change
}

// NewProgress makes a Progress; it is given to [ProjectorOptions].
func NewProgress() *Progress {
	return &Progress{written: make(map[topology.TopicPartition]int64), changed: make(chan struct{})}
}

// Written returns the offset before which everything of a partition is in the
// ledger, as far as the projectors of this process know: they do when they are
// given the partition and when they have written. -1: they never had it.
func (p *Progress) Written(source topology.TopicPartition) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, known := p.written[source]; known {
		return at
	}
	return -1
}

// Sources returns the partitions that projectors of this process had, in
// order.
func (p *Progress) Sources() []topology.TopicPartition {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.SortedFunc(maps.Keys(p.written), bySource)
}

// Wait returns when everything before the given offsets, by partition, is in
// the ledger, or ctx's error. The ends of the topic that [topology.Admin.Ends]
// returns are offsets to wait for. A partition that another process has is
// waited for in vain.
func (p *Progress) Wait(ctx context.Context, topic topology.Topic, before map[int32]int64) error {
	return p.Until(ctx, func() bool {
		for partition, offset := range before {
			if offset > 0 && p.Written(topology.TopicPartition{Topic: topic.Name, Partition: partition}) < offset {
				return false
			}
		}
		return true
	})
}

// Until returns when done says so, or ctx's error. done is asked at once and
// again after every change; it must be quick.
func (p *Progress) Until(ctx context.Context, done func() bool) error {
	for {
		p.mu.Lock()
		changed := p.changed
		p.mu.Unlock()
		if done() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// moved notes where partitions are. It never goes back: a claim that was taken
// away may report late.
func (p *Progress) moved(claims []Claim) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range claims {
		p.written[c.TopicPartition] = max(p.written[c.TopicPartition], c.Next, 0)
	}
	close(p.changed)
	p.changed = make(chan struct{})
}
