package topology

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Producer publishes. It is safe for concurrent use; messages of one goroutine to one partition keep their
// order.
type Producer struct {
	c  Cluster
	cl *kgo.Client
}

// NewProducer makes a producer. It connects when it is first used.
func NewProducer(c Cluster) (*Producer, error) {
	c, err := c.ready()
	if err != nil {
		return nil, err
	}
	cl, err := kgo.NewClient(producerOptions(c)...)
	if err != nil {
		return nil, fmt.Errorf("producer: %w", err)
	}
	return &Producer{c, cl}, nil
}

// Produce takes the message to be published and calls done once it is: acknowledged by every in-sync replica,
// or failed. It blocks only while too much is under way. done may be nil, runs on the client's goroutine and
// must be quick; the Record it gets has partition and offset. A message that is too large fails at once with
// [ErrTooLarge]; one whose ctx ends before it could be sent fails with ctx's error.
func (p *Producer) Produce(ctx context.Context, m Message, done func(Record, error)) {
	if done == nil {
		done = func(Record, error) {}
	}
	if err := p.c.CheckSize(m.Topic, m.Key, m.Value, m.Headers...); err != nil {
		done(Record{Topic: m.Topic.Name, Key: m.Key}, err)
		return
	}
	p.cl.Produce(ctx, p.c.toKgo(m), func(r *kgo.Record, err error) {
		if err != nil {
			err = fmt.Errorf("publishing to %s: %w", m.Topic, err)
		}
		done(p.c.fromKgo(r), err)
	})
}

// ProduceSync publishes the messages and waits for all of them. It returns them as published, in order, or the
// first error; the others may have been published then.
func (p *Producer) ProduceSync(ctx context.Context, messages ...Message) ([]Record, error) {
	type result struct {
		i   int
		rec Record
		err error
	}
	results := make(chan result, len(messages))
	for i, m := range messages {
		p.Produce(ctx, m, func(r Record, err error) { results <- result{i, r, err} })
	}
	records := make([]Record, len(messages))
	var first error
	for range messages {
		r := <-results
		records[r.i] = r.rec
		if first == nil {
			first = r.err
		}
	}
	if first != nil {
		return nil, first
	}
	return records, nil
}

// Flush waits until all that was produced is acknowledged or failed. Its error is ctx's; failures go to done.
func (p *Producer) Flush(ctx context.Context) error {
	if err := p.cl.Flush(ctx); err != nil {
		return fmt.Errorf("waiting for acknowledgements: %w", err)
	}
	return nil
}

// Close ends the producer. What is not acknowledged by then fails: Flush first.
func (p *Producer) Close() { p.cl.Close() }
