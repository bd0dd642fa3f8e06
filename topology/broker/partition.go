package broker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// partition is what the files of one partition say, gathered batch by batch.
type partition struct {
	topic topic
	id    int32
	dir   string
	segs  []segment // ascending, none empty

	start   int64 // log start offset
	end     int64 // high watermark
	epoch   int32
	maxTime int64
	created time.Time
	stored  *snapshot // the one on disk

	open    map[int64]transaction  // by producer
	aborted []abortedTxn           // by last offset
	bad     map[int64][]abortedTxn // the same by producer, ascending
	windows map[int64]*window      // by producer

	last      int64 // first offset of the last batch
	cleaned   int64 // compacted up to here
	cleanable int64 // compaction may look at what is below
	clean     int64 // bytes below cleaned
	dirty     int64 // bytes from cleaned to cleanable
}

// transaction is one whose end is not in the log.
type transaction struct {
	first int64
	epoch int16 // the producer's
}

func (p *partition) String() string { return fmt.Sprintf("%s-%d", p.topic.Name, p.id) }

// wrap says in which partition an error occurred, and at what; nil stays nil.
func (p *partition) wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("broker: %s partition %v: %w", doing, p, err)
}

// bytes is the size of the partition's segments.
func (p *partition) bytes() (n int64) {
	for _, s := range p.segs {
		n += s.bytes
	}
	return n
}

// stable is the last stable offset: what follows belongs to a transaction
// without an end.
func (p *partition) stable() int64 {
	lso := p.end
	for _, t := range p.open {
		lso = min(lso, t.first)
	}
	return lso
}

// newPartition returns a partition of which only the producers known before
// are known.
func newPartition(d *dataDir, t topic, id int32, windows map[string]map[int64]*window) *partition {
	dir := partitionDir(d.path, t.Name, id)
	p := &partition{
		topic:     t,
		id:        id,
		dir:       dir,
		open:      make(map[int64]transaction),
		bad:       make(map[int64][]abortedTxn),
		windows:   windows[dir],
		created:   d.now,
		cleanable: -1,
	}
	if p.windows == nil {
		p.windows = make(map[int64]*window)
	}
	return p
}

// load reads a partition, cuts off the end of an interrupted write, and
// repairs what can be derived from the batches.
func (d *dataDir) load(p *partition) error {
	bases, err := p.segmentFiles()
	if err != nil {
		return p.wrap("load", err)
	}
	if p.stored, err = readSnapshot(p.dir); err != nil {
		return err
	}
	if p.cleaned, err = readCleaned(p.dir); err != nil {
		return err
	}
	for i, base := range bases {
		if err := d.loadSegment(p, base, i == len(bases)-1); err != nil {
			return p.wrap("load", err)
		}
	}
	return d.settle(p)
}

// segmentFiles deletes leftovers and returns the bases of what segments there
// are, ascending.
func (p *partition) segmentFiles() ([]int64, error) {
	names, err := removeTmp(p.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // nothing was ever written to it
	}
	if err != nil {
		return nil, err
	}
	var bases []int64
	for _, name := range names {
		base, ok := baseOf(name, ".dat")
		if !ok {
			continue
		}
		info, err := os.Stat(filepath.Join(p.dir, name))
		if err != nil {
			return nil, err
		}
		if info.Size() > 0 {
			bases = append(bases, base)
		} else if err := remove(filepath.Join(p.dir, name)); err != nil { // begun, then killed
			return nil, err
		}
	}
	slices.Sort(bases)
	// An index without its segment would be appended to if the segment
	// came again.
	for _, name := range names {
		base, ok := baseOf(name, ".idx")
		if _, found := slices.BinarySearch(bases, base); !ok || found {
			continue
		}
		if err := remove(filepath.Join(p.dir, name)); err != nil {
			return nil, err
		}
	}
	return bases, nil
}

// loadSegment reads one segment. Only the last may end in an interrupted write.
func (d *dataDir) loadSegment(p *partition, base int64, last bool) error {
	path := filepath.Join(p.dir, dataName(base))
	seg := segment{base: base, next: base, maxTime: -1}
	var index []byte
	bad, err := readSegment(path, max(base, p.end), func(h header, raw []byte) error {
		p.fold(h, raw, d.now)
		seg.fold(h)
		index = appendIndex(index, h)
		return nil
	})
	if err != nil {
		return err
	}
	if bad != nil {
		if !bad.tail || !last {
			return fmt.Errorf("%w: %s at byte %d of %d", ErrDamaged, path, bad.at, bad.size)
		}
		d.log.Warn("broker: cut off an interrupted write", "partition", p.String(), "offset", seg.next, "bytes", bad.size-bad.at)
		if err := os.Truncate(path, bad.at); err != nil {
			return err
		}
	}
	if seg.bytes == 0 {
		return errors.Join(remove(path), remove(filepath.Join(p.dir, indexName(base))))
	}
	if err := d.step("repair index"); err != nil {
		return err
	}
	if _, err := repairIndex(p.dir, base, index); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	seg.modified = info.ModTime()
	p.segs = append(p.segs, seg)
	return nil
}

// fold adds a batch to the segment's summary.
func (s *segment) fold(h header) {
	if s.bytes == 0 {
		s.minEpoch, s.maxEpoch = h.epoch, h.epoch
	}
	s.minEpoch, s.maxEpoch = min(s.minEpoch, h.epoch), max(s.maxEpoch, h.epoch)
	s.maxTime = max(s.maxTime, h.maxTime)
	s.next = h.next()
	s.bytes += h.bytes
}
