package window

import (
	"math"
	"math/bits"
	"slices"
)

// judgeWhole judges a bucket of which all matches are known, by the
// definition.
func (e *Evaluator) judgeWhole(b, before *Bucket, hits []Hit) []Hit {
	if e.spec.Type == TemporalOrdered && !e.spec.PerOwner {
		if e.inOrder(b, before) {
			return b.hit(nil, false, hits)
		}
		return hits
	}
	all := make([]Match, 0, len(before.Events)+len(b.Events))
	all = append(append(all, before.Events...), b.Events...)
	from, first := 0, len(before.Events)
	for end := first; end < len(all); {
		t := all[end].Time
		to := end
		for to < len(all) && all[to].Time == t {
			to++
		}
		for all[from].Time <= t-e.span {
			from++
		}
		if e.owed(b, all[end:to]) && e.spec.holds(all[from:to]) {
			hits = b.hit(all[end:to], e.spec.PerOwner, hits)
		}
		if b.Hit && !e.spec.PerOwner {
			return hits
		}
		end = to
	}
	return hits
}

// inOrder reports whether the rules matched one after the other in a window
// that ends with a match of b. For each rule it suffices to know when the
// latest chain up to it began: what begins later lasts longer.
func (e *Evaluator) inOrder(b, before *Bucket) bool {
	var began [MaxRules]int64
	for i := range began {
		began[i] = math.MinInt64
	}
	follow := func(events []Match, judge bool) bool {
		for i := 0; i < len(events); {
			t, to := events[i].Time, i
			var places uint64
			for to < len(events) && events[to].Time == t {
				places |= 1 << events[to].Place
				to++
			}
			for ; places != 0; places &= places - 1 {
				if place := bits.TrailingZeros64(places); place == 0 {
					began[0] = t
				} else {
					began[place] = max(began[place], began[place-1])
				}
			}
			if judge && began[e.need-1] > t-e.span {
				return true
			}
			i = to
		}
		return false
	}
	follow(before.Events, false)
	return follow(b.Events, true)
}

// owed reports whether a hit of these matches would be news.
func (e *Evaluator) owed(b *Bucket, matches []Match) bool {
	if !e.spec.PerOwner {
		return !b.Hit
	}
	return slices.ContainsFunc(matches, func(m Match) bool { return !b.reported(m.Owner) })
}

// hit reports a bucket, or each owner of the matches that met the condition.
func (b *Bucket) hit(matches []Match, perOwner bool, hits []Hit) []Hit {
	b.Hit = true
	if !perOwner {
		return append(hits, Hit{Bucket: b.Start})
	}
	for _, m := range matches {
		if b.report(m.Owner) {
			hits = append(hits, Hit{Bucket: b.Start, Owner: m.Owner})
		}
	}
	return hits
}

func (b *Bucket) reported(owner [16]byte) bool {
	_, found := slices.BinarySearchFunc(b.Owners, owner, compareIDs)
	return found
}

// report notes an owner and says whether it is new.
func (b *Bucket) report(owner [16]byte) bool {
	i, found := slices.BinarySearchFunc(b.Owners, owner, compareIDs)
	if !found {
		b.Owners = slices.Insert(b.Owners, i, owner)
	}
	return !found
}

// holds is the condition over the matches of one window, in order, for every
// type that can be live.
func (s *Spec) holds(window []Match) bool {
	need, _ := s.need()
	switch s.Type {
	case EventCount:
		return len(window) >= need // each event is there once
	case ValueCount:
		return distinct(window, func(m Match) any { return m.Value }) >= need
	case TemporalOrdered:
		return longestChain(window, s.Rules) >= need
	}
	var seen uint64
	for _, m := range window {
		seen |= 1 << m.Place
	}
	e := Evaluator{spec: s, need: need}
	return e.asked(seen)
}

func distinct(window []Match, of func(Match) any) int {
	seen := make(map[any]bool, len(window))
	for _, m := range window {
		seen[of(m)] = true
	}
	return len(seen)
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
