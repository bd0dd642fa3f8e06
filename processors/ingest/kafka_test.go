package ingest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// What a broker holds after Finish is what the report says, each attacker's
// facts in the order of the file.
func TestKafkaSink(t *testing.T) {
	t.Parallel()
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c)
		i := newIngester(t, Options{Sink: NewSink(c, topologytest.Producer(t, c))})
		text := string(joined(testLines(t)))
		if err := i.Reader(t.Context(), "cowrie.json", strings.NewReader(text+"\nbroken\n")); err != nil {
			t.Fatal(err)
		}
		r := finish(t, i)
		found := map[string]int64{}
		for _, topic := range []topology.Topic{
			topology.AttackerCommand, topology.AttackerAuth, topology.AttackerSession, topology.AttackerTransfer,
		} {
			found[topic.Name] = inFileOrder(t, c, topic)
		}
		for topic, n := range r.Topics {
			if found[topic] != n {
				t.Errorf("%s has %d records, the report says %d", topic, found[topic], n)
			}
		}
		if n := inFileOrder(t, c, topology.DeadLetter); n != r.Refused || n == 0 {
			t.Errorf("%d dead letters, the report says %d", n, r.Refused)
		}
	})
}

// inFileOrder counts a topic's records, whose source lines have to rise for
// each key.
func inFileOrder(t *testing.T, c topology.Cluster, topic topology.Topic) (n int64) {
	t.Helper()
	reader, err := topology.NewReader(t.Context(), c, topic, topology.From{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	last := map[string]int{}
	err = reader.ReadToEnd(t.Context(), func(r topology.Record) error {
		n++
		number, ok := strings.CutPrefix(string(r.Header(schemas.HeaderSource)), "cowrie.json:")
		at, err := strconv.Atoi(number)
		if !ok || err != nil {
			return fmt.Errorf("%s: source %q", r.Where(), r.Header(schemas.HeaderSource))
		}
		if at <= last[r.Key] {
			return fmt.Errorf("%s: line %d of %s comes behind line %d", r.Where(), at, r.Key, last[r.Key])
		}
		last[r.Key] = at
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

// While the broker is away the sink takes what it has room for, and then
// waits; ctx ends that.
func TestKafkaSinkWaitsForTheBroker(t *testing.T) {
	t.Parallel()
	c := topology.Cluster{Brokers: []string{"127.0.0.1:1"}, ReplicationFactor: 1}
	s := NewSink(c, topologytest.Producer(t, c))
	m := topology.Message{Topic: topology.AttackerCommand, Key: "k", Value: []byte("v")}
	for range maxUnderWay / messageFloor {
		if err := s.Publish(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	blocked := make(chan error)
	go func() { blocked <- s.Publish(over, m) }()
	cancel()
	if err := <-blocked; !errors.Is(err, context.Canceled) {
		t.Errorf("Publish: %v", err)
	}
	if err := s.Flush(over); !errors.Is(err, context.Canceled) {
		t.Errorf("Flush: %v", err)
	}
}

// After a failure nothing more is taken: what follows could not be in order.
func TestKafkaSinkKeepsItsFailure(t *testing.T) {
	t.Parallel()
	c := topologytest.Embedded(t)
	p := topologytest.Producer(t, c)
	s := NewSink(c, p)
	p.Close()
	m := topology.Message{Topic: topology.AttackerCommand, Key: "k", Value: []byte("v")}
	if err := s.Publish(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(t.Context()); err == nil {
		t.Error("Flush tells of no failure")
	}
	if err := s.Publish(t.Context(), m); err == nil {
		t.Error("Publish takes another")
	}
}
