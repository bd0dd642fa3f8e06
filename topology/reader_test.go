package topology_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestWhatIsPublishedIsRead(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.Tagged)
		before := time.Now()
		sent := []topology.Message{
			{Topic: topology.Tagged, Key: "a", Value: []byte("1"), Headers: []topology.Header{{Key: "run_id", Value: []byte("r")}}},
			{Topic: topology.Tagged, Key: "a", Value: nil},
			{Topic: topology.Tagged, Key: "a", Value: []byte{}},
			{Topic: topology.Tagged, Key: "elsewhere", Value: []byte("4"), Pinned: true, Partition: 3},
		}
		published, err := topologytest.Producer(t, c).ProduceSync(t.Context(), sent...)
		if err != nil {
			t.Fatal(err)
		}
		read := readAll(t, c, topology.Tagged, topology.From{})
		if len(read) != len(sent) {
			t.Fatalf("read %d records, published %d", len(read), len(sent))
		}
		for i, p := range published {
			at := slices.IndexFunc(read, func(r topology.Record) bool { return r.Where() == p.Where() })
			if at < 0 {
				t.Fatalf("%s was published and is not there", p.Where())
			}
			r := read[at]
			if r.Topic != "ttp.tagged" || r.Key != sent[i].Key || !bytes.Equal(r.Value, sent[i].Value) || (r.Value == nil) != (sent[i].Value == nil) {
				t.Errorf("published %+v, read %+v", sent[i], r)
			}
			if diff := cmp.Diff(sent[i].Headers, r.Headers); diff != "" {
				t.Errorf("headers differ: %s", diff)
			}
			// The broker's time, to the millisecond.
			if r.Timestamp.Before(before.Truncate(time.Millisecond)) || r.Timestamp.After(time.Now().Add(time.Second)) {
				t.Errorf("timestamp %v is not when the broker took the record", r.Timestamp)
			}
		}
		if published[3].Partition != 3 {
			t.Errorf("pinned to partition 3, went to %d", published[3].Partition)
		}
	})
}

func TestReaderGoesOnWhereItIsTold(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.RuleHistory)
		for i := range 10 {
			publish(t, c, topology.RuleHistory, "k", fmt.Sprint(i))
		}
		if got := values(readAll(t, c, topology.RuleHistory, topology.From{Offsets: map[int32]int64{0: 7}})); !slices.Equal(got, []string{"7", "8", "9"}) {
			t.Errorf("from 7: %v", got)
		}
		if got := readAll(t, c, topology.RuleHistory, topology.From{End: true}); len(got) != 0 {
			t.Errorf("from the end: %v", values(got))
		}
		admin := topologytest.Admin(t, c)
		if err := admin.DeleteRecords(t.Context(), topology.RuleHistory, map[int32]int64{0: 4}); err != nil {
			t.Fatal(err)
		}
		if got := values(readAll(t, c, topology.RuleHistory, topology.From{})); len(got) != 6 {
			t.Errorf("after deleting four of ten: %v", got)
		}
		_, err := topology.NewReader(t.Context(), c, topology.RuleHistory, topology.From{Offsets: map[int32]int64{0: 2}})
		if !errors.Is(err, topology.ErrOffsetLost) || !containsText(err, "it wants offset 2 and the broker has 4 up to 10") {
			t.Errorf("from a deleted offset: %v", err)
		}
	})
}

// A reader that is overtaken by a deletion stops; it does not go on behind the gap. The records are more than
// it fetches ahead.
func TestReaderStopsWhereRecordsWentAway(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.RuleHistory)
		r, err := topology.NewReader(t.Context(), c, topology.RuleHistory, topology.From{})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		const records = 24
		for range records {
			publish(t, c, topology.RuleHistory, "k", string(noise(900<<10)))
		}
		if err := topologytest.Admin(t, c).DeleteRecords(t.Context(), topology.RuleHistory, map[int32]int64{0: records - 1}); err != nil {
			t.Fatal(err)
		}
		for next := int64(0); ; {
			got, err := r.Poll(t.Context())
			if errors.Is(err, topology.ErrOffsetLost) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, rec := range got {
				if rec.Offset != next {
					t.Fatalf("went on at %d, behind a gap from %d", rec.Offset, next)
				}
				next++
			}
		}
	})
}

