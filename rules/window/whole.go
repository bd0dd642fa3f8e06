package window

import (
	"math"
	"slices"
)

// judgeWhole judges a bucket of which all matches are known: it slides a
// window over the matches of the bucket and of the one before it, and asks at
// the end of each moment.
func (e *Evaluator) judgeWhole(b, before *Bucket, hits []Hit) []Hit {
	window := e.slide()
	from := 0
	reach := func(t int64) { // matches that a window which ends at t no longer holds
		for ; from < len(before.Events) && before.Events[from].Time <= t-e.span; from++ {
			window.remove(before.Events[from])
		}
	}
	for _, m := range before.Events {
		window.add(m)
	}
	for i := 0; i < len(b.Events); {
		t, to := b.Events[i].Time, i
		for to < len(b.Events) && b.Events[to].Time == t {
			window.add(b.Events[to])
			to++
		}
		reach(t)
		if e.owed(b, b.Events[i:to]) && window.holdsAt(t) {
			hits = b.hit(b.Events[i:to], e.spec.PerOwner, hits)
		}
		if b.Hit && !e.spec.PerOwner {
			return hits
		}
		i = to
	}
	return hits
}

// sliding is a window that matches enter in the order of their times, and
// leave in the same order.
type sliding interface {
	add(m Match)
	remove(m Match)
	// holdsAt decides the condition for the window that ends at a time.
	holdsAt(t int64) bool
}

// slide returns an empty window.
func (e *Evaluator) slide() sliding {
	if e.spec.Type == TemporalOrdered {
		o := &ordered{need: e.need, span: e.span}
		for i := range o.began {
			o.began[i] = math.MinInt64
		}
		return o
	}
	return anyTime{e.spec.gather()}
}

// anyTime is a window whose condition only depends on what it holds.
type anyTime struct{ gathered }

func (a anyTime) holdsAt(int64) bool { return a.holds(Match{}, nil) }

// ordered looks for matches of the rules one after the other. For each rule it
// suffices to know when the latest chain up to it began: what begins later
// lasts longer. Matches of one moment count as in order.
type ordered struct {
	need  int
	span  int64
	began [MaxRules]int64
	// moment is the time of the matches that came last, places which rules
	// they are of.
	moment int64
	places uint64
}

func (o *ordered) add(m Match) {
	if m.Time != o.moment {
		o.moment, o.places = m.Time, 0
	}
	o.places |= 1 << m.Place
	// A later rule of the same moment may go on from this one.
	for place := m.Place; place < MaxRules && o.places&(1<<place) != 0; place++ {
		if place == 0 {
			o.began[0] = m.Time
		} else {
			o.began[place] = max(o.began[place], o.began[place-1])
		}
	}
}

func (*ordered) remove(Match) {} // what began too early is told by its time

func (o *ordered) holdsAt(t int64) bool { return o.began[o.need-1] > t-o.span }

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
