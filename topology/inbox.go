package topology

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Inbox reads topics as a group in which one member is active and gets everything; the others wait to take
// over. It is for work whose order spans keys and topics, such as the registrar's. What transactions aborted is
// not seen. It is for one goroutine.
//
// Between a Poll that returned records and the next Poll the turn cannot pass to another member, unless this
// one stops answering the broker: its heart beats while it works, and it has a minute per batch. A member that
// lost its turn so learns of it when Commit fails, and what it wrote meanwhile may have been written by its
// successor as well; readers of the result must bear that.
type Inbox struct {
	c     Cluster
	group string
	cl    *kgo.Client

	mu     sync.Mutex
	active bool
	turn   int64
	told   int64              // the turn that the last batch named
	wake   context.CancelFunc // ends the poll under way
}

// Batch is what one Poll of an Inbox returns.
type Batch struct {
	// Active says whether this member has the turn. Records come only then.
	Active bool
	// Turn counts the turns of this member. When it differs from the last batch's, another member may have
	// worked in between: what it left must be read before going on.
	Turn int64
	// Records are in order within each topic; the order between topics is the broker's.
	Records []Record
}

// inboxRecords bounds what one Poll returns, so that a batch is done well within the minute.
const inboxRecords = 500

// NewInbox joins the group. Records start at the oldest that the group has not committed.
func NewInbox(c Cluster, g Group, topics ...Topic) (*Inbox, error) {
	c, err := c.ready()
	if err != nil {
		return nil, err
	}
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = c.Topic(t)
	}
	in := &Inbox{c: c, group: string(c.Group(g))}
	in.cl, err = kgo.NewClient(append(readerOptions(c),
		kgo.ConsumerGroup(in.group),
		kgo.ConsumeTopics(names...),
		kgo.ConsumeStartOffset(kgo.NewOffset().AtStart()),
		kgo.Balancers(leaderTakesAll{}),
		// The default commits by itself, whatever has become of the records.
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
		kgo.SessionTimeout(sessionTimeout),
		kgo.HeartbeatInterval(heartbeatInterval),
		kgo.OnPartitionsAssigned(in.assigned),
		kgo.OnPartitionsRevoked(in.lost),
		kgo.OnPartitionsLost(in.lost),
	)...)
	if err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	return in, nil
}

// Poll returns the next records, or none when none came within wait, or sooner when this member's turn came. It
// returns ctx's error when that ends first.
func (in *Inbox) Poll(ctx context.Context, wait time.Duration) (Batch, error) {
	in.cl.AllowRebalance()
	short, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	in.wakeOnTurn(cancel)
	fetches := in.cl.PollRecords(short, inboxRecords)
	batch := in.state()
	if ctx.Err() != nil {
		return batch, ctx.Err()
	}
	var err error
	fetches.EachError(func(topic string, partition int32, e error) {
		if err == nil && !(errors.Is(e, context.DeadlineExceeded) || errors.Is(e, context.Canceled)) {
			err = in.failure(topic, partition, e)
		}
	})
	fetches.EachRecord(func(r *kgo.Record) { batch.Records = append(batch.Records, in.c.fromKgo(r)) })
	return batch, err
}

// wakeOnTurn ends the poll when this member's turn comes, or has come already and no batch has said so.
func (in *Inbox) wakeOnTurn(wake context.CancelFunc) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.wake = wake
	if in.turn != in.told {
		wake()
	}
}

// state is what the next batch says. franz-go lets no turn come or go between a poll and the next, so it holds
// for what was polled.
func (in *Inbox) state() Batch {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.told = in.turn
	return Batch{Active: in.active, Turn: in.turn}
}

func (in *Inbox) failure(topic string, partition int32, err error) error {
	if !errors.Is(err, kerr.OffsetOutOfRange) {
		return fmt.Errorf("group %s, reading %s: %w", in.group, topic, err)
	}
	return fmt.Errorf("group %s stops at %s/%d: %w. Nothing was skipped. To accept the gap, set the group's offset with "+
		"kafka-consumer-groups --reset-offsets --to-earliest", in.group, topic, partition, ErrOffsetLost)
}

// Commit notes that everything up to and including the given records is done: of each topic and partition, the
// latest of them counts. It fails when the turn has passed to another member; the records will be read there
// again.
func (in *Inbox) Commit(ctx context.Context, records ...Record) error {
	offsets := make(map[string]map[int32]kgo.EpochOffset)
	for _, r := range records {
		topic := in.c.prefix() + r.Topic
		if offsets[topic] == nil {
			offsets[topic] = make(map[int32]kgo.EpochOffset)
		}
		if o, ok := offsets[topic][r.Partition]; !ok || o.Offset <= r.Offset {
			offsets[topic][r.Partition] = kgo.EpochOffset{Epoch: -1, Offset: r.Offset + 1}
		}
	}
	var failed error
	in.cl.CommitOffsetsSync(ctx, offsets, commitResult(&failed))
	if failed != nil {
		return fmt.Errorf("group %s: committing: %w", in.group, failed)
	}
	return nil
}

// Close leaves the group: the turn passes on at once.
func (in *Inbox) Close() {
	in.cl.CloseAllowingRebalance()
}

func (in *Inbox) assigned(_ context.Context, _ *kgo.Client, got map[string][]int32) {
	if len(got) == 0 {
		return
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.active {
		in.active = true
		in.turn++
	}
	if in.wake != nil {
		in.wake()
	}
}

func (in *Inbox) lost(_ context.Context, _ *kgo.Client, gone map[string][]int32) {
	if len(gone) == 0 {
		return
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.active = false
}

// commitResult keeps the first error of a commit: of the request, or of one partition.
func commitResult(failed *error) func(*kgo.Client, *kmsg.OffsetCommitRequest, *kmsg.OffsetCommitResponse, error) {
	return func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest, resp *kmsg.OffsetCommitResponse, err error) {
		*failed = err
		if err != nil || resp == nil {
			return
		}
		for _, t := range resp.Topics {
			for _, p := range t.Partitions {
				if *failed == nil {
					*failed = kerr.ErrorForCode(p.ErrorCode)
				}
			}
		}
	}
}