// noise is data that no codec makes smaller.
func noise(n int) []byte {
	data := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(data)
	return data
}

// What a transaction aborted is never seen, and neither its marker nor that of a commit keeps anybody waiting,
// even as the last record of the topic.
func TestForeignTransactionsDoNoHarm(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.Rules)
		publish(t, c, topology.Rules, "a", "plain")
		transact(t, c, topology.Rules, "committed", kgo.TryCommit)
		if got := values(readAll(t, c, topology.Rules, topology.From{})); !slices.Equal(got, []string{"plain", "committed"}) {
			t.Errorf("with a commit marker last: %v", got)
		}
		transact(t, c, topology.Rules, "aborted", kgo.TryAbort)
		transact(t, c, topology.Rules, "aborted", kgo.TryAbort)
		if got := values(readAll(t, c, topology.Rules, topology.From{})); !slices.Equal(got, []string{"plain", "committed"}) {
			t.Errorf("with aborted records last: %v", got)
		}
		publish(t, c, topology.Rules, "a", "after")
		if got := values(readAll(t, c, topology.Rules, topology.From{})); !slices.Equal(got, []string{"plain", "committed", "after"}) {
			t.Errorf("with a record behind them: %v", got)
		}
	})
}

func TestRecordsThatAreTooLargeAreRefusedBeforeTheyTravel(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		c.MaxRecordBytes = 100 << 10
		topologytest.Provision(t, c, topology.Tagged)
		p := topologytest.Producer(t, c)
		size := sort.Search(c.MaxRecordBytes, func(n int) bool { return c.CheckSize(topology.Tagged, "k", make([]byte, n+1)) != nil })
		if _, err := p.ProduceSync(t.Context(), topology.Message{Topic: topology.Tagged, Key: "k", Value: noise(size)}); err != nil {
			t.Errorf("the largest record that CheckSize lets through (%d bytes) was refused: %v", size, err)
		}
		_, err := p.ProduceSync(t.Context(), topology.Message{Topic: topology.Tagged, Key: "k", Value: make([]byte, size+1)})
		if !errors.Is(err, topology.ErrTooLarge) || !containsText(err, "ttp.tagged takes 102400 bytes") {
			t.Errorf("one byte more: %v", err)
		}
	})
}

func publish(t *testing.T, c topology.Cluster, topic topology.Topic, key, value string) {
	t.Helper()
	if _, err := topologytest.Producer(t, c).ProduceSync(t.Context(), topology.Message{Topic: topic, Key: key, Value: []byte(value)}); err != nil {
		t.Fatal(err)
	}
}

func readAll(t *testing.T, c topology.Cluster, topic topology.Topic, from topology.From) (all []topology.Record) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	r, err := topology.NewReader(ctx, c, topic, from)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.ReadToEnd(ctx, func(rec topology.Record) error { all = append(all, rec); return nil }); err != nil {
		t.Fatalf("reading %s to its end: %v (at %v)", topic, err, r.Next())
	}
	return all
}

func values(records []topology.Record) (vs []string) {
	for _, r := range records {
		vs = append(vs, string(r.Value))
	}
	return vs
}

// transact publishes one record as a transactional client does that knows nothing of this package.
func transact(t *testing.T, c topology.Cluster, topic topology.Topic, value string, end kgo.TransactionEndTry) {
	t.Helper()
	cl, err := kgo.NewClient(kgo.SeedBrokers(c.Brokers...), kgo.TransactionalID(c.Namespace+"foreign"))
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	if err := cl.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := cl.ProduceSync(t.Context(), &kgo.Record{Topic: c.Topic(topic), Key: []byte("a"), Value: []byte(value)}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if err := cl.EndTransaction(t.Context(), end); err != nil {
		t.Fatal(err)
	}
}
