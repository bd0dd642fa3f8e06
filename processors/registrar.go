package processors

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// Registrar admits changes of the rule plane: it alone reads the inboxes and
// it alone writes ttp.rule.history. What any client wrote there cannot break
// the line: it is admitted, refused by name on ttp.rule.status, or ignored.
//
// It is a plain consumer and no goka group, because its order spans keys. One
// instance of its group is active. When the turn passes, the successor first
// folds the history to its end, so it knows what its predecessor admitted; an
// inbox record that is delivered again changes nothing.
type Registrar struct {
	cluster  topology.Cluster
	options  rules.Options
	producer *topology.Producer
	log      *slog.Logger
	now      func() time.Time

	fold *rules.Fold
	// next is the offset that the next record of the history gets, unless
	// somebody else writes there.
	next    int64
	turn    int64
	handled *progress[string] // inbox topic -> offset decided
	// admitted is the last revision written.
	admitted *progress[struct{}]
	refusals func(*schemas.RuleStatus)
	// step is called at each point where a crash could fall; an error from it
	// is that crash. Tests set it.
	step func(name string) error
}

// RegistrarOptions are what a registrar may be told.
type RegistrarOptions struct {
	// Rules are the options that rules are parsed with. The catalogue in it
	// decides which technique ids exist.
	Rules rules.Options
	// Now is the clock by which states expire. Defaults to time.Now.
	Now func() time.Time
	// OnRefused is told of every refusal, as it is written to
	// ttp.rule.status. Defaults to nobody.
	OnRefused func(*schemas.RuleStatus)
	// Logger takes what happens: admissions at Info, refusals at Warn. Nil:
	// discarded.
	Logger *slog.Logger
}

// NewRegistrar returns a registrar that writes through producer.
func NewRegistrar(cluster topology.Cluster, producer *topology.Producer, o RegistrarOptions) *Registrar {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.OnRefused == nil {
		o.OnRefused = func(*schemas.RuleStatus) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Registrar{
		cluster: cluster, options: o.Rules, producer: producer, log: o.Logger, now: o.Now, refusals: o.OnRefused,
		handled: newProgress[string](), admitted: newProgress[struct{}](), step: func(string) error { return nil },
	}
}

// Handled returns when the record at offset of an inbox has been decided on
// by this registrar, or ctx's error.
func (r *Registrar) Handled(ctx context.Context, inbox topology.Topic, offset int64) error {
	return r.handled.wait(ctx, inbox.Name, offset)
}

// Revision returns the last revision that this registrar wrote or folded, -1
// for none.
func (r *Registrar) Revision() int64 { return r.admitted.get(struct{}{}) }

// inboxes are the topics that the registrar reads, and what each is.
var inboxes = map[string]rules.Inbox{
	topology.Rules.Name:       rules.InboxRules,
	topology.RuleState.Name:   rules.InboxStates,
	topology.Retractions.Name: rules.InboxRetractions,
}

// idlePoll is how long the registrar waits for a publication before it looks
// at the clock again.
const idlePoll = time.Second

// Run admits until ctx ends (nil) or something fails. After an error it may
// be run again: it starts from the history.
func (r *Registrar) Run(ctx context.Context) error {
	inbox, err := topology.NewInbox(r.cluster, topology.RegistrarGroup, topology.Rules, topology.RuleState, topology.Retractions)
	if err != nil {
		return fmt.Errorf("registrar: %w", err)
	}
	defer inbox.Close()
	r.fold, r.turn = nil, 0
	wait := idlePoll
	for ctx.Err() == nil {
		batch, err := inbox.Poll(ctx, wait)
		wait = idlePoll
		if err == nil && batch.Active {
			wait, err = r.work(ctx, inbox, batch)
		}
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("registrar: %w", err)
		}
	}
	return nil
}

// work decides on one batch and commits it. It returns how long to wait for
// the next.
func (r *Registrar) work(ctx context.Context, inbox *topology.Inbox, batch topology.Batch) (time.Duration, error) {
	if r.fold == nil || batch.Turn != r.turn {
		if err := r.catchUp(ctx); err != nil {
			return 0, err
		}
		r.turn = batch.Turn
	}
	if err := r.decide(ctx, batch.Records); err != nil {
		return 0, err
	}
	if len(batch.Records) > 0 {
		if err := inbox.Commit(ctx, batch.Records...); err != nil {
			return 0, err
		}
	}
	for _, record := range batch.Records {
		r.handled.advance(record.Topic, record.Offset)
	}
	return r.expire(ctx)
}

// catchUp folds the history to its end.
func (r *Registrar) catchUp(ctx context.Context) error {
	reader, err := topology.NewReader(ctx, r.cluster, topology.RuleHistory, topology.From{})
	if err != nil {
		return err
	}
	defer reader.Close()
	fold := rules.NewFold(r.options)
	err = reader.ReadToEnd(ctx, func(record topology.Record) error {
		change, err := decodeChange(record)
		switch {
		case errors.Is(err, errNewerChange):
			return err // to admit on half a fold would be to forget the rest
		case err != nil:
			r.log.Warn("rule history: skipped what no registrar wrote; stop whoever writes there", "revision", record.Offset, "error", err)
			return nil
		}
		fold.Apply(record.Offset, change)
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.checkInboxes(ctx, fold); err != nil {
		return err
	}
	r.fold, r.next = fold, reader.Next()[0]
	r.admitted.advance(struct{}{}, fold.Revision())
	return nil
}

// checkInboxes refuses to go on where an inbox was made anew: its offsets
// begin at 0 again, and every publication would pass for a redelivery.
func (r *Registrar) checkInboxes(ctx context.Context, fold *rules.Fold) error {
	admin, err := topology.NewAdmin(r.cluster)
	if err != nil {
		return err
	}
	defer admin.Close()
	for _, inbox := range []topology.Topic{topology.Rules, topology.RuleState, topology.Retractions} {
		ends, err := admin.Ends(ctx, inbox)
		if err != nil {
			return err
		}
		if last := fold.InboxOffset(inbox.Name); last >= ends[0] {
			return fmt.Errorf("%s ends at offset %d, but offset %d of it was admitted: the topic was made anew, and nothing published there would be told from a redelivery. Nothing was admitted; make %s anew as well and publish again",
				inbox, ends[0], last, topology.RuleHistory)
		}
	}
	return nil
}

// expire reverts the states whose time has come, and returns how long to wait
// for the next.
func (r *Registrar) expire(ctx context.Context) (time.Duration, error) {
	now := r.now()
	due, next := r.fold.Expired(topology.RuleState.Name, now)
	messages := make([]topology.Message, len(due))
	for i, change := range due {
		message, err := r.historyMessage(change)
		if err != nil {
			return 0, err
		}
		messages[i] = message
		r.fold.Apply(r.next+int64(i), change)
		r.log.Info("state expired", "rule", change.Key)
	}
	if err := r.append(ctx, messages); err != nil {
		return 0, err
	}
	if next.IsZero() {
		return idlePoll, nil
	}
	return min(idlePoll, max(next.Sub(now), time.Millisecond)), nil
}
