package ingest

import "github.com/google/uuid"

// ordinals counts identical records of one file, the latest limit distinct
// ones. Where a clock is coarse, two equal requests in one second are two
// events; they have different ordinals and so different ids. It holds a
// function of the file's records so far.
type ordinals struct {
	limit int
	seen  map[uuid.UUID]int
	order []uuid.UUID // a ring once it is full; at is the oldest then
	at    int
}

// maxOrdinals bounds what is remembered of a file, at about 60 bytes each.
// Identical records stand within a second of each other.
const maxOrdinals = 1 << 15

func newOrdinals(limit int) *ordinals {
	return &ordinals{limit: limit, seen: map[uuid.UUID]int{}}
}

// next returns the place of a record among those like it, from 1.
func (o *ordinals) next(id uuid.UUID) int {
	n := o.seen[id] + 1
	if n == 1 {
		if len(o.order) < o.limit {
			o.order = append(o.order, id)
		} else {
			delete(o.seen, o.order[o.at])
			o.order[o.at] = id
			o.at = (o.at + 1) % o.limit
		}
	}
	o.seen[id] = n
	return n
}
