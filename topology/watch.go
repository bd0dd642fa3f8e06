package topology

import (
	"context"
	"sync"
	"sync/atomic"
)

// Watch sees how far the groups of this process have come: at once, where the broker learns of it a second
// later. It is how a finite run knows that it is done. A nil Watch sees nothing. It is safe for concurrent use.
//
// Groups and topics are named as on the broker, as goka names them.
type Watch struct {
	mu      sync.Mutex
	claims  map[watchKey]*watchedClaim
	moved   chan struct{} // closed at the next move, when somebody waits
	waiting atomic.Int32
}

type watchKey struct {
	group, topic string
	partition    int32
}

// watchedClaim is one partition of an input, while this process has it and afterwards.
type watchedClaim struct {
	finished atomic.Int64
	high     func() int64
}

// NewWatch makes a Watch; it is given to [ProcessorOptions].
func NewWatch() *Watch {
	return &Watch{claims: make(map[watchKey]*watchedClaim), moved: make(chan struct{})}
}

// Finished returns the offset before which the group has finished every record of the partition, its emits
// acknowledged. -1 says that this process never had the partition.
func (w *Watch) Finished(group, topic string, partition int32) int64 {
	if c := w.claim(group, topic, partition); c != nil {
		return c.finished.Load()
	}
	return -1
}

// HighWatermark returns the offset that the next record of the partition will have, as of the last fetch. -1
// says that this process never had the partition.
func (w *Watch) HighWatermark(group, topic string, partition int32) int64 {
	if c := w.claim(group, topic, partition); c != nil {
		return c.high()
	}
	return -1
}

// Wait returns when the group has finished every record before the given offsets, or ctx's error. It sees this
// process only: a partition that another process has is waited for in vain, and so is an offset that no record
// precedes but a transaction's marker.
func (w *Watch) Wait(ctx context.Context, group, topic string, before map[int32]int64) error {
	return w.Until(ctx, func() bool { return w.reached(group, topic, before) })
}

// Until returns when done says so, or ctx's error. done is asked at once and again after every move of any group; it
// must be quick.
func (w *Watch) Until(ctx context.Context, done func() bool) error {
	w.waiting.Add(1)
	defer w.waiting.Add(-1)
	for {
		w.mu.Lock()
		moved := w.moved
		w.mu.Unlock()
		if done() {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (w *Watch) reached(group, topic string, before map[int32]int64) bool {
	for p, offset := range before {
		if offset > 0 && w.Finished(group, topic, p) < offset {
			return false
		}
	}
	return true
}

func (w *Watch) claim(group, topic string, partition int32) *watchedClaim {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.claims[watchKey{group, topic, partition}]
}

// begin is called when a claim is consumed, with the offset it goes on from, which is negative when the group
// never committed one.
func (w *Watch) begin(group, topic string, partition int32, initial int64, high func() int64) {
	if w == nil {
		return
	}
	c := &watchedClaim{high: high}
	c.finished.Store(max(initial, 0))
	w.mu.Lock()
	w.claims[watchKey{group, topic, partition}] = c
	w.mu.Unlock()
	w.wake()
}

// advance is called whenever more is finished. Calls for one partition may come in any order.
func (w *Watch) advance(group, topic string, partition int32, next int64) {
	c := w.claim(group, topic, partition)
	if c == nil {
		return
	}
	for {
		at := c.finished.Load()
		if next <= at || c.finished.CompareAndSwap(at, next) {
			break
		}
	}
	w.wake()
}

// wake costs nothing while nobody waits: a waiter counts itself before it looks.
func (w *Watch) wake() {
	if w.waiting.Load() == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.moved)
	w.moved = make(chan struct{})
}
