package processors

import (
	"context"
	"sync"
)

// progress says how far something has come, by key, and wakes those who wait
// for it. What was never advanced stands at -1.
type progress[K comparable] struct {
	mu    sync.Mutex
	at    map[K]int64
	moved chan struct{} // closed at the next advance
}

func newProgress[K comparable]() *progress[K] {
	return &progress[K]{at: map[K]int64{}, moved: make(chan struct{})}
}

// advance moves key to offset. Going back is not possible.
func (p *progress[K]) advance(key K, offset int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, known := p.at[key]; known && offset <= at {
		return
	}
	p.at[key] = offset
	close(p.moved)
	p.moved = make(chan struct{})
}

func (p *progress[K]) get(key K) int64 {
	at, _ := p.state(key)
	return at
}

func (p *progress[K]) state(key K) (int64, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, known := p.at[key]; known {
		return at, p.moved
	}
	return -1, p.moved
}

// wait returns when key has reached offset, or ctx's error.
func (p *progress[K]) wait(ctx context.Context, key K, offset int64) error {
	for {
		at, moved := p.state(key)
		if at >= offset {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
