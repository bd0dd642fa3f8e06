package topology

import (
	"errors"
	"fmt"

	"github.com/IBM/sarama"
)

// ErrOffsetLost says that the record to go on from is no longer in the log. Nothing was skipped; the reader
// stopped.
var ErrOffsetLost = errors.New("the next record to read is no longer in the log")

// explain turns sarama's "offset out of range" into what an operator needs: which offset was wanted, what there
// is, and what can be done.
func (g *orderedGroup) explain(lost error) error {
	var at *sarama.ConsumerError
	if !errors.As(lost, &at) {
		return fmt.Errorf("group %s: %w: %w", g.name, ErrOffsetLost, lost)
	}
	wanted := g.committed(at.Topic, at.Partition)
	oldest, errOldest := g.client.GetOffset(at.Topic, at.Partition, sarama.OffsetOldest)
	newest, errNewest := g.client.GetOffset(at.Topic, at.Partition, sarama.OffsetNewest)
	if err := errors.Join(errOldest, errNewest); err != nil {
		return fmt.Errorf("group %s, %s/%d: %w (looking up its range: %w)", g.name, at.Topic, at.Partition, ErrOffsetLost, err)
	}
	return lostError("group "+g.name, at.Topic, at.Partition, wanted, oldest, newest)
}

// committed returns where the group goes on, or -1 when that cannot be found out.
func (g *orderedGroup) committed(topic string, partition int32) int64 {
	offsets, err := sarama.NewOffsetManagerFromClient(g.name, g.client)
	if err != nil {
		return -1
	}
	defer offsets.Close()
	p, err := offsets.ManagePartition(topic, partition)
	if err != nil {
		return -1
	}
	defer p.AsyncClose()
	next, _ := p.NextOffset()
	return next
}

// lostError is the sentence for who wants an offset that is not there.
func lostError(who, topic string, partition int32, wanted, oldest, newest int64) error {
	return fmt.Errorf("%s stops at %s/%d: %w: it wants offset %d and the broker has %d up to %d. "+
		"Retention or a deletion took the records, or the topic was made anew. "+
		"Nothing was skipped. To accept the gap, set the group's offset with kafka-consumer-groups --reset-offsets --to-earliest; "+
		"to avoid it, raise the topic's retention",
		who, topic, partition, ErrOffsetLost, wanted, oldest, newest)
}
