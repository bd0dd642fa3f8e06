package topology_test

import (
	"errors"
	"hash"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/lovoo/goka"
	"github.com/lovoo/goka/codec"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// The proof of ordered marking: one emit in the middle of thousands is slow and then fails, as an emit does
// whose partition has lost its leader. Everything behind it has been acknowledged by then.

const (
	proofRecords = 4000
	proofFailsAt = 1500
	proofBehind  = 1000 // acknowledged behind the failing one before it fails
)

var errEmit = errors.New("this emit fails")

// A failed write to the group table is the same loss by another road: SetValue is asynchronous too.
func TestFailedTableWriteLosesNothing(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		testFailure(t, c, topology.Group{Name: "proof", Table: true, Doc: "proof"})
	})
}

func TestFailedEmitLosesNothing(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		testFailure(t, c, topology.Group{Name: "proof"})
	})
}

func testFailure(t *testing.T, c topology.Cluster, group topology.Group) {
	missing, committed := failOneEmitAndRestart(t, c, group)
	if committed > proofFailsAt {
		t.Errorf("committed offset %d after the emit of %d failed", committed, proofFailsAt)
	}
	if len(missing) > 0 {
		t.Errorf("%d of %d records lost: %v", len(missing), proofRecords, missing)
	}
}

// Without the wrapper the same events must lose the record; otherwise the test above proves nothing.
func TestFailedEmitLosesWithoutOrderedMarking(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		missing, committed := failOneEmitAndRestart(t, c, topology.Group{Name: "proof"}, goka.WithConsumerGroupBuilder(
			goka.ConsumerGroupBuilderWithConfig(topology.SaramaConfig(c))))
		if committed <= proofFailsAt || len(missing) != 1 || missing[0] != proofFailsAt {
			t.Errorf("bare goka committed %d and lost %v; it was expected to lose %d", committed, missing, proofFailsAt)
		}
	})
}

// failOneEmitAndRestart returns which records never reached the output, and what was committed between the two
// runs.
func failOneEmitAndRestart(t *testing.T, c topology.Cluster, group topology.Group, opts ...goka.ProcessorOption) (missing []int, committed int64) {
	c.Partitions = 1
	out := copierOutput(group)
	topologytest.Provision(t, c, topology.AttackerCommand, out)
	publishNumbers(t, c, 0, proofRecords)

	err := runCopier(t, c, group, nil, append(opts, goka.WithProducerBuilder(failingProducers(c)))...)
	if !containsText(err, errEmit.Error()) {
		t.Fatalf("the first run ended with %v, want the failed emit", err)
	}
	offsets, err := topologytest.Admin(t, c).Committed(t.Context(), group)
	if err != nil {
		t.Fatal(err)
	}
	committed = offsets[topology.AttackerCommand.Name][0]

	publishNumbers(t, c, proofRecords, proofRecords+1)
	seen := make(map[int]bool)
	done := func() { followUntil(t, c, out, seen, proofRecords) }
	if err := runCopier(t, c, group, done, opts...); err != nil {
		t.Fatalf("the second run: %v", err)
	}
	for i := range proofRecords {
		if !seen[i] {
			missing = append(missing, i)
		}
	}
	return missing, committed
}

// copierOutput is where a copier's output goes: to its table, if it has one.
func copierOutput(group topology.Group) topology.Topic {
	if group.Table {
		return group.Changelog()
	}
	return topology.Candidate
}

// newCopier makes a processor that copies what it reads to its output.
func newCopier(t testing.TB, c topology.Cluster, group topology.Group, opts ...goka.ProcessorOption) *goka.Processor {
	t.Helper()
	copyOne := func(ctx goka.Context, msg any) { ctx.Emit(c.Stream(topology.Candidate), ctx.Key(), msg) }
	edges := []goka.Edge{goka.Output(c.Stream(topology.Candidate), new(codec.String))}
	if group.Table {
		copyOne = func(ctx goka.Context, msg any) { ctx.SetValue(msg) }
		edges = []goka.Edge{goka.Persist(new(codec.String))}
	}
	graph := goka.DefineGroup(c.Group(group), append(edges, goka.Input(c.Stream(topology.AttackerCommand), new(codec.String), copyOne))...)
	base, err := topology.ProcessorOptions(c, topology.MemoryStorage(), nil)
	if err != nil {
		t.Fatal(err)
	}
	proc, err := goka.NewProcessor(c.Brokers, graph, append(base, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return proc
}

// runCopier runs a copier until it fails, or until done returns.
func runCopier(t *testing.T, c topology.Cluster, group topology.Group, done func(), opts ...goka.ProcessorOption) error {
	t.Helper()
	return runProcessor(t, newCopier(t, c, group, opts...), done)
}

// followUntil reads the output until all of the numbers have come, and notes all it sees.
func followUntil(t *testing.T, c topology.Cluster, out topology.Topic, seen map[int]bool, numbers ...int) {
	r, err := topology.NewReader(t.Context(), c, out, topology.From{})
	if err != nil {
		t.Error(err)
		return
	}
	defer r.Close()
	for slices.ContainsFunc(numbers, func(n int) bool { return !seen[n] }) {
		records, err := r.Poll(t.Context())
		if err != nil {
			t.Error(err)
			return
		}
		for _, rec := range records {
			n, _ := strconv.Atoi(string(rec.Value))
			seen[n] = true
		}
	}
}

func publishNumbers(t testing.TB, c topology.Cluster, from, to int) {
	t.Helper()
	messages := make([]topology.Message, 0, to-from)
	for i := from; i < to; i++ {
		n := strconv.Itoa(i)
		messages = append(messages, topology.Message{Topic: topology.AttackerCommand, Key: n, Value: []byte(n)})
	}
	if _, err := topologytest.Producer(t, c).ProduceSync(t.Context(), messages...); err != nil {
		t.Fatal(err)
	}
}

// failingProducers makes producers that hold the emit of one key back until proofBehind others behind it are
// acknowledged, and then fail it.
func failingProducers(c topology.Cluster) goka.ProducerBuilder {
	return func(brokers []string, clientID string, hasher func() hash.Hash32) (goka.Producer, error) {
		p, err := goka.ProducerBuilderWithConfig(topology.SaramaConfig(c))(brokers, clientID, hasher)
		return &failingProducer{Producer: p}, err
	}
}

type failingProducer struct {
	goka.Producer
	mu     sync.Mutex
	fail   goka.PromiseFinisher
	behind int
}

func (p *failingProducer) EmitWithHeaders(topic, key string, value []byte, headers goka.Headers) *goka.Promise {
	if key == strconv.Itoa(proofFailsAt) {
		promise, finish := goka.NewPromiseWithFinisher()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.fail = finish
		return promise
	}
	return p.Producer.EmitWithHeaders(topic, key, value, headers).Then(func(error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.fail == nil {
			return
		}
		if p.behind++; p.behind == proofBehind {
			go p.fail(nil, errEmit) // not under the lock: goka's callbacks come with it
		}
	})
}
