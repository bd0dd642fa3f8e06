package topology

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/IBM/sarama"
)

// orderedGroup makes goka at-least-once. It stands between goka and sarama's consumer group.
//
// The loss it prevents: Emit and SetValue are asynchronous, and goka marks a message when that message's own
// emits are acknowledged. sarama keeps the highest mark of a partition. So when the emit of offset 1500 is slow
// and those of 1501 and 1502 are not, 1503 is committed; when 1500's emit then fails, the processor stops, and
// after the restart nobody reads 1500 again. Here a mark is passed on only when everything before it is done as
// well, so the committed offset is at most 1500, and it is read again.
//
// It differs from the bare group in two more ways:
//
//   - Consume does not return when a session ends in good order, which it does at every rebalance: it starts
//     the next session at once. goka waits five seconds between its calls of Consume, and would add them to
//     every take-over.
//   - An offset that is no longer in the log ends Consume with an error. sarama only reports it in passing and
//     ends the session, after which goka would try again for ever.
type orderedGroup struct {
	sarama.ConsumerGroup
	client sarama.Client
	name   string
	log    *slog.Logger
	limits claimLimits
	watch  *Watch

	closed  atomic.Bool
	errs    chan error
	drain   chan chan error
	stopped chan struct{}
}

// claimLimits bounds what one claim (a partition of an input) holds in memory.
type claimLimits struct {
	messages int
	bytes    int64
}

// One claim keeps at most this much in flight. 32768 messages are 130 ms of the fastest stream measured
// (250,000/s), more than an acknowledgement takes; the bytes keep large records from making that number
// expensive.
var defaultClaimLimits = claimLimits{messages: 1 << 15, bytes: 64 << 20}

// A session that ended sooner than this did no work; the next one waits, from the first pause up to the last,
// so that a broker in trouble is not hammered.
const (
	shortSession = time.Second
	firstPause   = 100 * time.Millisecond
	lastPause    = 5 * time.Second
)

// newOrderedGroup wraps group. client is the one group was made from; it is closed with it.
func newOrderedGroup(
	group sarama.ConsumerGroup, client sarama.Client, name string, log *slog.Logger, limits claimLimits, watch *Watch,
) *orderedGroup {
	g := &orderedGroup{
		ConsumerGroup: group, client: client, name: name, log: log, limits: limits, watch: watch,
		errs: make(chan error, 64), drain: make(chan chan error), stopped: make(chan struct{}),
	}
	go g.watchErrors(group.Errors())
	return g
}

// Consume joins the group and handles session after session until ctx ends or the group is closed (nil), or
// until one fails.
func (g *orderedGroup) Consume(ctx context.Context, topics []string, handler sarama.ConsumerGroupHandler) error {
	var pause time.Duration
	for {
		began := time.Now()
		err := g.ConsumerGroup.Consume(ctx, topics, &orderedHandler{ConsumerGroupHandler: handler, group: g})
		if lost := g.lostOffset(); lost != nil {
			return errors.Join(g.explain(lost), err)
		}
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return nil
		}
		if err != nil || ctx.Err() != nil || g.closed.Load() {
			return err
		}
		pause = nextPause(pause, time.Since(began))
		g.log.Debug("session ended, joining again", "group", g.name, "pause", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

// nextPause is how long to wait before the next session: not at all after one that lasted.
func nextPause(pause, lasted time.Duration) time.Duration {
	if lasted >= shortSession {
		return 0
	}
	return min(max(2*pause, firstPause), lastPause)
}

// Errors returns what went wrong in passing, and also what Consume returned. An error that nobody reads is
// dropped.
func (g *orderedGroup) Errors() <-chan error { return g.errs }

// Close leaves the group and ends Consume.
func (g *orderedGroup) Close() error {
	g.closed.Store(true)
	err := g.ConsumerGroup.Close()
	if e := g.client.Close(); !errors.Is(e, sarama.ErrClosedClient) {
		err = errors.Join(err, e)
	}
	<-g.stopped
	return err
}

// watchErrors passes errors on and remembers the one that must end Consume. lostOffset asks over drain, so that
// it sees every error that was reported before.
func (g *orderedGroup) watchErrors(in <-chan error) {
	defer close(g.stopped)
	defer close(g.errs)
	var lost error
	note := func(err error) {
		if errors.Is(err, sarama.ErrOffsetOutOfRange) {
			lost = err
		}
		if inPassing(err) {
			g.log.Warn("consumer group", "group", g.name, "error", err)
		}
		select {
		case g.errs <- err:
		default: // nobody reads them now; sarama drops them then, too
		}
	}
	for {
		select {
		case err, open := <-in:
			if !open {
				return
			}
			note(err)
		case reply := <-g.drain:
			for range len(in) {
				if err, open := <-in; open {
					note(err)
				}
			}
			reply <- lost
			lost = nil
		}
	}
}

// inPassing tells sarama's own errors, after which the group goes on and of which nobody else speaks, from
// those of the handler, which Consume returns.
func inPassing(err error) bool {
	var at *sarama.ConsumerError
	var code sarama.KError
	return errors.As(err, &at) || errors.As(err, &code)
}

// lostOffset returns the error of a partition whose next offset is not in the log, if one was reported since
// the last call.
func (g *orderedGroup) lostOffset() error {
	reply := make(chan error, 1)
	select {
	case g.drain <- reply:
		return <-reply
	case <-g.stopped:
		return nil
	}
}
