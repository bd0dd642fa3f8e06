package broker

import (
	"crypto/sha256"
	"errors"
	"path/filepath"
	"slices"
)

// cleaned is what a partition's cleanedFile holds: below Offset, no key occurs
// twice. Losing it costs time only.
type cleaned struct {
	Offset int64 `json:"offset"`
}

func readCleaned(dir string) (int64, error) {
	var c cleaned
	_, err := readJSON(filepath.Join(dir, cleanedFile), &c)
	if errors.Is(err, ErrDamaged) {
		return 0, nil
	}
	return c.Offset, err
}

// compact drops from a compacted topic's partition the records whose key
// comes again. It looks at what is below cleanable only, so the last batch and
// what is younger than the topic's lag stay as they are and supersede nothing.
//
// Segments are rewritten one by one in ascending order, each to a copy that is
// synced and then renamed over it. Every state between is a log that says the
// same: a record goes while its successor is there, and a tombstone goes after
// all that it covers.
func (d *dataDir) compact(p *partition) error {
	least := d.opts.CompactMinBytes
	if !p.topic.compacted() || least < 0 || p.dirty < least || p.dirty < p.clean {
		return nil
	}
	k, err := newKeeper(d, p)
	if err != nil {
		return p.wrap("compact", err)
	}
	defer k.close()
	if err := k.learn(d.opts.maxKeys); err != nil || k.end == p.cleaned {
		return p.wrap("compact", err)
	}
	// The snapshot knows the start of the log, which the first segment may
	// not know much longer.
	if err := p.saveSnapshot(true); err != nil {
		return p.wrap("compact", err)
	}
	before := p.bytes()
	for i := 0; i < len(p.segs) && p.segs[i].base < k.end; {
		gone, err := d.rewrite(p, i, k)
		if err != nil {
			return p.wrap("compact", err)
		}
		if !gone {
			i++
		}
	}
	p.dropAbortedBelow(k.end)
	d.log.Info("broker: compacted", "partition", p.String(), "below", k.end, "bytes_before", before, "bytes_after", p.bytes())
	if err := d.step("write " + cleanedFile); err != nil {
		return err
	}
	p.cleaned = k.end
	return p.wrap("compact", writeJSON(filepath.Join(p.dir, cleanedFile), cleaned{k.end}, true))
}

// errEnough ends the reading of a partition before its end.
var errEnough = errors.New("enough")

// learn gathers the last offset of every key between cleaned and cleanable. It
// stops where the keys become too many; the next start goes on from there.
func (k *keeper) learn(most int) error {
	p := k.p
	limit := min(p.cleanable, p.stable()) // what is not decided supersedes nothing
	k.end = p.cleaned
	for _, seg := range p.segs {
		if seg.next <= p.cleaned {
			continue
		}
		_, err := readSegment(filepath.Join(p.dir, dataName(seg.base)), seg.base, func(h header, raw []byte) error {
			switch {
			case h.offset < p.cleaned:
				return nil
			case h.offset >= limit || len(k.keys) >= most:
				return errEnough
			}
			k.end = h.next()
			k.learnBatch(h, raw)
			return nil
		})
		if err != nil {
			if errors.Is(err, errEnough) {
				return nil
			}
			return err
		}
	}
	return nil
}

// learnBatch notes the keys of a batch. What is aborted or cannot be read
// supersedes nothing.
func (k *keeper) learnBatch(h header, raw []byte) {
	if h.control() || h.inTransaction() && k.p.hasAborted(h.producer, h.offset) {
		return
	}
	records, err := k.decoder.records(raw)
	if err != nil {
		return
	}
	for _, r := range records {
		if r.Key != nil {
			k.keys[keyHash(r.Key)] = h.offset + int64(r.OffsetDelta)
		}
	}
}

// dropAbortedBelow forgets aborted transactions whose records are gone.
func (p *partition) dropAbortedBelow(end int64) {
	p.aborted = slices.DeleteFunc(p.aborted, func(a abortedTxn) bool { return a.LastOffset < end })
}

// keyHash stands for a key; two keys that share one do not occur.
func keyHash(key []byte) [16]byte {
	h := sha256.Sum256(key)
	return [16]byte(h[:16])
}
