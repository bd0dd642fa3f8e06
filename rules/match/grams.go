package match

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// grams finds every literal of one field that is somewhere in a text. Each
// literal of four bytes and more is filed under the four of its bytes that the
// fewest others have, a shorter one under all of its bytes; a text is looked up
// at each of its places in a bitmap of such grams, which tells almost all
// places apart from those that matter without a memory access that waits for
// another, and what is left is compared. Unlike an automaton it is built in a
// moment, in memory that grows with the number of literals, not with their
// length.
type grams struct {
	// sets are by the size of grams: two, three and four bytes.
	sets []gramSet
	// singles are the literals of one byte.
	singles []gramEntry
}

// gramSet holds the literals that are filed under grams of one size.
type gramSet struct {
	size   int
	mask   uint32
	bitmap []uint64
	shift  uint8
	table  gramTable
}

// gramEntry is one literal under one of its grams.
type gramEntry struct {
	// head is the text's first eight bytes as a number, filled up with 0, and
	// mask which of its bits are the text's: short texts need no look at text.
	head, mask uint64
	text       string
	// offset is where the gram is in the text.
	offset int32
	atom   int32 // that the literal touches
}

type span struct{ from, to int32 }

// gramTable is a hash table from grams to entries: open addressing, at most
// half full. A slot without entries is free.
type gramTable struct {
	slots   []gramSlot
	shift   uint8
	entries []gramEntry
}

type gramSlot struct {
	gram    uint32
	entries span
}

const (
	gramMix   = 0x9E3779B1
	gramSpare = 5 // the bitmap has two to this power bits per gram
)

// gramOf returns the gram of size bytes at the begin of a text.
func gramOf[T string | []byte](text T, size int) (gram uint32) {
	for i := range size {
		gram |= uint32(text[i]) << (8 * i)
	}
	return gram
}

// lookup returns the entries of a gram.
func (t *gramTable) lookup(gram uint32) []gramEntry {
	mask := uint32(len(t.slots) - 1)
	for i := gram * gramMix >> (t.shift & 31); ; i++ {
		slot := &t.slots[i&mask]
		if slot.entries.from == slot.entries.to {
			return nil
		}
		if slot.gram == gram {
			return t.entries[slot.entries.from:slot.entries.to]
		}
	}
}

// newGrams builds the index of literals, none of which is empty.
func newGrams(entries []gramEntry) *grams {
	g := &grams{}
	var bySize [5][]gramEntry
	for _, e := range entries {
		for i := range min(len(e.text), gramRead) {
			e.head |= uint64(e.text[i]) << (8 * i)
			e.mask |= 0xff << (8 * i)
		}
		size := min(len(e.text), 4)
		bySize[size] = append(bySize[size], e)
	}
	g.singles = bySize[1]
	for size := 2; size <= 4; size++ {
		if len(bySize[size]) > 0 {
			g.sets = append(g.sets, newGramSet(size, bySize[size]))
		}
	}
	return g
}

func newGramSet(size int, entries []gramEntry) gramSet {
	chooseGrams(entries, size)
	sorted, starts := groupEntries(entries, size)
	width := bits.Len(uint(len(starts)))
	set := gramSet{size: size, mask: uint32(1<<(8*size) - 1), shift: uint8(32 - max(6, width+gramSpare))}
	set.bitmap = make([]uint64, 1<<(32-set.shift)/64)
	set.table = gramTable{slots: make([]gramSlot, 1<<(width+1)), shift: uint8(32 - (width + 1)), entries: sorted}
	mask := uint32(len(set.table.slots) - 1)
	for n, from := range starts {
		to := len(sorted)
		if n+1 < len(starts) {
			to = starts[n+1]
		}
		gram := gramOf(sorted[from].text[sorted[from].offset:], size)
		h := gram * gramMix >> set.shift
		set.bitmap[h>>6] |= 1 << (h & 63)
		i := gram * gramMix >> set.table.shift
		for set.table.slots[i].entries.from != set.table.slots[i].entries.to {
			i = (i + 1) & mask
		}
		set.table.slots[i] = gramSlot{gram: gram, entries: span{int32(from), int32(to)}}
	}
	return set
}

