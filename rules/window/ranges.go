package window

import (
	"math/bits"
	"slices"
	"strings"
)

// insertRange takes a value into its bucket and reports whether anything
// changed. Of more values than are needed those seen last are kept: in the
// bucket itself as many as needed decide alone, and the next bucket only asks
// which of them were seen late.
func (e *Evaluator) insertRange(b *Bucket, r Range) bool {
	i, found := slices.BinarySearchFunc(b.Ranges, r.Value, func(have Range, value string) int {
		return strings.Compare(have.Value, value)
	})
	if found {
		have := &b.Ranges[i]
		if r.Min >= have.Min && r.Max <= have.Max {
			return false
		}
		have.Min, have.Max = min(have.Min, r.Min), max(have.Max, r.Max)
		return true
	}
	b.Ranges = slices.Insert(b.Ranges, i, r)
	if keep := e.keep(); len(b.Ranges) > keep {
		oldest := 0
		for j := range b.Ranges {
			if b.Ranges[j].Max < b.Ranges[oldest].Max {
				oldest = j
			}
		}
		b.Ranges = slices.Delete(b.Ranges, oldest, oldest+1)
		return oldest != i
	}
	return true
}

// keep is how many values of a bucket are remembered: of rules, which are
// few, all.
func (e *Evaluator) keep() int {
	if e.spec.temporal() {
		return e.spec.Rules
	}
	return e.need
}

// placeValue is a rule's number as the value of a range.
func placeValue(place int) string { return string(rune('0' + place)) }

func placeOf(value string) int { return int([]rune(value)[0] - '0') }

// various reports whether a window that ends with a match of b holds as many
// values as are needed, or the rules that are.
func (e *Evaluator) various(b, before *Bucket) bool {
	if e.spec.temporal() {
		return e.together(b, before)
	}
	if len(b.Ranges) >= e.need {
		return true
	}
	if len(b.Ranges)+len(before.Ranges) < e.need {
		return false
	}
	// A window that ends at t holds the values of b seen by then, and those of
	// the bucket before until they leave it (or until b has them too). Between
	// the times at which b gains a value, values only leave.
	joins := make([]int64, 0, len(b.Ranges))
	for _, r := range b.Ranges {
		joins = append(joins, r.Min)
	}
	leaves := make([]int64, 0, len(before.Ranges))
	for _, r := range before.Ranges {
		leaves = append(leaves, e.leaves(r, b))
	}
	slices.Sort(joins)
	slices.Sort(leaves)
	left := 0
	for i := 0; i < len(joins); i++ {
		for i+1 < len(joins) && joins[i+1] == joins[i] {
			i++
		}
		for left < len(leaves) && leaves[left] <= joins[i] {
			left++
		}
		if i+1+len(leaves)-left >= e.need {
			return true
		}
	}
	return false
}

// leaves returns the first time at which a window that ends then does not owe
// the value to the bucket before.
func (e *Evaluator) leaves(r Range, b *Bucket) int64 {
	at := r.Max + e.span
	i, found := slices.BinarySearchFunc(b.Ranges, r.Value, func(have Range, value string) int {
		return strings.Compare(have.Value, value)
	})
	if found {
		at = min(at, b.Ranges[i].Min)
	}
	return at
}

// together reports whether a window that ends with a match of b holds the
// rules that are asked for.
func (e *Evaluator) together(b, before *Bucket) bool {
	for _, end := range b.Ranges {
		var seen uint64
		for _, r := range b.Ranges {
			if r.Min <= end.Min {
				seen |= 1 << placeOf(r.Value)
			}
		}
		for _, r := range before.Ranges {
			if r.Max > end.Min-e.span {
				seen |= 1 << placeOf(r.Value)
			}
		}
		if e.asked(seen) {
			return true
		}
	}
	return false
}

// asked reports whether the rules that were seen are those asked for.
func (e *Evaluator) asked(seen uint64) bool {
	if e.spec.Expr != nil {
		return e.spec.Expr.Holds(func(rule int) bool { return seen&(1<<rule) != 0 })
	}
	return bits.OnesCount64(seen) >= e.need
}
