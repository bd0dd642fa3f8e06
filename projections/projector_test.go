package projections_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// A first start reads everything; a second goes on where the first stopped; a
// database that was deleted comes back as it was.
func TestProjectorStartsRestartsAndRebuilds(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		provision(t, c)
		tagged, history := projectiontest.Eventful(t)
		half := len(tagged.Messages()) / 2
		send(t, c, tagged.Messages()[:half]...)
		send(t, c, history.Messages()...)
		path := newLedger(t)
		first := startProjector(t, c, openLedger(t, path))
		first.caughtUp()
		first.stop()
		send(t, c, tagged.Messages()[half:]...)
		store := openLedger(t, path)
		second := startProjector(t, c, store)
		second.caughtUp()
		if got := second.metrics.Counts(); got.Tags+got.Retractions != int64(len(tagged.Messages())-half) || got.Changes != 0 {
			t.Errorf("the second start read more than was new: %+v", got)
		}
		want := check(t, store, tagged)
		rebuilt := openLedger(t, newLedger(t))
		startProjector(t, c, rebuilt).caughtUp()
		projectiontest.Same(t, "rebuilt from the topics", want, check(t, rebuilt, tagged))
		if rules := want["rule_version"]; strings.HasPrefix(rules, "0 rows") {
			t.Error("no rules were projected")
		}
	})
}

// What comes twice changes no rollup.
func TestProjectorTakesCopiesOnce(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		provision(t, c)
		logs := traffic(t, 0, 200)
		send(t, c, messagesOf(logs)...)
		store := openLedger(t, newLedger(t))
		running := startProjector(t, c, store)
		running.caughtUp()
		before := check(t, store, logs...)
		send(t, c, messagesOf(logs)...)
		running.caughtUp()
		projectiontest.Same(t, "after the same again", before, check(t, store, logs...))
		var repeats int64
		positions, err := store.Positions(t.Context())
		for _, p := range positions {
			repeats += p.Repeats
		}
		if err != nil || repeats != 200 {
			t.Errorf("%d repeats counted, %v", repeats, err)
		}
	})
}

// Words and tags come in another order on each partition, and the ledger is
// what the model says.
func TestProjectorHeedsRetractionsInAnyOrder(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		provision(t, c)
		logs := make([]*projectiontest.Log, topologytest.Partitions)
		for partition := range logs {
			records := []any{
				projectiontest.RetractRule(5, 1, 1, false), projectiontest.RetractRule(9, 1, 1, true), projectiontest.RetractRule(7, 2, 0, false),
			}
			for event := range 8 {
				for version := range int64(2) {
					f := projectiontest.Finding{Event: 100*partition + event, Rule: 1 + event%2, Version: 1 + version, Step: 70}
					records = append(records, f.Tag(t))
				}
			}
			logs[partition] = projectiontest.NewLog(t, topology.Tagged, int32(partition))
			for i := range records {
				logs[partition].Add(records[(i*7+partition*5)%len(records)])
			}
		}
		send(t, c, messagesOf(logs)...)
		store := openLedger(t, newLedger(t))
		startProjector(t, c, store, func(o *projections.ProjectorOptions) { o.MaxBatch = 3 }).caughtUp()
		check(t, store, logs...)
	})
}

// Links of attackers are projected beside their tags.
func TestProjectorLinksAttackers(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		provision(t, c)
		logs := traffic(t, 0, 100)
		send(t, c, messagesOf(logs)...)
		store := openLedger(t, newLedger(t))
		running := startProjector(t, c, store)
		identity, attacker := schematest.ID("identity"), projectiontest.Finding{Event: 1}.Attacker()
		link := func(key string) topology.Message {
			raw, err := schemas.EncodeJSON(&schemas.IdentityLink{AttackerUUID: attacker, IdentityUUID: identity, LinkedAt: schematest.Time})
			if err != nil {
				t.Fatal(err)
			}
			return topology.Message{Topic: topology.AttackerIdentity, Key: key, Value: raw}
		}
		tags := func() (n int64) {
			running.caughtUp()
			rollups, err := store.IdentityTechniques(t.Context(), identity, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rollups {
				n += r.Tags
			}
			return n
		}
		send(t, c, link(attacker.String()), link("another"))
		if got := tags(); got != 20 {
			t.Errorf("%d tags of the identity, want 20", got)
		}
		send(t, c, topology.Message{Topic: topology.AttackerIdentity, Key: attacker.String()})
		if got := tags(); got != 0 {
			t.Errorf("%d tags after the link was taken back", got)
		}
		if got := running.metrics.Counts(); got.Links != 2 || got.Refused != 1 {
			t.Errorf("counts %+v", got)
		}
		check(t, store, logs...)
	})
}

