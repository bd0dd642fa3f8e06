package broker

import (
	"os"
	"path/filepath"
	"slices"
)

// settle draws from the last snapshot what the batches do not say: the start
// of the log, and that it once reached further.
func (d *dataDir) settle(p *partition) error {
	if len(p.segs) > 0 {
		p.start = p.segs[0].base
	}
	if p.cleanable < 0 {
		p.cleanable = p.end
	}
	// The last batch carries the high watermark, so it always stays.
	p.cleanable = min(p.cleanable, p.last)
	s := p.stored
	if s == nil {
		return nil
	}
	p.created, p.epoch = s.CreatedAt, max(p.epoch, s.Epoch)
	// Compaction moves the first record, not the start of the log: who has
	// read up to a record that is gone goes on behind it. Only retention
	// moves the start, and says so here before it deletes.
	p.start = s.LogStartOffset
	if err := d.deleteBelowStart(p); err != nil {
		return err
	}
	if p.end < s.HighWatermark {
		return d.reachAgain(p, s.HighWatermark)
	}
	return nil
}

// deleteBelowStart deletes the segments that retention had given up.
func (d *dataDir) deleteBelowStart(p *partition) error {
	for len(p.segs) > 1 && p.segs[0].next <= p.start {
		if err := d.deleteSegment(p, 0); err != nil {
			return err
		}
	}
	return nil
}

// deleteSegment deletes one segment's files, the data first: an index without
// its data is a leftover, data without its index is repaired.
func (d *dataDir) deleteSegment(p *partition, i int) error {
	seg := p.segs[i]
	for _, name := range []string{dataName(seg.base), indexName(seg.base)} {
		if err := d.step("delete " + name); err != nil {
			return err
		}
		if err := remove(filepath.Join(p.dir, name)); err != nil {
			return err
		}
	}
	p.segs = slices.Delete(p.segs, i, i+1)
	return nil
}

// reachAgain puts an empty batch at the end of a log that is shorter than it
// was, so that no offset is given out twice: whoever had read it would take
// the new record for the old one. A kill shortens no log; a loss of power can.
func (d *dataDir) reachAgain(p *partition, end int64) error {
	d.log.Warn("broker: the log is shorter than it was; its offsets are skipped",
		"partition", p.String(), "from", p.end, "to", end)
	return d.append(p, emptyBatch(end-1, p.epoch, d.now.UnixMilli()))
}

// append writes a batch at the end of the partition's log, durably.
func (d *dataDir) append(p *partition, raw []byte) error {
	h := parseHeader(raw)
	if len(p.segs) == 0 {
		if err := os.MkdirAll(p.dir, 0o700); err != nil {
			return err
		}
		p.segs = append(p.segs, segment{base: h.offset, next: h.offset, maxTime: -1, modified: d.now})
	}
	seg := &p.segs[len(p.segs)-1]
	if err := d.step("append"); err != nil {
		return err
	}
	if err := appendFile(filepath.Join(p.dir, dataName(seg.base)), raw); err != nil {
		return p.wrap("append to", err)
	}
	if err := d.step("append index"); err != nil {
		return err
	}
	if err := appendFile(filepath.Join(p.dir, indexName(seg.base)), appendIndex(nil, h)); err != nil {
		return p.wrap("append to", err)
	}
	seg.fold(h)
	p.fold(h, raw, d.now)
	return nil
}
