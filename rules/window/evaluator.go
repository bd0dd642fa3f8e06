package window

import "slices"

// Evaluator runs a correlation over matches as they come, in any order. It is
// immutable: all it remembers is in the [State] it is given.
type Evaluator struct {
	spec *Spec
	// span is the timespan in milliseconds.
	span int64
	// need is how many events, values or rules make the condition true.
	need int
	kind kind
}

// kind is how the state of a type is kept.
type kind uint8

const (
	// counts keeps the latest events.
	counts kind = iota
	// ranges keeps values with when they were first and last seen.
	ranges
	// whole keeps all matches up to a cap.
	whole
)

// MaxWhole is the most matches of one bucket that are kept for the types that
// need all of them (temporal_ordered, and correlations that report owners), or
// twice as many as the condition asks for, if that is more.
const MaxWhole = 256

// cap is how many that is for this condition.
func (e *Evaluator) cap() int { return max(MaxWhole, 2*e.need) }

// New returns the evaluator of a spec, or why it cannot run live.
func New(spec *Spec) (*Evaluator, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	if err := spec.Live(); err != nil {
		return nil, err
	}
	e := &Evaluator{spec: spec, span: spec.Timespan.Milliseconds()}
	e.need, _ = spec.need()
	switch {
	case spec.PerOwner || spec.Type == TemporalOrdered:
		e.kind = whole
	case spec.Type == EventCount:
		e.kind = counts
	default:
		e.kind = ranges
	}
	return e, nil
}

// bucket returns the start of the bucket that a time lies in.
func bucket(time, span int64) int64 {
	start := time - time%span
	if time%span < 0 {
		start -= span
	}
	return start
}

// Add takes a match into the state and appends to hits each bucket that meets
// the condition now and did not before. The same match again changes nothing.
// Which hits there are in the end does not depend on the order of matches.
func (e *Evaluator) Add(s *State, m Match, hits []Hit) []Hit {
	i := s.ensure(bucket(m.Time, e.span))
	if !e.insert(&s.Buckets[i], m) {
		return hits
	}
	// A match counts for the windows that end in its bucket or in the next.
	var before, after *Bucket
	if start := s.Buckets[i].Start; i > 0 && s.Buckets[i-1].Start == start-e.span {
		before = &s.Buckets[i-1]
	}
	if i+1 < len(s.Buckets) && s.Buckets[i+1].Start == s.Buckets[i].Start+e.span {
		after = &s.Buckets[i+1]
	}
	hits = e.judge(&s.Buckets[i], before, hits)
	if after != nil {
		hits = e.judge(after, &s.Buckets[i], hits)
	}
	return hits
}

// Merge takes another state of the same group into s, as if s had been given
// its matches too, and appends what that brings. What either has reported is
// not reported again.
func (e *Evaluator) Merge(s, other *State, hits []Hit) []Hit {
	for i := range other.Buckets {
		from := &other.Buckets[i]
		to := &s.Buckets[s.ensure(from.Start)]
		to.Hit, to.Overflow = to.Hit || from.Hit, to.Overflow || from.Overflow
		for _, m := range from.Events {
			e.insert(to, m)
		}
		for _, r := range from.Ranges {
			e.insertRange(to, r)
		}
		for _, owner := range from.Owners {
			to.report(owner)
		}
	}
	for i := range s.Buckets {
		b := &s.Buckets[i]
		hits = e.judge(b, s.at(b.Start-e.span), hits)
	}
	return hits
}

// insert takes a match into its bucket and reports whether anything changed.
func (e *Evaluator) insert(b *Bucket, m Match) bool {
	switch e.kind {
	case counts:
		return b.insert(Match{Time: m.Time, ID: m.ID}, e.need)
	case ranges:
		value := m.Value
		if e.spec.temporal() {
			value = placeValue(m.Place)
		}
		return e.insertRange(b, Range{Value: value, Min: m.Time, Max: m.Time})
	}
	if !e.spec.PerOwner {
		m.Owner = [16]byte{}
	}
	if !e.spec.temporal() {
		m.Place = 0 // an event that two of the rules match is one event
	}
	if e.spec.Type != ValueCount {
		m.Value = ""
	}
	full := len(b.Events) >= e.cap()
	changed := b.insert(m, e.cap())
	if full && (changed || !b.has(m)) {
		b.Overflow = true
	}
	return changed
}

// insert puts a match in its place and keeps the latest only.
func (b *Bucket) insert(m Match, keep int) bool {
	i, found := b.find(m)
	switch {
	case found:
		return false
	case len(b.Events) < keep:
		b.Events = slices.Insert(b.Events, i, m)
		return true
	case i == 0:
		return false // older than all that are kept
	}
	copy(b.Events, b.Events[1:i])
	b.Events[i-1] = m
	return true
}

// find returns where a match is, or belongs. Most come in order, so the end is
// tried first.
func (b *Bucket) find(m Match) (int, bool) {
	n := len(b.Events)
	if n == 0 || compare(b.Events[n-1], m) < 0 {
		return n, false
	}
	return slices.BinarySearchFunc(b.Events, m, compare)
}

func (b *Bucket) has(m Match) bool { _, found := b.find(m); return found }

// judge appends the hits of a bucket that were not reported yet; before is the
// bucket before it, if anything was seen there.
func (e *Evaluator) judge(b, before *Bucket, hits []Hit) []Hit {
	if b.Hit && !e.spec.PerOwner {
		return hits
	}
	var none Bucket
	if before == nil {
		before = &none
	}
	met := false
	switch e.kind {
	case counts:
		met = e.enough(b, before)
	case ranges:
		met = e.various(b, before)
	default:
		return e.judgeWhole(b, before, hits)
	}
	if met {
		b.Hit = true
		hits = append(hits, Hit{Bucket: b.Start})
	}
	return hits
}

// enough reports whether a window that ends with an event of b holds as many
// events as are needed. The latest events of either bucket decide: of b as
// many as needed would do alone, and of the bucket before it those that a
// window reaches are its latest.
func (e *Evaluator) enough(b, before *Bucket) bool {
	if len(b.Events) >= e.need {
		return true
	}
	if len(b.Events)+len(before.Events) < e.need {
		return false
	}
	reached := 0 // events of before that no window from here on reaches
	for i := 0; i < len(b.Events); i++ {
		t := b.Events[i].Time
		for i+1 < len(b.Events) && b.Events[i+1].Time == t {
			i++
		}
		for reached < len(before.Events) && before.Events[reached].Time <= t-e.span {
			reached++
		}
		if i+1+len(before.Events)-reached >= e.need {
			return true
		}
	}
	return false
}
