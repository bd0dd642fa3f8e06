package window

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func minute(bounds ...Bound) Spec {
	return Spec{Type: EventCount, Timespan: time.Minute, Rules: 1, Bounds: bounds}
}

func TestLive(t *testing.T) {
	t.Parallel()
	not := &Expr{And: []*Expr{{Rule: 1}, {Not: &Expr{Rule: 2}}}}
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{minute(Bound{"gte", 5}), ""},
		{minute(Bound{"gt", 4.5}), ""},
		{minute(Bound{"gte", 2}, Bound{"gt", 3}), ""},
		{Spec{Type: Temporal, Timespan: time.Minute, Rules: 2}, ""},
		{Spec{Type: Temporal, Timespan: time.Minute, Rules: 2, Expr: &Expr{Or: []*Expr{{Rule: 1}, {Rule: 2}}}}, ""},
		{minute(Bound{"lt", 5}), "can be undone"},
		{minute(Bound{"eq", 5}), "can be undone"},
		{minute(Bound{"neq", 5}), "can be undone"},
		{minute(Bound{"gte", 5}, Bound{"lte", 7}), "can be undone"},
		{Spec{Type: ValueSum, Timespan: time.Minute, Rules: 1, Bounds: []Bound{{"gte", 5}}}, "value_sum can be undone"},
		{Spec{Type: Temporal, Timespan: time.Minute, Rules: 2, Expr: not}, "can be undone"},
		{minute(Bound{"gte", 1e9}), "at most 10000"},
		{Spec{Type: Temporal, Timespan: time.Minute, Rules: 2, Bounds: []Bound{{"gte", 3}}}, "can never be there"},
	} {
		err := c.spec.Live()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.spec.Encode(), err, c.want)
		}
		if _, newErr := New(&c.spec); (newErr == nil) != (err == nil) {
			t.Errorf("%s: New says %v", c.spec.Encode(), newErr)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	bad := 101.0
	for _, s := range []Spec{
		{},
		{Type: EventCount, Timespan: time.Minute, Rules: 1},
		{Type: EventCount, Timespan: time.Microsecond, Rules: 1, Bounds: []Bound{{"gte", 1}}},
		{Type: EventCount, Timespan: time.Minute, Bounds: []Bound{{"gte", 1}}},
		{Type: EventCount, Timespan: time.Minute, Rules: MaxRules + 1, Bounds: []Bound{{"gte", 1}}},
		{Type: EventCount, Timespan: time.Minute, Rules: 1, Bounds: []Bound{{">", 1}}},
		{Type: EventCount, Timespan: time.Minute, Rules: 1, Expr: &Expr{Rule: 1}},
		{Type: Temporal, Timespan: time.Minute, Rules: 1, Expr: &Expr{Rule: 2}},
		{Type: Temporal, Timespan: time.Minute, Rules: 1, Expr: &Expr{}},
		{Type: ValuePercentile, Timespan: time.Minute, Rules: 1, Bounds: []Bound{{"gte", 1}}, Percentile: &bad},
	} {
		if err := s.Validate(); err == nil {
			t.Errorf("%s is valid", s.Encode())
		}
		if _, err := Decode(s.Encode()); err == nil {
			t.Errorf("%s decodes", s.Encode())
		}
		if _, err := Evaluate(&s, nil); err == nil {
			t.Errorf("%s evaluates", s.Encode())
		}
	}
}

func TestSpecReadsBack(t *testing.T) {
	t.Parallel()
	p := 95.0
	for _, s := range []Spec{
		minute(Bound{"gte", 5}),
		{Type: ValuePercentile, Timespan: time.Hour, Rules: 2, Bounds: []Bound{{"gt", 1.5}}, Percentile: &p},
		{Type: Temporal, Timespan: time.Hour, Rules: 2, Expr: &Expr{Not: &Expr{Rule: 1}}, PerOwner: true},
	} {
		back, err := Decode(s.Encode())
		if err != nil || string(back.Encode()) != string(s.Encode()) {
			t.Errorf("%s: %s, %v", s.Encode(), back.Encode(), err)
		}
	}
}

// The match that completes a condition may be the first of its window.
func TestLateFirst(t *testing.T) {
	t.Parallel()
	spec := minute(Bound{"gte", 3})
	e, err := New(&spec)
	if err != nil {
		t.Fatal(err)
	}
	s := &State{}
	var hits []Hit
	for i, at := range []int64{70_000, 80_000, 30_000} {
		hits = e.Add(s, Match{Time: at, ID: [16]byte{byte(i)}}, hits)
	}
	if want := []Hit{{Bucket: 60_000}}; !slices.Equal(hits, want) {
		t.Errorf("%v, want %v", hits, want)
	}
	s.Evict(60_000)
	if len(s.Buckets) != 1 || s.Buckets[0].Start != 60_000 {
		t.Errorf("after eviction: %+v", s.Buckets)
	}
}

func TestOverflowIsSaid(t *testing.T) {
	t.Parallel()
	e, err := New(&Spec{Type: TemporalOrdered, Timespan: time.Hour, Rules: 2})
	if err != nil {
		t.Fatal(err)
	}
	s := &State{}
	for i := range MaxWhole {
		e.Add(s, Match{Time: int64(i), ID: [16]byte{byte(i)}}, nil)
	}
	if s.Overflowed() {
		t.Error("it overflows before it is full")
	}
	e.Add(s, Match{Time: 5000}, nil)
	if !s.Overflowed() || len(s.Buckets[0].Events) != MaxWhole {
		t.Errorf("overflow %v with %d", s.Overflowed(), len(s.Buckets[0].Events))
	}
}

func TestDecodeStateRefuses(t *testing.T) {
	t.Parallel()
	spec := minute(Bound{"gte", 3})
	e, err := New(&spec)
	if err != nil {
		t.Fatal(err)
	}
	s := &State{}
	e.Add(s, Match{Time: 7, ID: [16]byte{1}}, nil)
	good := s.Append(nil)
	for n := range good {
		if _, err := DecodeState(good[:n]); err == nil {
			t.Errorf("%d of %d bytes are a state", n, len(good))
		}
	}
	for _, bad := range []string{"", "\x02\x00", "\x01\x00\x00", "\x01\xff\xff\xff\xff\x0f"} {
		if _, err := DecodeState([]byte(bad)); err == nil {
			t.Errorf("%x is a state", bad)
		}
	}
}
