package window

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Type is what a correlation asks of the matches in a window.
type Type string

// The types of Sigma v2.1, and the median, which its tools know.
const (
	EventCount      Type = "event_count"
	ValueCount      Type = "value_count"
	Temporal        Type = "temporal"
	TemporalOrdered Type = "temporal_ordered"
	ValueSum        Type = "value_sum"
	ValueAvg        Type = "value_avg"
	ValuePercentile Type = "value_percentile"
	ValueMedian     Type = "value_median"
)

// Types returns every type, in the order of the specification.
func Types() []Type {
	return []Type{EventCount, ValueCount, Temporal, TemporalOrdered, ValueSum, ValueAvg, ValuePercentile, ValueMedian}
}

// Numeric reports whether the type calculates with values as numbers.
func (t Type) Numeric() bool {
	return t == ValueSum || t == ValueAvg || t == ValuePercentile || t == ValueMedian
}

// Bounds on what a correlation may ask for.
const (
	// MaxTimespan is the longest timespan.
	MaxTimespan = 366 * 24 * time.Hour
	// MaxCount is the highest count of events or values that is kept.
	MaxCount = 10_000
	// MaxRules is the most rules of one correlation.
	MaxRules = 64
)

// Bound is one comparison of a condition.
type Bound struct {
	// Op is gt, gte, lt, lte, eq or neq.
	Op string `json:"op"`
	// Value is what is compared with.
	Value float64 `json:"value"`
}

// Holds reports whether n compares as the bound says.
func (b Bound) Holds(n float64) bool {
	switch b.Op {
	case "gt":
		return n > b.Value
	case "gte":
		return n >= b.Value
	case "lt":
		return n < b.Value
	case "lte":
		return n <= b.Value
	case "eq":
		return n == b.Value
	case "neq":
		return n != b.Value
	}
	return false
}

// Spec is a correlation as the evaluator needs it, and as ttp.match carries it:
// whoever holds a match knows all that its window has to know.
type Spec struct {
	Type Type `json:"type"`
	// Timespan is the width of windows and buckets, in whole milliseconds.
	Timespan time.Duration `json:"timespan"`
	// Rules is how many rules are referred to; matches say which by number.
	Rules int `json:"rules"`
	// Bounds must all hold. Empty for a temporal type means every rule.
	Bounds []Bound `json:"bounds,omitempty"`
	// Expr is a condition over rules in place of bounds, for temporal types.
	Expr *Expr `json:"expr,omitempty"`
	// Percentile is which one value_percentile compares; nil means the share,
	// in percent, that the value of the match itself has in its window.
	Percentile *float64 `json:"percentile,omitempty"`
	// PerOwner reports each owner of a match that completes the condition,
	// because owners are not what matches are grouped by.
	PerOwner bool `json:"per_owner,omitempty"`
}

// ErrSpec is wrapped by all that Validate says.
var ErrSpec = errors.New("window")

// Validate returns what is wrong with the spec, or nil.
func (s *Spec) Validate() error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrSpec, fmt.Sprintf(format, args...))
	}
	switch {
	case !slices.Contains(Types(), s.Type):
		return wrong("unknown type %q", s.Type)
	case s.Timespan < time.Millisecond || s.Timespan > MaxTimespan || s.Timespan%time.Millisecond != 0:
		return wrong("timespan %s is not from 1ms to %s in milliseconds", s.Timespan, MaxTimespan)
	case s.Rules < 1 || s.Rules > MaxRules:
		return wrong("%d rules, at most %d", s.Rules, MaxRules)
	case s.temporal() && s.Expr == nil:
	case s.temporal() && !s.Expr.valid(s.Rules, 0):
		return wrong("an expression over rules that are not there")
	case !s.temporal() && s.Expr != nil:
		return wrong("an expression over rules needs a temporal type")
	case !s.temporal() && len(s.Bounds) == 0:
		return wrong("no bound")
	}
	for _, b := range s.Bounds {
		if !slices.Contains(ops, b.Op) || math.IsNaN(b.Value) || math.IsInf(b.Value, 0) {
			return wrong("bound %q %v", b.Op, b.Value)
		}
	}
	if p := s.Percentile; p != nil && (s.Type != ValuePercentile || !(*p >= 0 && *p <= 100)) {
		return wrong("percentile %v", *p)
	}
	return nil
}

var ops = []string{"gt", "gte", "lt", "lte", "eq", "neq"}

func (s *Spec) temporal() bool { return s.Type == Temporal || s.Type == TemporalOrdered }

// need returns how many events, values or rules make the condition true for
// good, and whether there is such a number: more of them must not undo it.
func (s *Spec) need() (n int, ok bool) {
	if s.Expr != nil {
		return s.Rules, s.Expr.monotone()
	}
	if s.temporal() && len(s.Bounds) == 0 {
		return s.Rules, true
	}
	if s.Type.Numeric() {
		return 0, false
	}
	n = 1
	for _, b := range s.Bounds {
		switch {
		case b.Op == "gte":
			n = max(n, ceil(b.Value))
		case b.Op == "gt":
			n = max(n, ceil(math.Floor(b.Value)+1))
		default:
			return 0, false
		}
	}
	return n, true
}

func ceil(f float64) int { return int(min(math.Ceil(f), math.MaxInt32)) }

// Live returns why the correlation cannot run on events as they come, or nil.
// What more events can undo would need to know that no earlier one is still on
// its way, which re-keyed streams cannot tell.
func (s *Spec) Live() error {
	n, ok := s.need()
	switch {
	case s.Type.Numeric():
		return fmt.Errorf("%w: %s can be undone by more events: it runs over finite input only", ErrSpec, s.Type)
	case !ok:
		return fmt.Errorf("%w: this condition can be undone by more events: it runs over finite input only", ErrSpec)
	case n > MaxCount:
		return fmt.Errorf("%w: a count of %d, at most %d", ErrSpec, n, MaxCount)
	case s.temporal() && s.Expr == nil && n > s.Rules:
		return fmt.Errorf("%w: %d of %d rules can never be there", ErrSpec, n, s.Rules)
	}
	return nil
}

// Encode returns the canonical JSON of the spec: equal specs, equal bytes.
func (s *Spec) Encode() []byte {
	text, err := json.Marshal(s)
	if err != nil {
		return nil // numbers are finite, so it has no reason to fail
	}
	return text
}

// Decode is the inverse of Encode. The spec it returns is valid.
func Decode(text []byte) (*Spec, error) {
	s := &Spec{}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSpec, err)
	}
	if err := s.Validate(); err != nil {
		return nil, err
	}
	return s, nil
}
