package processors

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// Follower keeps the rules in force: it folds ttp.rule.history from its start
// and swaps the set that processors judge by. Every instance has one.
type Follower struct {
	cluster  topology.Cluster
	instance string
	holder   *rules.Holder
	options  rules.Options
	fold     *rules.Fold
	status   *topology.Producer
	log      *slog.Logger

	ready chan struct{}
	once  sync.Once

	inForce  *progress[struct{}] // revision of the set in force
	problems rules.Problems      // what was said last of it
}

// swapPause is how long changes are gathered before they are put in force
// together: a burst costs one swap, and nobody waits longer than he notices.
const swapPause = 20 * time.Millisecond

// NewFollower returns a follower that puts sets into holder. instance names
// this process on ttp.rule.status; producer writes there.
func NewFollower(cluster topology.Cluster, instance string, holder *rules.Holder, options rules.Options, producer *topology.Producer, log *slog.Logger) *Follower {
	return &Follower{
		cluster: cluster, instance: instance, holder: holder, options: options, status: producer, log: log,
		ready: make(chan struct{}), inForce: newProgress[struct{}](),
	}
}

// Ready is closed when the fold has reached what was the end of the history
// when Run began. Processors must not start before.
func (f *Follower) Ready() <-chan struct{} { return f.ready }

// Revision returns the revision in force, -1 for none.
func (f *Follower) Revision() int64 { return f.inForce.get(struct{}{}) }

// Wait returns when at least revision is in force, or ctx's error.
func (f *Follower) Wait(ctx context.Context, revision int64) error {
	return f.inForce.wait(ctx, struct{}{}, revision)
}

// Run follows until ctx ends (nil) or the history cannot be read. It may be
// run again after an error: it goes on from an empty fold, while processors
// judge by the last set.
func (f *Follower) Run(ctx context.Context) error {
	f.fold = rules.NewFold(f.options)
	reader, err := topology.NewReader(ctx, f.cluster, topology.RuleHistory, topology.From{})
	if err != nil {
		return fmt.Errorf("following rules: %w", err)
	}
	defer reader.Close()
	apply := func(r topology.Record) error { f.apply(r); return nil }
	if err := reader.ReadToEnd(ctx, apply); err != nil {
		return f.ended(ctx, err)
	}
	if err := f.swap(ctx); err != nil {
		return f.ended(ctx, err)
	}
	f.once.Do(func() { close(f.ready) })
	for {
		if err := f.batch(ctx, reader); err != nil {
			return f.ended(ctx, err)
		}
	}
}

// historyReader is what a batch needs of a [topology.Reader].
type historyReader interface {
	Poll(context.Context) ([]topology.Record, error)
	PollFor(context.Context, time.Duration) ([]topology.Record, error)
}

// batch waits for a change, gathers those that follow on its heels, and puts
// them in force.
func (f *Follower) batch(ctx context.Context, reader historyReader) error {
	records, err := reader.Poll(ctx)
	if err != nil {
		return err
	}
	deadline := time.Now().Add(swapPause)
	for len(records) > 0 {
		for _, r := range records {
			f.apply(r)
		}
		if records, err = reader.PollFor(ctx, time.Until(deadline)); err != nil {
			return err
		}
	}
	return f.swap(ctx)
}

func (f *Follower) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("following rules: %w", err)
}

// apply folds one record. A record that is no change that we know changes
// nothing but is no reason to stop: processors go on judging by the rules that
// they can read.
func (f *Follower) apply(r topology.Record) {
	change, err := decodeChange(r)
	if err != nil {
		f.log.Warn("rule history: a record is skipped", "revision", r.Offset, "error", err)
		return
	}
	f.fold.Apply(r.Offset, change)
}

// swap puts the fold in force and says so.
func (f *Follower) swap(ctx context.Context) error {
	set, problems := f.fold.Set()
	set.Engine().Prepare(nil) // before anybody judges by it, so that no event waits
	f.holder.Swap(set)
	f.inForce.advance(struct{}{}, set.Revision())
	if !slices.Equal(problems, f.problems) {
		f.problems = problems
		f.logProblems(problems)
	}
	return f.report(ctx, set, problems)
}

// logProblems says once, and not at every swap, what is not in force.
func (f *Follower) logProblems(problems rules.Problems) {
	for _, p := range problems[:min(len(problems), loggedRefusals)] {
		f.log.Warn("rule not in force", "problem", cut(p.Message, maxProblemMessage))
	}
	if more := len(problems) - loggedRefusals; more > 0 {
		f.log.Warn("more rules not in force; see ttp.rule.status", "problems", more)
	}
}

func (f *Follower) report(ctx context.Context, set *rules.Set, problems rules.Problems) error {
	if f.status == nil {
		return nil
	}
	status := &schemas.RuleStatus{
		Instance: f.instance, Revision: set.Revision(), Rules: set.Len(), Problems: problemsOf(problems), At: time.Now().UTC(),
	}
	message, err := statusMessage(f.cluster, f.instance, status)
	if err != nil {
		return err
	}
	f.status.Produce(ctx, message, func(_ topology.Record, err error) {
		if err != nil && ctx.Err() == nil {
			f.log.Warn("rule status not written", "error", err)
		}
	})
	return nil
}
