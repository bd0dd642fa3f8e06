package ingest

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/ttpstream/ttpstream/topology"
)

// How much may be under way to the broker. It is below what the client
// buffers itself, so that waiting happens here, where ctx ends it, while a
// message that was taken is sent whatever becomes of ctx.
const (
	maxUnderWay  = 32 << 20
	messageFloor = 4 << 10 // so that many small ones are bounded too: 8192
)

// kafkaSink publishes by way of topology's producer.
type kafkaSink struct {
	cluster  topology.Cluster
	producer *topology.Producer
	room     *semaphore.Weighted

	mu     sync.Mutex
	failed error // the first failure; nothing is published after it
}

// NewSink returns a sink that publishes with the producer, which stays the
// caller's to close and should have no other user: it would wait for others'
// messages. The cluster is the one that the producer was made with.
func NewSink(c topology.Cluster, p *topology.Producer) Sink {
	return &kafkaSink{cluster: c, producer: p, room: semaphore.NewWeighted(maxUnderWay)}
}

func (s *kafkaSink) CheckSize(m topology.Message) error {
	return s.cluster.CheckSize(m.Topic, m.Key, m.Value, m.Headers...)
}

func (s *kafkaSink) Publish(ctx context.Context, m topology.Message) error {
	if err := s.failure(); err != nil {
		return err
	}
	weight := min(max(int64(len(m.Value)), messageFloor), maxUnderWay)
	if err := s.room.Acquire(ctx, weight); err != nil {
		return err
	}
	s.producer.Produce(context.WithoutCancel(ctx), m, func(_ topology.Record, err error) {
		if err != nil {
			s.fail(err)
		}
		s.room.Release(weight)
	})
	return nil
}

func (s *kafkaSink) Flush(ctx context.Context) error {
	if err := s.producer.Flush(ctx); err != nil {
		return err
	}
	return s.failure()
}

func (s *kafkaSink) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

func (s *kafkaSink) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
}
