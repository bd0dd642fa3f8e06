package processors

import (
	"context"
	"errors"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// decision is what becomes of a batch.
type decision struct {
	// changes are what is admitted, history how it is written.
	changes []*schemas.RuleHistory
	history []topology.Message
	refused []*schemas.RuleStatus
	// again are retractions that were admitted before, but perhaps not copied
	// before the crash.
	again []*schemas.Retraction
	// refusedLast says, by name on ttp.rule.status, whether the last word on
	// a key is a refusal.
	refusedLast map[string]bool
}

// decide admits, refuses or ignores each record, in order, and returns when
// all that follows from it is acknowledged. Refusals go first: once a later
// record of the batch is in the history, an earlier one that is delivered
// again is not judged again.
func (r *Registrar) decide(ctx context.Context, records []topology.Record) error {
	if len(records) == 0 {
		return nil
	}
	d := &decision{refusedLast: map[string]bool{}}
	for _, record := range records {
		if err := r.admit(d, record); err != nil {
			return err
		}
	}
	r.logRefusals(d.refused)
	phases := []struct {
		done string
		run  func() error
	}{
		{"announced", func() error { return r.announce(ctx, d.refused) }},
		{"appended", func() error { return r.append(ctx, d.history) }},
		{"spread", func() error { return r.spread(ctx, append(d.again, r.retractions(d.changes)...)) }},
		{"cleared", func() error { return r.clear(ctx, d.refusedLast) }},
	}
	for _, phase := range phases {
		if err := phase.run(); err != nil {
			return err
		}
		if err := r.step(phase.done); err != nil {
			return err
		}
	}
	return nil
}

// admit decides on one record and folds it, if it is admitted, under the
// revision that it must get.
func (r *Registrar) admit(d *decision, record topology.Record) error {
	publication := rules.Publication{
		Inbox: inboxes[record.Topic], Topic: record.Topic, Offset: record.Offset,
		Key: record.Key, Value: record.Value, Source: string(record.Header(schemas.HeaderSource)),
	}
	redelivered := record.Offset <= r.fold.InboxOffset(record.Topic)
	admission := r.fold.Admit(publication, r.now())
	name := statusKey(record.Key)
	switch {
	case redelivered:
		if last, ok := r.fold.Retraction(record.Key); ok && record.Topic == topology.Retractions.Name && last.InboxOffset == record.Offset {
			d.again = append(d.again, last.Retraction)
		}
	case admission.Record != nil:
		message, err := r.historyMessage(admission.Record)
		if errors.Is(err, topology.ErrTooLarge) {
			d.refuse(name, r.refusal(publication, rules.Problems{{Check: "size", Message: err.Error(), Hint: "split it, or raise max_record_bytes"}}))
			return nil
		}
		if err != nil {
			return err
		}
		r.fold.Apply(r.next+int64(len(d.changes)), admission.Record)
		d.changes, d.history = append(d.changes, admission.Record), append(d.history, message)
		d.refusedLast[name] = false
		r.log.Info("admitted", "change", admission.Record.Change, "key", record.Key, "version", admission.Record.Version)
	case len(admission.Refused) > 0:
		d.refuse(name, r.refusal(publication, admission.Refused))
	default:
		d.refusedLast[name] = false
		r.log.Debug("ignored", "key", cut(record.Key, maxStatusKey), "reason", admission.Ignored)
	}
	return nil
}

func (d *decision) refuse(name string, status *schemas.RuleStatus) {
	d.refused = append(d.refused, status)
	d.refusedLast[name] = true
}

// historyMessage returns a change as it is written to the history. Its error
// wraps [topology.ErrTooLarge] for what no broker takes: JSON spells some
// texts longer than they are.
func (r *Registrar) historyMessage(change *schemas.RuleHistory) (topology.Message, error) {
	raw, err := schemas.EncodeJSON(change)
	if err != nil {
		return topology.Message{}, err
	}
	return topology.Message{Topic: topology.RuleHistory, Key: change.Key, Value: raw},
		r.cluster.CheckSize(topology.RuleHistory, change.Key, raw)
}

// append writes changes to the history. The fold has them already, under the
// revisions that they must get.
func (r *Registrar) append(ctx context.Context, changes []topology.Message) error {
	if len(changes) == 0 {
		return nil
	}
	written, err := r.producer.ProduceSync(ctx, changes...)
	if err != nil {
		return err
	}
	for i, record := range written {
		if record.Offset != r.next+int64(i) {
			return errors.New("ttp.rule.history has another writer: a registrar whose turn is over, or a foreign program; starting again from the history")
		}
	}
	r.next += int64(len(written))
	r.admitted.advance(struct{}{}, r.fold.Revision())
	return nil
}
