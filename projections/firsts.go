package projections

import (
	"cmp"
	"maps"
	"slices"
)

// firsts is a map bounded to the keys that come first in an order of their
// content. A key that is dropped stays dropped, since only earlier keys can
// push it out and those stay; so the values of the keys that remain have seen
// everything, whatever the order of arrival was.
type firsts[K comparable, V any] struct {
	bound   int
	compare func(a, b K) int
	entries map[K]*V // up to a quarter more than bound between two prunings
	last    K        // the last key that is still let in, when pruned
	pruned  bool     // a key was dropped
}

func newFirsts[K comparable, V any](bound int, compare func(a, b K) int) firsts[K, V] {
	return firsts[K, V]{bound: bound, compare: compare, entries: make(map[K]*V)}
}

// get returns the value of a key that is there, else nil.
func (f *firsts[K, V]) get(key K) *V { return f.entries[key] }

// at returns the value of a key, a zero one if it is new, or nil for a key
// beyond the bound.
func (f *firsts[K, V]) at(key K) *V {
	if value := f.entries[key]; value != nil {
		return value
	}
	if len(f.entries) > f.bound+f.bound/4 {
		f.prune()
	}
	if f.pruned && f.compare(key, f.last) > 0 {
		return nil
	}
	value := new(V)
	f.entries[key] = value
	return value
}

// prune brings the map down to its bound.
func (f *firsts[K, V]) prune() {
	if len(f.entries) <= f.bound {
		return
	}
	keys := slices.SortedFunc(maps.Keys(f.entries), f.compare)
	for _, key := range keys[f.bound:] {
		delete(f.entries, key)
	}
	f.limit(keys[f.bound-1])
}

func (f *firsts[K, V]) limit(last K) {
	if !f.pruned || f.compare(last, f.last) < 0 {
		f.pruned, f.last = true, last
	}
}

// merge adds other's entries, each by add, which gets both values.
func (f *firsts[K, V]) merge(other *firsts[K, V], add func(to, from *V)) {
	for key, value := range other.entries {
		if to := f.at(key); to != nil {
			add(to, value)
		}
	}
	if other.pruned {
		f.limit(other.last)
	}
	f.prune()
}

// sorted prunes and returns the keys in order.
func (f *firsts[K, V]) sorted() []K {
	f.prune()
	return slices.SortedFunc(maps.Keys(f.entries), f.compare)
}

// count returns how many keys there were: at least bound when some were
// dropped.
func (f *firsts[K, V]) count() Count {
	f.prune()
	return Count{N: int64(len(f.entries)), Exact: !f.pruned}
}

// byHash orders texts by their hash, so that a bound keeps a sample that
// nobody can fill up by choosing texts that sort first.
func byHash(a, b string) int { return cmp.Or(cmp.Compare(textKey(a), textKey(b)), cmp.Compare(a, b)) }
