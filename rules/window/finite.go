package window

import (
	"slices"
	"strconv"
)

// Evaluate runs a correlation of any type over all matches of a group at once.
// The result is in the order of buckets and owners. It is what [Evaluator] gives
// for the types that can be live, without any cap; for the others it is the
// only way: whether fewer than three came can be said once all have come.
func Evaluate(spec *Spec, matches []Match) ([]Hit, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	all := slices.Clone(matches)
	if !spec.temporal() {
		for i := range all {
			all[i].Place = 0 // an event that two of the rules match is one event
		}
	}
	slices.SortFunc(all, compare)
	all = slices.Compact(all)
	if spec.Type.Numeric() && !spec.share() {
		all = slices.DeleteFunc(all, func(m Match) bool { _, ok := numberOf(m); return !ok })
	}
	span := spec.Timespan.Milliseconds()
	window := spec.gather()
	var hits []Hit
	from := 0
	for i := 0; i < len(all); {
		t := all[i].Time
		to := i
		for to < len(all) && all[to].Time == t {
			window.add(all[to])
			to++
		}
		for all[from].Time <= t-span {
			window.remove(all[from])
			from++
		}
		for _, m := range all[i:to] {
			hit := Hit{Bucket: bucket(t, span)}
			if spec.PerOwner {
				hit.Owner = m.Owner
			}
			if !slices.Contains(hits[max(0, len(hits)-1):], hit) && window.holds(m, all[from:to]) {
				hits = append(hits, hit)
			}
		}
		i = to
	}
	slices.SortFunc(hits, compareHits)
	return slices.Compact(hits), nil
}

func compareHits(a, b Hit) int {
	if a.Bucket != b.Bucket {
		if a.Bucket < b.Bucket {
			return -1
		}
		return 1
	}
	return compareIDs(a.Owner, b.Owner)
}

// share reports whether the spec is about how common a value is.
func (s *Spec) share() bool { return s.Type == ValuePercentile && s.Percentile == nil }

// numberOf returns a match's value as a finite number.
func numberOf(m Match) (float64, bool) {
	n, err := strconv.ParseFloat(m.Value, 64)
	return n, err == nil && n-n == 0
}

// gathered is what is known of a window that slides over matches.
type gathered interface {
	add(m Match)
	remove(m Match)
	// holds decides for the window that ends with m; matches are all of it.
	holds(m Match, matches []Match) bool
}

func (s *Spec) gather() gathered {
	switch s.Type {
	case EventCount:
		return &tally[[16]byte]{spec: s, of: func(m Match) [16]byte { return m.ID }, counts: map[[16]byte]int{}}
	case ValueCount:
		return &tally[string]{spec: s, of: func(m Match) string { return m.Value }, counts: map[string]int{}}
	case Temporal:
		return &places{spec: s, counts: make([]int, s.Rules)}
	case TemporalOrdered:
		return &order{spec: s}
	case ValuePercentile:
		if s.share() {
			return &shares{spec: s, counts: map[string]int{}}
		}
	}
	return &numbers{spec: s}
}

// bounds reports whether n meets every bound.
func (s *Spec) bounds(n float64) bool {
	for _, b := range s.Bounds {
		if !b.Holds(n) {
			return false
		}
	}
	return true
}

// tally counts how many different things there are.
type tally[K comparable] struct {
	spec   *Spec
	of     func(Match) K
	counts map[K]int
}

func (t *tally[K]) add(m Match) { t.counts[t.of(m)]++ }

func (t *tally[K]) remove(m Match) {
	k := t.of(m)
	if t.counts[k]--; t.counts[k] == 0 {
		delete(t.counts, k)
	}
}

func (t *tally[K]) holds(Match, []Match) bool { return t.spec.bounds(float64(len(t.counts))) }

// places counts matches by rule.
type places struct {
	spec   *Spec
	counts []int
}

func (p *places) add(m Match)    { p.counts[m.Place]++ }
func (p *places) remove(m Match) { p.counts[m.Place]-- }

func (p *places) holds(Match, []Match) bool {
	if p.spec.Expr != nil {
		return p.spec.Expr.Holds(func(rule int) bool { return p.counts[rule] > 0 })
	}
	seen := 0
	for _, n := range p.counts {
		if n > 0 {
			seen++
		}
	}
	if len(p.spec.Bounds) == 0 {
		return seen == p.spec.Rules
	}
	return p.spec.bounds(float64(seen))
}

// order looks for matches of the rules one after the other.
type order struct{ spec *Spec }

func (*order) add(Match)    {}
func (*order) remove(Match) {}

func (o *order) holds(_ Match, matches []Match) bool {
	n := longestChain(matches, o.spec.Rules)
	if len(o.spec.Bounds) > 0 {
		return o.spec.bounds(float64(n))
	}
	return n == o.spec.Rules
}

// longestChain returns how many of the rules, from the first on, matched one
// after the other, matches at the same time counting as in order.
func longestChain(window []Match, rules int) int {
	place := 0
	for i := 0; i < len(window) && place < rules; {
		// Matches of one moment may continue the chain whatever their order.
		to := i
		for to < len(window) && window[to].Time == window[i].Time {
			to++
		}
		for moved := true; moved && place < rules; {
			moved = slices.ContainsFunc(window[i:to], func(m Match) bool { return m.Place == place })
			if moved {
				place++
			}
		}
		i = to
	}
	return place
}

// shares says how common a value is, in percent of the window's matches.
type shares struct {
	spec   *Spec
	counts map[string]int
	total  int
}

func (s *shares) add(m Match)    { s.counts[m.Value]++; s.total++ }
func (s *shares) remove(m Match) { s.counts[m.Value]--; s.total-- }

func (s *shares) holds(m Match, _ []Match) bool {
	return s.spec.bounds(100 * float64(s.counts[m.Value]) / float64(s.total))
}
