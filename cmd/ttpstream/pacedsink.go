package main

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/processors/ingest"
	"github.com/ttpstream/ttpstream/topology"
)

// maxBehind is how many facts may wait for the taggers while a scan reads on.
// It bounds the memory of the topics.
const maxBehind = 50_000

// pacedSink publishes to the engine's broker, no faster than the taggers
// judge, and remembers attackers' addresses for the report.
type pacedSink struct {
	ingest.Sink
	engine    *engine
	addresses *addresses

	mu        sync.Mutex
	published int64
	checkAt   int64
}

func newPacedSink(e *engine, known *addresses) *pacedSink {
	return &pacedSink{Sink: ingest.NewSink(e.cluster, e.producer), engine: e, addresses: known, checkAt: maxBehind}
}

// Publish waits while the taggers are too far behind.
func (s *pacedSink) Publish(ctx context.Context, m topology.Message) error {
	if m.Topic.Name != topology.DeadLetter.Name {
		s.addresses.learn(m)
		if err := s.pace(ctx); err != nil {
			return err
		}
	}
	return s.Sink.Publish(ctx, m)
}

func (s *pacedSink) pace(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.published++
	if s.published < s.checkAt {
		return nil
	}
	return s.engine.watch.Until(ctx, func() bool {
		s.checkAt = s.judgedSoFar() + maxBehind
		return s.published < s.checkAt
	})
}

// judgedSoFar is the number of facts judged. The scan's topics begin at
// offset 0, so offsets count.
func (s *pacedSink) judgedSoFar() (total int64) {
	for _, j := range judged {
		for _, next := range s.engine.finished(j.group, j.facts) {
			total += next
		}
	}
	return total
}

// maxAddresses bounds the addresses kept for the report; it is how many
// attackers the report follows.
const maxAddresses = 1 << 16

// addresses knows the source address of attackers, for people to read.
type addresses struct {
	mu    sync.Mutex
	known map[string]string
}

func newAddresses() *addresses { return &addresses{known: map[string]string{}} }

// learn takes the address from a fact of an attacker not known yet.
func (a *addresses) learn(m topology.Message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.known[m.Key]; known || len(a.known) >= maxAddresses {
		return
	}
	var fact struct {
		SrcIP string `json:"src_ip"`
	}
	if json.Unmarshal(m.Value, &fact) == nil && fact.SrcIP != "" {
		a.known[m.Key] = fact.SrcIP
	}
}

// of returns the address of an attacker, or "".
func (a *addresses) of(attacker uuid.UUID) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known[attacker.String()]
}
