package topology

import (
	"context"
	"sort"
	"sync"
)

// tracker knows which messages of one claim were handed out and which of those are done, and says how far
// everything is done without a hole. It goes by messages, not by numbers: offsets have gaps where the log was
// compacted or holds transaction markers, and a gap is no message that could still be missing.
//
// add is called by one goroutine; complete by any.
type tracker struct {
	maxMessages int
	maxBytes    int64

	mu      sync.Mutex
	ring    []inFlight // its length is a power of two
	head, n int
	bytes   int64         // of messages handed out and not done
	last    int64         // highest offset handed out
	waiting bool          // add waits for room
	room    chan struct{} // wakes it
}

// inFlight is a message that was handed out. It stays until everything before it is done.
type inFlight struct {
	offset int64
	size   int32
	done   bool
}

// newTracker makes a tracker that holds at most maxMessages messages and, of those not done, maxBytes bytes.
// One message is always let in.
func newTracker(maxMessages int, maxBytes int64) *tracker {
	return &tracker{maxMessages: maxMessages, maxBytes: maxBytes, ring: make([]inFlight, 64), last: -1, room: make(chan struct{}, 1)}
}

// add takes the message in before it is handed out, and waits while there is no room for it: a message that
// never gets done must not let the ones behind it pile up. It reports false when ctx ended first.
func (t *tracker) add(ctx context.Context, offset int64, size int) bool {
	for {
		t.mu.Lock()
		if t.n == 0 || t.n < t.maxMessages && t.bytes+int64(size) <= t.maxBytes {
			t.push(offset, size)
			t.mu.Unlock()
			return true
		}
		t.waiting = true
		t.mu.Unlock()
		select {
		case <-t.room:
		case <-ctx.Done():
			return false
		}
	}
}

// push appends a message. One that was handed out before is not taken in again: its first entry stands for
// both.
func (t *tracker) push(offset int64, size int) {
	if offset <= t.last {
		return
	}
	if t.n == len(t.ring) {
		t.grow()
	}
	t.last = offset
	t.n++
	*t.at(t.n - 1) = inFlight{offset: offset, size: int32(size)}
	t.bytes += int64(size)
}

func (t *tracker) grow() {
	ring := make([]inFlight, 2*len(t.ring))
	for i := range t.n {
		ring[i] = *t.at(i)
	}
	t.ring, t.head = ring, 0
}

func (t *tracker) at(i int) *inFlight { return &t.ring[(t.head+i)&(len(t.ring)-1)] }

// complete notes that a message is done. It returns the offset to go on from after a restart, and whether that
// has moved: the one behind the last message before which, itself included, everything is done. A message that
// was never handed out, or is done already, moves nothing.
func (t *tracker) complete(offset int64) (next int64, moved bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, ok := t.find(offset)
	if !ok || t.at(i).done {
		return 0, false
	}
	t.at(i).done = true
	t.bytes -= int64(t.at(i).size)
	for t.n > 0 && t.at(0).done {
		next, moved = t.at(0).offset+1, true
		t.head = (t.head + 1) & (len(t.ring) - 1)
		t.n--
	}
	if t.waiting {
		t.waiting = false
		select {
		case t.room <- struct{}{}:
		default:
		}
	}
	return next, moved
}

// find returns the place of offset. Without gaps it is a subtraction.
func (t *tracker) find(offset int64) (int, bool) {
	if t.n == 0 {
		return 0, false
	}
	if guess := offset - t.at(0).offset; guess >= 0 && guess < int64(t.n) && t.at(int(guess)).offset == offset {
		return int(guess), true
	}
	i := sort.Search(t.n, func(i int) bool { return t.at(i).offset >= offset })
	return i, i < t.n && t.at(i).offset == offset
}

// held returns how many messages are held, and the bytes of those that are not done.
func (t *tracker) held() (messages int, bytes int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n, t.bytes
}
