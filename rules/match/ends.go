package match

import (
	"encoding/binary"
	"math/bits"
)

// ends finds every literal of one field that a text begins with, or ends with.
// A literal is filed under as many of its outermost bytes as the largest of
// endClasses that it fills; a text is looked up once per class in use.
type ends struct {
	suffix  bool
	classes []int
	slots   []endSlot
	entries []endEntry
}

type endEntry struct {
	text string
	atom int32
}

// endSlot of an open hash table; free without entries.
type endSlot struct {
	key     uint64
	entries span
}

// endClasses are powers of two up to where two literals seldom agree by
// accident, with steps between for the lengths that file names have.
var endClasses = [...]int{1, 2, 3, 4, 6, 8, 10, 12, 16, 24}

func classOf(size int) int {
	class := 0
	for _, c := range endClasses {
		if c <= size {
			class = c
		}
	}
	return class
}

// newEnds builds the index of literals, none of which is empty.
func newEnds(suffix bool, entries []endEntry) *ends {
	x := &ends{suffix: suffix}
	groups := make(map[uint64][]endEntry, len(entries))
	var order []uint64
	used := map[int]bool{}
	for _, e := range entries {
		class := classOf(len(e.text))
		used[class] = true
		key := endKey(x.window([]byte(e.text), class))
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], e)
	}
	for _, c := range endClasses {
		if used[c] {
			x.classes = append(x.classes, c)
		}
	}
	x.slots = make([]endSlot, 2<<bits.Len(uint(len(order))))
	for _, key := range order {
		from := int32(len(x.entries))
		x.entries = append(x.entries, groups[key]...)
		i := key & uint64(len(x.slots)-1)
		for x.slots[i].entries.from != x.slots[i].entries.to {
			i = (i + 1) & uint64(len(x.slots)-1)
		}
		x.slots[i] = endSlot{key: key, entries: span{from, int32(len(x.entries))}}
	}
	return x
}

// window returns the outermost bytes of a text that is long enough.
func (x *ends) window(text []byte, size int) []byte {
	if x.suffix {
		return text[len(text)-size:]
	}
	return text[:size]
}

// endKey hashes 1 to 24 bytes, most of them once.
func endKey(w []byte) uint64 {
	const mix = 0x9E3779B97F4A7C15
	n := len(w)
	h := uint64(n) * mix
	switch {
	case n >= 8:
		h = (h ^ binary.LittleEndian.Uint64(w)) * mix
		if n > 16 {
			h = (h ^ h>>29 ^ binary.LittleEndian.Uint64(w[8:])) * mix
		}
		h = (h ^ h>>29 ^ binary.LittleEndian.Uint64(w[n-8:])) * mix
	case n >= 4:
		h = (h ^ uint64(binary.LittleEndian.Uint32(w)) ^ uint64(binary.LittleEndian.Uint32(w[n-4:]))<<32) * mix
	default:
		h = (h ^ uint64(w[0]) ^ uint64(w[n/2])<<8 ^ uint64(w[n-1])<<16) * mix
	}
	return h ^ h>>32
}

// search touches the atoms of every literal at the text's end.
func (x *ends) search(text []byte, l *layer, sh *shard) {
	mask := uint64(len(x.slots) - 1)
	for _, class := range x.classes {
		if class > len(text) {
			return
		}
		key := endKey(x.window(text, class))
		for i := key & mask; ; i = (i + 1) & mask {
			slot := &x.slots[i]
			if slot.entries.from == slot.entries.to {
				break
			}
			if slot.key != key {
				continue
			}
			for j := slot.entries.from; j < slot.entries.to; j++ {
				if e := &x.entries[j]; len(e.text) <= len(text) && string(x.window(text, len(e.text))) == e.text {
					l.touch(sh, e.atom)
				}
			}
			break
		}
	}
}
