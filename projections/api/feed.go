package api

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

// A feed is the newest part of ttp.tagged in memory, read once for all who
// listen. Listeners take from it at their own speed: there is no queue that a
// slow one could fill, only the ring, out of which it falls. What a listener
// needs that the ring does not have it reads from the log itself.

// Bounds of the ring.
const (
	ringEvents = 8192
	ringBytes  = 16 << 20
)

// event is one record of ttp.tagged, encoded once for all.
type event struct {
	partition int32
	offset    int64
	name      string // tag or retraction
	data      []byte
	tag       *projections.TagRow // without evidence; nil for a retraction
}

// errFeedEnded says that the feed ended. Listeners come back and find another.
var errFeedEnded = errors.New("the feed has ended")

// feed is safe for concurrent use.
type feed struct {
	view func(*projections.TagRow) Tag
	log  *slog.Logger

	mu sync.Mutex
	// ring has events first, first+1 … ; base is the place before the first of
	// them and next the place behind the last.
	ring  []*event
	first int64
	bytes int
	base  vector
	next  vector
	// changed is closed and made anew when something changes; err is set when
	// the feed has ended.
	changed chan struct{}
	err     error
}

// feeds hands out the feed that runs, or starts one.
type feeds struct {
	log  TagLog
	view func(*projections.TagRow) Tag
	logg *slog.Logger

	// starting holds who starts a feed.
	starting chan struct{}
	current  atomic.Pointer[feed]
}

// startPatience bounds the start of a feed.
const startPatience = 10 * time.Second

// get returns a feed that runs for as long as life does.
func (f *feeds) get(ctx, life context.Context) (*feed, error) {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	select {
	case f.starting <- struct{}{}:
		defer func() { <-f.starting }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if running := f.current.Load(); running != nil && running.failure() == nil {
		return running, nil
	}
	reader, err := f.log.Read(ctx, nil)
	if err != nil {
		return nil, err
	}
	next := vector(reader.Next())
	started := &feed{view: f.view, log: f.logg, base: maps.Clone(next), next: next, changed: make(chan struct{})}
	f.current.Store(started)
	go started.run(life, reader)
	return started, nil
}

// run reads until life ends or the log fails.
func (f *feed) run(life context.Context, reader TagReader) {
	defer reader.Close()
	for {
		records, err := reader.Poll(life)
		if err != nil {
			if life.Err() == nil {
				f.log.ErrorContext(life, "live events have ended; listeners will come back", "error", err)
			}
			f.end()
			return
		}
		f.add(records)
	}
}

func (f *feed) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = errFeedEnded
	close(f.changed)
	f.changed = nil
}

func (f *feed) failure() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

func (f *feed) add(records []topology.Record) {
	events := make([]*event, 0, len(records))
	for _, r := range records {
		events = append(events, eventOf(r, f.view))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range events {
		f.next[e.partition] = e.offset + 1
		f.ring = append(f.ring, e)
		f.bytes += len(e.data)
	}
	for len(f.ring) > ringEvents || f.bytes > ringBytes && len(f.ring) > 1 {
		gone := f.ring[0]
		f.ring[0] = nil
		f.ring, f.first, f.bytes = f.ring[1:], f.first+1, f.bytes-len(gone.data)
		f.base[gone.partition] = gone.offset + 1
	}
	close(f.changed)
	f.changed = make(chan struct{})
}

// eventOf encodes a record. What is neither tag nor retraction keeps its place
// and has no name.
func eventOf(r topology.Record, view func(*projections.TagRow) Tag) *event {
	e := &event{partition: r.Partition, offset: r.Offset}
	entry, err := projections.DecodeEntry(r)
	if err != nil {
		return e
	}
	var value any
	switch {
	case entry.Tag != nil && entry.Tag.Step >= projections.StepOf(projections.Floor):
		tag := view(entry.Tag)
		tag.State = ""
		e.name, value = "tag", tag
		e.tag = entry.Tag
		e.tag.Evidence = ""
	case entry.Retraction != nil:
		e.name, value = "retraction", entry.Retraction
	default:
		return e
	}
	if e.data, err = encode(value); err != nil {
		return &event{partition: r.Partition, offset: r.Offset}
	}
	e.data = e.data[:len(e.data)-1] // the final newline
	return e
}

// now returns the place behind the newest event.
func (f *feed) now() vector {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.next)
}

// join returns where in the ring a listener at a place begins. ok is false
// when the ring does not have all that is behind the place.
func (f *feed) join(at vector) (seq int64, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.first, at.reaches(f.base)
}

// since returns up to max events from seq on, and what is closed when there
// are more. ok is false when seq has fallen out of the ring.
func (f *feed) since(seq int64, max int) (events []*event, changed <-chan struct{}, ok bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil || seq < f.first {
		return nil, nil, false, f.err
	}
	begin := min(int(seq-f.first), len(f.ring))
	end := min(begin+max, len(f.ring))
	return append([]*event(nil), f.ring[begin:end]...), f.changed, true, nil
}
