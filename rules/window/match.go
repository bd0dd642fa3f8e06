package window

import "cmp"

// Match is one match of a rule in the group that a state is about.
type Match struct {
	// Time is the event's, in milliseconds since 1970 in UTC.
	Time int64
	// ID names the event, or the window of an inner correlation.
	ID [16]byte
	// Place is the number of the rule in the correlation, from 0.
	Place int
	// Value is what is counted; for numeric types the number as text.
	Value string
	// Owner is whose match it is, for correlations that report each owner.
	Owner [16]byte
}

// compare orders matches by time; the rest of the order is only there to be
// the same every time.
func compare(a, b Match) int {
	return cmp.Or(
		cmp.Compare(a.Time, b.Time), compareIDs(a.ID, b.ID), cmp.Compare(a.Place, b.Place),
		cmp.Compare(a.Value, b.Value), compareIDs(a.Owner, b.Owner),
	)
}

func compareIDs(a, b [16]byte) int { return cmp.Compare(string(a[:]), string(b[:])) }

// Hit is a bucket in which the condition was met.
type Hit struct {
	// Bucket is its start, in milliseconds since 1970 in UTC. It ends one
	// timespan later.
	Bucket int64
	// Owner is whose match met it, zero unless the correlation reports owners.
	Owner [16]byte
}

// State is what is remembered of the matches of one group. The zero value has
// seen none. Only an [Evaluator] writes it; the fields are there to be encoded.
type State struct {
	// Buckets are in the order of their starts.
	Buckets []Bucket
}

// Bucket is one timespan, beginning at a multiple of it.
type Bucket struct {
	Start int64
	// Hit says that the condition was met and reported.
	Hit bool
	// Overflow says that more was seen than is kept where that could matter:
	// a hit may have been missed.
	Overflow bool
	// Events are the latest, in order, for types that count or order events.
	Events []Match
	// Ranges are the values with the latest last match, in the order of the
	// values, for types that count values or rules.
	Ranges []Range
	// Owners are those reported, in order, where owners are.
	Owners [][16]byte
}

// Range is when a value was first and last seen in a bucket, by event time.
type Range struct {
	Value    string
	Min, Max int64
}

// at returns the bucket that starts there, nil if there is none.
func (s *State) at(start int64) *Bucket {
	for i := len(s.Buckets) - 1; i >= 0; i-- {
		if s.Buckets[i].Start == start {
			return &s.Buckets[i]
		}
		if s.Buckets[i].Start < start {
			break
		}
	}
	return nil
}

// ensure returns the number of the bucket that starts there, and makes it if
// need be.
func (s *State) ensure(start int64) int {
	i := len(s.Buckets)
	for i > 0 && s.Buckets[i-1].Start > start {
		i--
	}
	if i > 0 && s.Buckets[i-1].Start == start {
		return i - 1
	}
	s.Buckets = append(s.Buckets, Bucket{})
	copy(s.Buckets[i+1:], s.Buckets[i:])
	s.Buckets[i] = Bucket{Start: start}
	return i
}

// Evict forgets the buckets that start before a time. What comes for them
// later counts from nothing.
func (s *State) Evict(before int64) {
	i := 0
	for i < len(s.Buckets) && s.Buckets[i].Start < before {
		i++
	}
	kept := copy(s.Buckets, s.Buckets[i:])
	clear(s.Buckets[kept:])
	s.Buckets = s.Buckets[:kept]
}

// Overflowed reports whether a bucket had to forget what could have mattered.
func (s *State) Overflowed() bool {
	for i := range s.Buckets {
		if s.Buckets[i].Overflow {
			return true
		}
	}
	return false
}
