package main

import (
	"context"
	"maps"
	"sync"

	"github.com/ttpstream/ttpstream/topology"
)

// topicReader hands every record of a topic to a function, on one goroutine,
// and knows how far it has come.
type topicReader struct {
	topic  topology.Topic
	reader *topology.Reader
	handle func(topology.Record) error

	mu    sync.Mutex
	next  map[int32]int64
	moved chan struct{} // closed and replaced at every step
}

func newTopicReader(ctx context.Context, cluster topology.Cluster, topic topology.Topic, handle func(topology.Record) error) (*topicReader, error) {
	reader, err := topology.NewReader(ctx, cluster, topic, topology.From{})
	if err != nil {
		return nil, err
	}
	return &topicReader{topic: topic, reader: reader, handle: handle, next: reader.Next(), moved: make(chan struct{})}, nil
}

// run reads until ctx ends (nil) or something fails.
func (r *topicReader) run(ctx context.Context) error {
	defer r.reader.Close()
	for {
		records, err := r.reader.Poll(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		for _, record := range records {
			if err := r.handle(record); err != nil {
				return err
			}
		}
		r.step(r.reader.Next())
	}
}

func (r *topicReader) step(next map[int32]int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next = next
	close(r.moved)
	r.moved = make(chan struct{})
}

// done returns, by partition, the offset before which everything is handled.
func (r *topicReader) done() map[int32]int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.next)
}

// finish returns when everything that the topic holds now is handled.
func (r *topicReader) finish(ctx context.Context, admin *topology.Admin) error {
	ends, err := admin.Ends(ctx, r.topic)
	if err != nil {
		return err
	}
	for {
		r.mu.Lock()
		next, moved := r.next, r.moved
		r.mu.Unlock()
		if reached(next, ends) {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func reached(next, ends map[int32]int64) bool {
	for partition, end := range ends {
		if next[partition] < end {
			return false
		}
	}
	return true
}
