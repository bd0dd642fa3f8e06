package broker

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"
)

// snapshot is kfake's summary of a partition. When the segments have exactly
// the sizes it lists, kfake believes the rest of it and reads one segment at a
// time; otherwise it replays the whole partition in memory, puts the log's
// start at the first record that is left, and takes transactions that a crash
// interrupted for aborted without writing so down. So each start writes
// snapshots that fit.
type snapshot struct {
	Version          int               `json:"version"`
	HighWatermark    int64             `json:"high_watermark"`
	LastStableOffset int64             `json:"last_stable_offset"`
	LogStartOffset   int64             `json:"log_start_offset"`
	Epoch            int32             `json:"epoch"`
	LeaderNode       int32             `json:"leader_node,omitempty"`
	MaxTimestamp     int64             `json:"max_timestamp"`
	CreatedAt        time.Time         `json:"created_at"`
	AbortedTxns      []abortedTxn      `json:"aborted_txns,omitempty"`
	Segments         []snapshotSegment `json:"segments"`
}

type abortedTxn struct {
	ProducerID  int64 `json:"producer_id"`
	FirstOffset int64 `json:"first_offset"`
	LastOffset  int64 `json:"last_offset"` // the marker's
}

type snapshotSegment struct {
	BaseOffset int64 `json:"base_offset"`
	Size       int64 `json:"size"`
	MinEpoch   int32 `json:"min_epoch,omitempty"`
	MaxEpoch   int32 `json:"max_epoch,omitempty"`
}

// equal tells whether two snapshots say the same; the largest timestamp is
// computed anew by whoever loads them.
func (s *snapshot) equal(o *snapshot) bool {
	if s == nil || o == nil {
		return s == o
	}
	return s.HighWatermark == o.HighWatermark && s.LastStableOffset == o.LastStableOffset &&
		s.LogStartOffset == o.LogStartOffset && s.Epoch == o.Epoch && s.LeaderNode == o.LeaderNode &&
		slices.Equal(s.AbortedTxns, o.AbortedTxns) && slices.Equal(s.Segments, o.Segments)
}

// readSnapshot returns a partition's snapshot, nil when there is none or none
// that can be read: it repeats what the segments say, apart from the start of
// the log, which is then that of the first segment.
func readSnapshot(dir string) (*snapshot, error) {
	var s snapshot
	found, err := readJSON(filepath.Join(dir, snapshotFile), &s)
	if errors.Is(err, ErrDamaged) {
		return nil, nil
	}
	if err != nil || !found {
		return nil, err
	}
	if s.Version != formatVersion {
		return nil, fmt.Errorf("%w: %s is of version %d", ErrDamaged, filepath.Join(dir, snapshotFile), s.Version)
	}
	return &s, nil
}

// snapshot summarises the partition as it is now.
func (p *partition) snapshot() *snapshot {
	s := &snapshot{
		Version:          formatVersion,
		HighWatermark:    p.end,
		LastStableOffset: p.stable(),
		LogStartOffset:   p.start,
		Epoch:            p.epoch,
		MaxTimestamp:     p.maxTime,
		CreatedAt:        p.created,
		AbortedTxns:      p.aborted,
	}
	for _, seg := range p.segs {
		s.Segments = append(s.Segments, snapshotSegment{seg.base, seg.bytes, seg.minEpoch, seg.maxEpoch})
	}
	return s
}

// saveSnapshot writes the partition's snapshot, if it is not what is stored.
func (p *partition) saveSnapshot(durable bool) error {
	now := p.snapshot()
	if now.equal(p.stored) || len(p.segs) == 0 && p.stored == nil {
		return nil
	}
	if err := writeJSON(filepath.Join(p.dir, snapshotFile), now, durable); err != nil {
		return err
	}
	p.stored = now
	return nil
}
