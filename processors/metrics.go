package processors

import (
	"sync"
	"sync/atomic"
)

// Metrics counts what the processors do. All methods are safe for concurrent
// use and on nil.
type Metrics struct {
	events, candidates, suppressed   atomic.Int64
	gatePassed, gateRepeat, gateDiff atomic.Int64
	letters                          sync.Map // reason -> *atomic.Int64
}

// Snapshot is the counts at one moment.
type Snapshot struct {
	// Events is the number of facts judged, Candidates what rules said of
	// them, Suppressed what was held back.
	Events, Candidates, Suppressed int64
	// Passed, Repeated and Different count the gate's verdicts. Different are
	// tags that came again with other bytes: the first wins.
	Passed, Repeated, Different int64
	// Refused counts dead letters by reason.
	Refused map[string]int64
}

// Snapshot returns the counts so far.
func (m *Metrics) Snapshot() Snapshot {
	if m == nil {
		return Snapshot{}
	}
	s := Snapshot{
		Events: m.events.Load(), Candidates: m.candidates.Load(), Suppressed: m.suppressed.Load(),
		Passed: m.gatePassed.Load(), Repeated: m.gateRepeat.Load(), Different: m.gateDiff.Load(),
		Refused: map[string]int64{},
	}
	m.letters.Range(func(reason, count any) bool {
		s.Refused[reason.(string)] = count.(*atomic.Int64).Load()
		return true
	})
	return s
}

func (m *Metrics) judged(candidates, suppressed int) {
	if m == nil {
		return
	}
	m.events.Add(1)
	m.candidates.Add(int64(candidates))
	m.suppressed.Add(int64(suppressed))
}

func (m *Metrics) gate(v verdict) {
	if m == nil {
		return
	}
	switch v {
	case pass:
		m.gatePassed.Add(1)
	case repeat:
		m.gateRepeat.Add(1)
	case differs:
		m.gateDiff.Add(1)
	}
}

func (m *Metrics) refused(reason string) {
	if m == nil {
		return
	}
	count, _ := m.letters.LoadOrStore(reason, new(atomic.Int64))
	count.(*atomic.Int64).Add(1)
}
