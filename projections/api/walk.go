package api

import (
	"context"
	"maps"
	"time"

	"github.com/ttpstream/ttpstream/topology"
)

// Who pulls tags bit by bit asks for what was added after a time, and takes
// the time of the last it got for the next question. That misses nothing only
// if records come in the order of their times over all partitions, and if none
// turns up later with a time that was passed already. So partitions are merged
// by time, and the newest seconds are held back until they are settled.

// settled is how long a record may take from getting its time, at the
// producer, to being in the log.
const settled = 5 * time.Second

// walk reads a log in the order of time, up to a time.
type walk struct {
	log TagLog
	// at is the place that was reached, and end where there is nothing more.
	at, end vector
	// before ends the walk.
	before time.Time

	reader TagReader
	heads  map[int32][]topology.Record
	done   map[int32]bool
}

// newWalk begins at a place, or at the beginning when it is nil. The caller
// closes the walk.
func newWalk(ctx context.Context, log TagLog, at vector, before time.Time) (*walk, error) {
	starts, ends, err := log.Range(ctx)
	if err != nil {
		return nil, lostPlace(err)
	}
	if at == nil {
		at = starts
	}
	if !at.fits(ends) {
		return nil, errCursor
	}
	w := &walk{log: log, at: maps.Clone(at), end: ends, before: before, heads: make(map[int32][]topology.Record), done: make(map[int32]bool)}
	return w, w.open(ctx)
}

// open reads from the place that was reached.
func (w *walk) open(ctx context.Context) (err error) {
	if w.reader, err = w.log.Read(ctx, maps.Clone(w.at)); err != nil {
		return lostPlace(err)
	}
	return nil
}

func (w *walk) close() {
	if w.reader != nil {
		w.reader.Close()
	}
}

// next returns the record with the least time of those that were not read. ok
// is false at the end.
func (w *walk) next(ctx context.Context) (r topology.Record, ok bool, err error) {
	for w.waits() {
		records, err := w.reader.Poll(ctx)
		if err != nil {
			return r, false, err
		}
		for _, got := range records {
			w.heads[got.Partition] = append(w.heads[got.Partition], got)
		}
	}
	least := int32(-1)
	for p, head := range w.heads {
		if w.done[p] || len(head) == 0 {
			continue
		}
		if !head[0].Timestamp.Before(w.before) || head[0].Offset >= w.end[p] {
			w.done[p] = true
			continue
		}
		if least < 0 || head[0].Timestamp.Before(w.heads[least][0].Timestamp) || head[0].Timestamp.Equal(w.heads[least][0].Timestamp) && p < least {
			least = p
		}
	}
	if least < 0 {
		return r, false, nil
	}
	r = w.heads[least][0]
	w.heads[least] = w.heads[least][1:]
	w.at[least] = r.Offset + 1
	return r, true, nil
}

// waits reports whether a partition's next record is needed and not there.
func (w *walk) waits() bool {
	for p, end := range w.end {
		if !w.done[p] && w.at[p] < end && len(w.heads[p]) == 0 {
			return true
		}
	}
	return false
}

// near is how many records may be read in vain for a place by time.
const near = 4096

// seek moves the walk to a place at or before the first record of a time, by
// halving. Times of producers go back now and then, by less than settled.
func (w *walk) seek(ctx context.Context, after time.Time) error {
	after = after.Add(-settled)
	low, high := maps.Clone(w.at), maps.Clone(w.end)
	for {
		middle, searching := make(vector, len(low)), false
		for p := range low {
			middle[p] = low[p]
			if high[p]-low[p] > near {
				middle[p], searching = low[p]+(high[p]-low[p])/2, true
			}
		}
		if !searching {
			break
		}
		heads, err := w.look(ctx, middle, low, high)
		if err != nil {
			return err
		}
		for p, r := range heads {
			if r.Timestamp.After(after) {
				high[p] = middle[p]
			} else {
				low[p] = middle[p]
			}
		}
	}
	w.close()
	w.at = low
	return w.open(ctx)
}

// look returns the records at a place, of the partitions that are searched.
func (w *walk) look(ctx context.Context, at, low, high vector) (map[int32]topology.Record, error) {
	reader, err := w.log.Read(ctx, maps.Clone(at))
	if err != nil {
		return nil, lostPlace(err)
	}
	defer reader.Close()
	wanted := 0
	for p := range at {
		if high[p]-low[p] > near {
			wanted++
		}
	}
	heads := make(map[int32]topology.Record, wanted)
	for len(heads) < wanted {
		records, err := reader.Poll(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if _, known := heads[r.Partition]; !known && high[r.Partition]-low[r.Partition] > near {
				heads[r.Partition] = r
			}
		}
	}
	return heads, nil
}
