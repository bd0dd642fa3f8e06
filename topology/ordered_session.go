package topology

import (
	"context"

	"github.com/IBM/sarama"
)

// orderedHandler gives the handler behind it a session whose marks keep order, and claims whose messages are
// tracked. One is made per session, so trackers never outlive the claims they belong to.
type orderedHandler struct {
	sarama.ConsumerGroupHandler
	group   *orderedGroup
	session *orderedSession
}

// Setup is called before any claim is consumed.
func (h *orderedHandler) Setup(s sarama.ConsumerGroupSession) error {
	h.session = &orderedSession{ConsumerGroupSession: s, group: h.group, trackers: make(map[string]map[int32]*tracker)}
	for topic, partitions := range s.Claims() {
		h.session.trackers[topic] = make(map[int32]*tracker, len(partitions))
		for _, p := range partitions {
			h.session.trackers[topic][p] = newTracker(h.group.limits.messages, h.group.limits.bytes)
		}
	}
	return h.ConsumerGroupHandler.Setup(h.session)
}

// Cleanup is called when all claims are done. goka waits here for the emits in flight, so marks still come in;
// sarama commits them afterwards. A mark that comes later still finds its tracker, and no partition to commit.
func (h *orderedHandler) Cleanup(sarama.ConsumerGroupSession) error {
	return h.ConsumerGroupHandler.Cleanup(h.session)
}

// ConsumeClaim hands the claim's messages on, each noted first. It returns when the handler does.
func (h *orderedHandler) ConsumeClaim(s sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	h.group.watch.begin(h.group.name, claim.Topic(), claim.Partition(), claim.InitialOffset(), claim.HighWaterMarkOffset)
	ctx, stop := context.WithCancel(s.Context())
	ordered := &orderedClaim{ConsumerGroupClaim: claim, out: make(chan *sarama.ConsumerMessage, 256)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		ordered.forward(ctx, h.session.trackers[claim.Topic()][claim.Partition()])
	}()
	err := h.ConsumerGroupHandler.ConsumeClaim(h.session, ordered)
	stop()
	<-done
	return err
}

// orderedSession passes a mark on when everything before it is done. The trackers are made before it is handed
// out and the maps never change, so it needs no lock of its own.
type orderedSession struct {
	sarama.ConsumerGroupSession
	group    *orderedGroup
	trackers map[string]map[int32]*tracker
}

// MarkOffset notes that the message before offset is done, and marks how far everything is done when that has
// moved.
func (s *orderedSession) MarkOffset(topic string, partition int32, offset int64, metadata string) {
	t := s.trackers[topic][partition]
	if t == nil {
		return // not ours in this session: sarama would ignore it too
	}
	if next, moved := t.complete(offset - 1); moved {
		s.ConsumerGroupSession.MarkOffset(topic, partition, next, metadata)
		s.group.watch.advance(s.group.name, topic, partition, next)
	}
}

// MarkMessage is MarkOffset for the message's successor.
func (s *orderedSession) MarkMessage(msg *sarama.ConsumerMessage, metadata string) {
	s.MarkOffset(msg.Topic, msg.Partition, msg.Offset+1, metadata)
}

// orderedClaim hands out messages that the tracker has taken in.
type orderedClaim struct {
	sarama.ConsumerGroupClaim
	out chan *sarama.ConsumerMessage
}

// Messages returns the messages in order. It is closed when the session ends.
func (c *orderedClaim) Messages() <-chan *sarama.ConsumerMessage { return c.out }

func (c *orderedClaim) forward(ctx context.Context, t *tracker) {
	defer close(c.out)
	for {
		var msg *sarama.ConsumerMessage
		select {
		case m, open := <-c.ConsumerGroupClaim.Messages():
			if !open {
				return
			}
			msg = m
		case <-ctx.Done():
			return
		}
		if !t.add(ctx, msg.Offset, messageSize(msg)) {
			return
		}
		select {
		case c.out <- msg:
		case <-ctx.Done():
			return
		}
	}
}

// messageSize is what a message in flight costs: its bytes, and what goka keeps beside them.
func messageSize(msg *sarama.ConsumerMessage) int {
	const beside = 512
	size := beside + len(msg.Key) + len(msg.Value)
	for _, h := range msg.Headers {
		size += len(h.Key) + len(h.Value)
	}
	return size
}
