package projections

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// reasons are the words by which dead letters are counted.
var reasons = map[string]string{
	topology.Tagged.Name:           "neither_tag_nor_retraction",
	topology.AttackerIdentity.Name: "not_a_link",
	topology.RuleHistory.Name:      "not_a_change",
}

// letters writes the dead letters of a lane. They are acknowledged before the
// transaction that passes over their records, so that none is missing; after a
// crash one may be there twice, under the same key. Not safe for concurrent use.
type letters struct {
	producer *topology.Producer
	lane     *lane
	pending  []topology.Message
}

// refuse notes a record that is none of ours.
func (w *letters) refuse(r topology.Record, why error) error {
	letter := &schemas.DeadLetter{
		Stage: schemas.StageDecode, Reason: reasons[r.Topic], Detail: short([]byte(strings.ToValidUTF8(why.Error(), "\uFFFD"))),
		Group: w.lane.group.Name, Topic: r.Topic, Partition: r.Partition, Offset: r.Offset,
	}
	letter.SetPayload(r.Value)
	for {
		raw, err := schemas.EncodeJSON(letter)
		if err != nil {
			return fatal{fmt.Errorf("a dead letter: %w", err)}
		}
		err = w.lane.o.Cluster.CheckSize(topology.DeadLetter, letter.Key(), raw)
		if err == nil {
			w.pending = append(w.pending, topology.Message{Topic: topology.DeadLetter, Key: letter.Key(), Value: raw})
			return nil
		}
		if len(letter.Payload) == 0 {
			return fatal{fmt.Errorf("a dead letter: %w", err)}
		}
		// The largest record of a small limit does not fit with what is said of it.
		letter.Payload, letter.Truncated = letter.Payload[:len(letter.Payload)/2], true
	}
}

// flush returns when all letters are published. The broker's being away is no
// reason to skip one: it tries again until ctx ends.
func (w *letters) flush(ctx context.Context) error {
	wait := w.lane.backoff()
	for len(w.pending) > 0 {
		_, err := w.producer.ProduceSync(ctx, w.pending...)
		if err == nil {
			w.pending = nil
			return nil
		}
		w.lane.o.Logger.Warn("projector: dead letters", "group", w.lane.group.Name, "why", err)
		if errSleep := wait.sleep(ctx); errSleep != nil {
			return errors.Join(err, errSleep)
		}
	}
	return nil
}
