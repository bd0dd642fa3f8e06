package window

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// define is the definition, word for word: a bucket is hit if some match lies
// in it and the matches of the timespan that ends with it satisfy the
// condition.
func define(spec *Spec, matches []Match) []Hit {
	span := spec.Timespan.Milliseconds()
	var hits []Hit
	for _, end := range matches {
		var window []Match
		for _, m := range matches {
			if m.Time > end.Time-span && m.Time <= end.Time {
				window = append(window, m)
			}
		}
		if !satisfies(spec, end, window) {
			continue
		}
		start := end.Time / span * span
		if end.Time < 0 && end.Time%span != 0 {
			start -= span
		}
		hit := Hit{Bucket: start}
		if spec.PerOwner {
			hit.Owner = end.Owner
		}
		hits = append(hits, hit)
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Bucket, b.Bucket), strings.Compare(string(a.Owner[:]), string(b.Owner[:])))
	})
	return slices.Compact(hits)
}

// satisfies says what each type means, without any thrift.
func satisfies(spec *Spec, end Match, window []Match) bool {
	ids, values, places := map[[16]byte]bool{}, map[string]int{}, map[int]bool{}
	for _, m := range window {
		ids[m.ID] = true
		values[m.Value]++
		places[m.Place] = true
	}
	count := 0.0
	switch spec.Type {
	case EventCount:
		count = float64(len(ids))
	case ValueCount:
		count = float64(len(values))
	case Temporal:
		if spec.Expr != nil {
			return spec.Expr.Holds(func(rule int) bool { return places[rule] })
		}
		count = float64(len(places))
	case TemporalOrdered:
		count = float64(chain(window, spec.Rules))
	case ValuePercentile:
		if spec.Percentile == nil {
			count = 100 * float64(values[end.Value]) / float64(len(window))
			break
		}
		return calculated(spec, window)
	default:
		return calculated(spec, window)
	}
	if len(spec.Bounds) == 0 {
		return count == float64(spec.Rules)
	}
	for _, b := range spec.Bounds {
		if !b.Holds(count) {
			return false
		}
	}
	return true
}

// chain tries every way to go from rule to rule without going back in time.
func chain(window []Match, rules int) int {
	var longest func(place int, from int64) int
	longest = func(place int, from int64) int {
		best := place
		if place == rules {
			return best
		}
		for _, m := range window {
			if m.Place == place && m.Time >= from {
				best = max(best, longest(place+1, m.Time))
			}
		}
		return best
	}
	return longest(0, -1<<62)
}

func calculated(spec *Spec, window []Match) bool {
	var all []float64
	sum := 0.0
	for _, m := range window {
		n, _ := numberOf(m)
		all = append(all, n)
		sum += n
	}
	slices.Sort(all)
	var n float64
	switch spec.Type {
	case ValueSum:
		n = sum
	case ValueAvg:
		n = sum / float64(len(all))
	case ValueMedian:
		n = percentile(all, 50)
	default:
		n = percentile(all, *spec.Percentile)
	}
	for _, b := range spec.Bounds {
		if !b.Holds(n) {
			return false
		}
	}
	return true
}

// genMatches draws matches that crowd a few buckets.
func genMatches(t *rapid.T, spec *Spec, most int) []Match {
	matches := make([]Match, rapid.IntRange(0, most).Draw(t, "matches"))
	for i := range matches {
		m := Match{Time: rapid.Int64Range(-15, 45).Draw(t, "time"), ID: [16]byte{byte(i / 256), byte(i)}}
		m.Place = rapid.IntRange(0, spec.Rules-1).Draw(t, "place")
		if spec.Type != EventCount && !spec.temporal() {
			m.Value = string(rune('0' + rapid.IntRange(0, 6).Draw(t, "value")))
		}
		m.Owner = [16]byte{byte(rapid.IntRange(1, 3).Draw(t, "owner"))}
		if !spec.temporal() {
			m.Place = 0
		}
		matches[i] = m
	}
	return matches
}

func genSpec(t *rapid.T, types []Type, ops []string) *Spec {
	spec := &Spec{Type: rapid.SampledFrom(types).Draw(t, "type"), Timespan: 10 * time.Millisecond, Rules: 1}
	spec.PerOwner = rapid.Bool().Draw(t, "per owner")
	if spec.temporal() {
		spec.Rules = rapid.IntRange(1, 4).Draw(t, "rules")
		if rapid.Bool().Draw(t, "all") {
			return spec
		}
		if spec.Type == Temporal && rapid.Bool().Draw(t, "expr") {
			spec.Expr = genExpr(t, spec.Rules, 3, slices.Contains(ops, "lt"))
			return spec
		}
	}
	most := 6
	if spec.temporal() {
		most = spec.Rules
	}
	bounds := 1
	if len(ops) > 2 {
		bounds = rapid.IntRange(1, 2).Draw(t, "bounds")
	}
	for range bounds {
		op := rapid.SampledFrom(ops).Draw(t, "op")
		n := rapid.IntRange(1, most).Draw(t, "n")
		if op == "gt" {
			n--
		}
		spec.Bounds = append(spec.Bounds, Bound{op, float64(n)})
	}
	if spec.Type == ValuePercentile && rapid.Bool().Draw(t, "ranked") {
		p := float64(rapid.IntRange(0, 100).Draw(t, "percentile"))
		spec.Percentile = &p
	}
	return spec
}

func genExpr(t *rapid.T, rules, depth int, not bool) *Expr {
	kind := 0
	if depth > 0 {
		kind = rapid.IntRange(0, 3).Draw(t, "kind")
	}
	switch {
	case kind == 1:
		return &Expr{And: []*Expr{genExpr(t, rules, depth-1, not), genExpr(t, rules, depth-1, not)}}
	case kind == 2:
		return &Expr{Or: []*Expr{genExpr(t, rules, depth-1, not), genExpr(t, rules, depth-1, not)}}
	case kind == 3 && not:
		return &Expr{Not: genExpr(t, rules, depth-1, not)}
	}
	return &Expr{Rule: rapid.IntRange(1, rules).Draw(t, "rule")}
}
