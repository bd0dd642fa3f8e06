package broker

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// rewrite replaces the i-th segment by what the keeper leaves of it, and tells
// whether nothing was left. A crash at any point leaves the old segment or the
// new one, and perhaps an index of the other, which the next start repairs.
func (d *dataDir) rewrite(p *partition, i int, k *keeper) (gone bool, err error) {
	old := p.segs[i]
	path := filepath.Join(p.dir, dataName(old.base))
	f, err := createTmp(path)
	if err != nil {
		return false, err
	}
	seg, index, changed, err := copyKept(f, path, old, k)
	if err != nil {
		return false, errors.Join(err, f.Close())
	}
	if !changed || seg.bytes == 0 {
		if err := errors.Join(f.Close(), remove(f.Name())); err != nil || !changed {
			return false, err
		}
		return true, d.deleteSegment(p, i)
	}
	p.segs[i] = seg
	return false, d.replace(f, path, p, seg, index)
}

// copyKept writes what is kept of a segment to f, and tells whether that is
// anything else than the segment.
func copyKept(f *os.File, path string, old segment, k *keeper) (seg segment, index []byte, changed bool, err error) {
	seg = segment{base: old.base, next: old.base, maxTime: -1, modified: old.modified}
	w := bufio.NewWriterSize(f, 256<<10)
	bad, err := readSegment(path, old.base, func(h header, raw []byte) error {
		out, err := k.batch(h, raw)
		if err != nil {
			return err
		}
		changed = changed || len(out) != len(raw) || &out[0] != &raw[0]
		if out == nil {
			return nil
		}
		h = parseHeader(out)
		seg.fold(h)
		index = appendIndex(index, h)
		_, err = w.Write(out)
		return err
	})
	if err == nil && bad != nil {
		err = fmt.Errorf("%w: %s at byte %d, which could be read before", ErrDamaged, path, bad.at)
	}
	return seg, index, changed, errors.Join(err, w.Flush())
}

// replace puts the new copy of a segment in place, synced, with the old one's
// time of modification, and then its index.
func (d *dataDir) replace(f *os.File, path string, p *partition, seg segment, index []byte) error {
	if err := d.step("sync copy"); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := os.Chtimes(f.Name(), seg.modified, seg.modified); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := commitTmp(f, path, true); err != nil {
		return err
	}
	if err := d.step("replace index"); err != nil {
		return err
	}
	return writeFile(filepath.Join(p.dir, indexName(seg.base)), index, false)
}
