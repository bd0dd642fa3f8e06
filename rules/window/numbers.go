package window

import (
	"math"
	"slices"
)

// numbers calculates with the values of a window.
type numbers struct {
	spec *Spec
	// sorted are the values; only types that ask for a rank keep them.
	sorted []float64
	// sum and lost are the compensated sum: adding and removing leaves nothing
	// of either behind.
	sum, lost float64
	count     int
}

func (n *numbers) ranked() bool { return n.spec.Type == ValueMedian || n.spec.Type == ValuePercentile }

func (n *numbers) add(m Match) {
	v, _ := numberOf(m)
	n.count++
	n.plus(v)
	if n.ranked() {
		i, _ := slices.BinarySearch(n.sorted, v)
		n.sorted = slices.Insert(n.sorted, i, v)
	}
}

func (n *numbers) remove(m Match) {
	v, _ := numberOf(m)
	n.count--
	n.plus(-v)
	if n.count == 0 {
		n.sum, n.lost = 0, 0
	}
	if n.ranked() {
		i, _ := slices.BinarySearch(n.sorted, v)
		n.sorted = slices.Delete(n.sorted, i, i+1)
	}
}

// plus adds by Neumaier's method, which keeps what rounding takes away.
func (n *numbers) plus(v float64) {
	t := n.sum + v
	if math.Abs(n.sum) >= math.Abs(v) {
		n.lost += (n.sum - t) + v
	} else {
		n.lost += (v - t) + n.sum
	}
	n.sum = t
}

func (n *numbers) holds(Match, []Match) bool {
	switch n.spec.Type {
	case ValueSum:
		return n.spec.bounds(n.sum + n.lost)
	case ValueAvg:
		return n.spec.bounds((n.sum + n.lost) / float64(n.count))
	case ValueMedian:
		return n.spec.bounds(percentile(n.sorted, 50))
	}
	return n.spec.bounds(percentile(n.sorted, *n.spec.Percentile))
}

// percentile returns the value below which p percent of the sorted values lie,
// between two of them in proportion.
func percentile(sorted []float64, p float64) float64 {
	at := p / 100 * float64(len(sorted)-1)
	low := int(math.Floor(at))
	if low+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
}
