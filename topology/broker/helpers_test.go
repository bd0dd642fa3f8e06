package broker

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// patience is how long a test waits for what must come: long, because a test
// that passes does not use it.
const patience = 60 * time.Second

var verbose = flag.Bool("broker.log", false, "log what the brokers of the tests say")

func testContext(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func testLogger(t testing.TB) *slog.Logger {
	if !*verbose {
		return nil
	}
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// start starts a broker that the test's end closes.
func start(t testing.TB, o Options) *Broker {
	t.Helper()
	if o.Logger == nil {
		o.Logger = testLogger(t)
	}
	b, err := Start(testContext(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() }) // a test that minds closes by itself
	return b
}

func mustClose(t testing.TB, b *Broker) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

// client returns a client that partitions by hand.
func client(t testing.TB, addrs []string, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	base := []kgo.Opt{
		kgo.SeedBrokers(addrs...),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerBatchCompression(kgo.NoCompression()),
		kgo.MaxVersions(kversion.V3_0_0()), // requests with topic names, not ids
		kgo.FetchMaxWait(100 * time.Millisecond),
		kgo.RetryTimeout(patience),
	}
	cl, err := kgo.NewClient(append(base, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.Close)
	return cl
}

// createTopic makes a topic with settings given as "key=value".
func createTopic(t testing.TB, addrs []string, name string, partitions int32, settings ...string) {
	t.Helper()
	configs := make(map[string]*string)
	for _, s := range settings {
		k, v, _ := strings.Cut(s, "=")
		configs[k] = &v
	}
	adm := kadm.NewClient(client(t, addrs))
	if _, err := adm.CreateTopic(testContext(t), partitions, 1, configs, name); err != nil {
		t.Fatal(err)
	}
}

// produce sends each batch of records as one request and waits for it.
func produce(t testing.TB, cl *kgo.Client, batches ...[]*kgo.Record) {
	t.Helper()
	for _, records := range batches {
		if err := cl.ProduceSync(testContext(t), records...).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

func record(topic string, key, value string) *kgo.Record {
	return &kgo.Record{Topic: topic, Key: []byte(key), Value: []byte(value)}
}

func tombstone(topic, key string) *kgo.Record {
	return &kgo.Record{Topic: topic, Key: []byte(key)}
}

// bounds returns the first and the next offset of a partition.
func bounds(t testing.TB, cl *kgo.Client, topic string, partition int32) (start, end int64) {
	t.Helper()
	adm := kadm.NewClient(cl)
	starts, err := adm.ListStartOffsets(testContext(t), topic)
	if err == nil {
		err = starts.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	ends, err := adm.ListEndOffsets(testContext(t), topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	s, _ := starts.Lookup(topic, partition)
	e, _ := ends.Lookup(topic, partition)
	return s.Offset, e.Offset
}

// readFrom fetches what is in a partition from an offset up to its end, request
// by request: no client's idea of when to give up comes between.
func readFrom(t testing.TB, cl *kgo.Client, topic string, partition int32, offset int64, isolation int8) []*kgo.Record {
	t.Helper()
	_, end := bounds(t, cl, topic, partition)
	opts := kgo.ProcessFetchPartitionOpts{Topic: topic, Partition: partition, Offset: offset}
	if isolation == 1 {
		opts.IsolationLevel = kgo.ReadCommitted()
		end = fetchOnce(t, cl, topic, partition, offset, isolation).LastStableOffset
	}
	var all []*kgo.Record
	for opts.Offset < end {
		resp := fetchOnce(t, cl, topic, partition, opts.Offset, isolation)
		if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
			t.Fatalf("fetch %s-%d at %d: %v", topic, partition, opts.Offset, err)
		}
		if isolation == 1 && len(resp.RecordBatches) == 0 {
			break // what is left is not decided
		}
		before := opts.Offset
		got, next := kgo.ProcessFetchPartition(opts, &resp, kgo.DefaultDecompressor(), nil)
		if got.Err != nil {
			t.Fatalf("fetch %s-%d at %d: %v", topic, partition, before, got.Err)
		}
		all = append(all, got.Records...)
		if next == before {
			t.Fatalf("fetch %s-%d at %d: no progress towards %d", topic, partition, before, end)
		}
		opts.Offset = next
	}
	return all
}

func readAll(t testing.TB, cl *kgo.Client, topic string, partition int32) []*kgo.Record {
	t.Helper()
	s, _ := bounds(t, cl, topic, partition)
	return readFrom(t, cl, topic, partition, s, 0)
}

func fetchOnce(t testing.TB, cl *kgo.Client, topic string, partition int32, offset int64, isolation int8) kmsg.FetchResponseTopicPartition {
	t.Helper()
	req := kmsg.NewPtrFetchRequest()
	req.MaxWaitMillis, req.MinBytes, req.MaxBytes = 0, 1, 8<<20
	req.IsolationLevel, req.SessionEpoch = isolation, -1
	rt := kmsg.NewFetchRequestTopic()
	rt.Topic = topic
	rp := kmsg.NewFetchRequestTopicPartition()
	rp.Partition, rp.FetchOffset, rp.PartitionMaxBytes, rp.CurrentLeaderEpoch = partition, offset, 1<<20, -1
	rt.Partitions = append(rt.Partitions, rp)
	req.Topics = append(req.Topics, rt)
	resp, err := cl.Broker(0).RetriableRequest(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.(*kmsg.FetchResponse).Topics[0].Partitions[0]
}

// image copies a data directory as a kill at this moment would leave it.
func image(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "image")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// errCrash is what a test's step returns to stop a recovery where a kill would.
var errCrash = errors.New("crash")

// crashAt returns a step that crashes at the n-th, and what it would have done.
func crashAt(n int64) (step func(string) error, crashed func() string) {
	var count atomic.Int64
	var name atomic.Value
	step = func(s string) error {
		switch c := count.Add(1); {
		case c < n:
			return nil
		case c == n:
			name.Store(s)
		}
		return errCrash // also to those that come after: a dead process does nothing
	}
	return step, func() string {
		s, _ := name.Load().(string)
		return s
	}
}

// texts are the records as "offset key=value", tombstones as "offset key".
func texts(records []*kgo.Record) []string {
	var out []string
	for _, r := range records {
		s := fmt.Sprintf("%d %s", r.Offset, r.Key)
		if r.Value != nil {
			s += "=" + string(r.Value)
		}
		out = append(out, s)
	}
	return out
}
