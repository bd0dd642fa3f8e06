package projections

import (
	"encoding/binary"

	"github.com/google/uuid"
)

// Count is a number of different things.
type Count struct {
	// N is how many; when Exact is false, at least that many.
	N int64 `json:"n"`
	// Exact is false when there were more things than are told apart.
	Exact bool `json:"exact"`
}

// distinct counts different things, told apart by 64 bits of them, up to a
// bound. The zero value is empty.
type distinct struct {
	seen map[uint64]struct{}
	over bool // there were more than the bound
}

func (d *distinct) add(key uint64, bound int) {
	if _, known := d.seen[key]; known || d.over {
		return
	}
	if len(d.seen) >= bound {
		d.over = true
		return
	}
	if d.seen == nil {
		d.seen = make(map[uint64]struct{})
	}
	d.seen[key] = struct{}{}
}

func (d *distinct) merge(other *distinct, bound int) {
	for key := range other.seen {
		d.add(key, bound)
	}
	d.over = d.over || other.over
}

func (d *distinct) count() Count { return Count{N: int64(len(d.seen)), Exact: !d.over} }

// uuidKey folds a uuid into 64 bits. Ours are SHA-1, so any bits will do.
func uuidKey(id uuid.UUID) uint64 {
	return binary.BigEndian.Uint64(id[:8]) ^ binary.BigEndian.Uint64(id[8:])
}

// textKey is the FNV-1a hash of the texts, each ended by a zero byte.
func textKey(texts ...string) uint64 {
	const offset, prime = 0xcbf29ce484222325, 0x100000001b3
	hash := uint64(offset)
	for _, text := range texts {
		for i := range len(text) {
			hash = (hash ^ uint64(text[i])) * prime
		}
		hash *= prime // the zero byte
	}
	return hash
}