// What is none of ours goes to the dead letters with its coordinates, is
// counted, and holds nobody up.
func TestProjectorRefusesBrokenRecords(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		provision(t, c)
		tag := projectiontest.NewLog(t, topology.Tagged, 1).Find(projectiontest.Finding{Event: 1, Step: 90}).Messages()[0]
		broken := func(topic topology.Topic, partition int32, value []byte) topology.Message {
			return topology.Message{Topic: topic, Key: "k", Value: value, Pinned: true, Partition: partition}
		}
		large := make([]byte, 900<<10)
		send(t, c, broken(topology.Tagged, 1, []byte("\xff{")), tag, broken(topology.Tagged, 1, nil), broken(topology.Tagged, 2, []byte(`{"uuid":"no"}`)),
			broken(topology.Tagged, 1, large), broken(topology.RuleHistory, 0, []byte(`[]`)))
		store := openLedger(t, newLedger(t))
		running := startProjector(t, c, store)
		running.caughtUp()
		if got := running.metrics.Counts(); got.Tags != 1 || got.Refused != 5 {
			t.Errorf("counts %+v", got)
		}
		positions, err := store.Positions(t.Context())
		refused := make(map[string]int64)
		for _, p := range positions {
			if p.Refused > 0 {
				refused[p.TopicPartition.String()] = p.Refused
			}
		}
		if err != nil || refused["ttp.tagged/1"] != 3 || refused["ttp.tagged/2"] != 1 || refused["ttp.rule.history/0"] != 1 {
			t.Errorf("positions say %v, %v", refused, err)
		}
		keys := make(map[string]*schemas.DeadLetter)
		for _, r := range readAll(t, c, topology.DeadLetter) {
			letter, err := schemas.Decode[schemas.DeadLetter](r.Value)
			if err != nil {
				t.Fatal(err)
			}
			keys[r.Key] = letter
		}
		for _, key := range []string{"ttp.tagged/1/0", "ttp.tagged/1/2", "ttp.tagged/1/3", "ttp.tagged/2/0", "ttp.rule.history/0/0"} {
			if letter := keys[key]; letter == nil || letter.Detail == "" || letter.Stage != schemas.StageDecode {
				t.Errorf("dead letter of %s: %+v", key, letter)
			}
		}
		if len(keys) != 5 || keys["ttp.tagged/1/3"].Size != int64(len(large)) {
			t.Errorf("%d dead letters", len(keys))
		}
	})
}

// A ledger that is further than the topic belongs to another Kafka: the
// projector ends and says so.
func TestProjectorStopsWhereRecordsAreGone(t *testing.T) {
	t.Parallel()
	c := topologytest.Embedded(t)
	provision(t, c)
	store := openLedger(t, newLedger(t))
	traffic(t, 0, 20)[0].Write(store)
	running := startProjector(t, c, store)
	<-running.done
	running.once.Do(func() {})
	if !errors.Is(running.err, topology.ErrOffsetLost) || !strings.Contains(running.err.Error(), "another Kafka") {
		t.Errorf("it ended with %v", running.err)
	}
}

func TestProjectorOptions(t *testing.T) {
	t.Parallel()
	store := openLedger(t, newLedger(t))
	for what, o := range map[string]projections.ProjectorOptions{
		"store":     {Cluster: topology.Cluster{Brokers: []string{"127.0.0.1:1"}}},
		"brokers":   {Store: store},
		"max_batch": {Cluster: topology.Cluster{Brokers: []string{"127.0.0.1:1"}}, Store: store, MaxBatch: -1},
	} {
		if _, err := projections.NewProjector(o); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func readAll(tb testing.TB, c topology.Cluster, topic topology.Topic) (all []topology.Record) {
	tb.Helper()
	r, err := topology.NewReader(tb.Context(), c, topic, topology.From{})
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Close()
	if err := r.ReadToEnd(tb.Context(), func(rec topology.Record) error { all = append(all, rec); return nil }); err != nil {
		tb.Fatal(err)
	}
	return all
}