// chooseGrams files each literal under its rarest gram. Counting is by a hash
// of 16 bits: a wrong choice costs time only.
func chooseGrams(entries []gramEntry, size int) {
	if size < 4 {
		return // there is one only
	}
	counts := make([]uint32, 1<<16)
	for _, e := range entries {
		for i := 0; i+size <= len(e.text); i++ {
			counts[gramOf(e.text[i:], size)*gramMix>>16]++
		}
	}
	for n := range entries {
		e := &entries[n]
		best := ^uint32(0)
		for i := 0; i+size <= len(e.text); i++ {
			if count := counts[gramOf(e.text[i:], size)*gramMix>>16]; count < best {
				best, e.offset = count, int32(i)
			}
		}
	}
}

// groupEntries brings together entries of one gram and returns where each
// group starts.
func groupEntries(entries []gramEntry, size int) (sorted []gramEntry, starts []int) {
	groups := make(map[uint32][]int32, len(entries))
	var order []uint32
	for i, e := range entries {
		gram := gramOf(e.text[e.offset:], size)
		if groups[gram] == nil {
			order = append(order, gram)
		}
		groups[gram] = append(groups[gram], int32(i))
	}
	sorted = make([]gramEntry, 0, len(entries))
	for _, gram := range order {
		starts = append(starts, len(sorted))
		for _, i := range groups[gram] {
			sorted = append(sorted, entries[i])
		}
	}
	return sorted, starts
}

// search touches the atoms of every literal that is in text, which has room
// for gramRead more bytes.
func (g *grams) search(text []byte, l *layer, sh *shard) {
	for i := range g.singles {
		if e := &g.singles[i]; bytes.IndexByte(text, e.text[0]) >= 0 {
			l.touch(sh, e.atom)
		}
	}
	for i := range g.sets {
		g.sets[i].search(text, l, sh)
	}
}

// gramRead is how many bytes are read at once, so how many there must be room
// for behind a text: what they hold does not matter.
const gramRead = 8

// search is that of grams. What is read at once gives the grams of five places.
func (g *gramSet) search(text []byte, l *layer, sh *shard) {
	bitmap, shift, mask := g.bitmap, g.shift&31, g.mask
	padded := text[:len(text)+gramRead]
	for i := 0; i+g.size <= len(text); i += 5 {
		w := binary.LittleEndian.Uint64(padded[i:])
		h0, h1, h2 := uint32(w)&mask*gramMix>>shift, uint32(w>>8)&mask*gramMix>>shift, uint32(w>>16)&mask*gramMix>>shift
		h3, h4 := uint32(w>>24)&mask*gramMix>>shift, uint32(w>>32)&mask*gramMix>>shift
		found := bitmap[h0>>6]>>(h0&63)&1 | bitmap[h1>>6]>>(h1&63)&1<<1 | bitmap[h2>>6]>>(h2&63)&1<<2 |
			bitmap[h3>>6]>>(h3&63)&1<<3 | bitmap[h4>>6]>>(h4&63)&1<<4
		for ; found != 0; found &= found - 1 {
			n := bits.TrailingZeros64(found)
			g.compare(padded, i+n, uint32(w>>(8*n))&mask, l, sh)
		}
	}
}

// compare touches the atoms of the literals that have the gram, if all of them
// is around padded[i], gramRead bytes before its end.
func (g *gramSet) compare(padded []byte, i int, gram uint32, l *layer, sh *shard) {
	entries, size := g.table.lookup(gram), len(padded)-gramRead
	for n := range entries {
		e := &entries[n]
		from := i - int(e.offset)
		if from < 0 || from+len(e.text) > size || (binary.LittleEndian.Uint64(padded[from:])^e.head)&e.mask != 0 || l.touched(e.atom) {
			continue // once found is enough, however often a long text repeats
		}
		if len(e.text) <= gramRead || string(padded[from:from+len(e.text)]) == e.text {
			l.touch(sh, e.atom)
		}
	}
}
