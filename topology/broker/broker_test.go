package broker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/goleak"
)

func TestMemoryBrokerServes(t *testing.T) {
	t.Parallel()
	b := start(t, Options{})
	if len(b.Addrs()) != 1 || !strings.HasPrefix(b.Addrs()[0], "127.0.0.1:") {
		t.Fatalf("Addrs() = %q, want one on loopback", b.Addrs())
	}
	createTopic(t, b.Addrs(), "t", 1)
	cl := client(t, b.Addrs())
	produce(t, cl, []*kgo.Record{record("t", "a", "1"), record("t", "b", "2")})
	if diff := cmp.Diff([]string{"0 a=1", "1 b=2"}, texts(readAll(t, cl, "t", 0))); diff != "" {
		t.Error(diff)
	}
	mustClose(t, b)
	mustClose(t, b)
	<-b.Done()
	if err := b.Err(); err != nil {
		t.Errorf("Err() after Close = %v, want nil", err)
	}
}

func TestTopicsAreNotCreatedByAsking(t *testing.T) {
	t.Parallel()
	b := start(t, Options{})
	cl := client(t, b.Addrs(), kgo.AllowAutoTopicCreation(), kgo.UnknownTopicRetries(0))
	err := cl.ProduceSync(testContext(t), record("t", "a", "1")).FirstErr()
	if !errors.Is(err, kerr.UnknownTopicOrPartition) {
		t.Errorf("produce to no topic = %v, want %v", err, kerr.UnknownTopicOrPartition)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"Port":         {Port: 70000},
		"SegmentBytes": {SegmentBytes: -1},
	} {
		if _, err := Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("Start with a bad %s = %v, want an error that names it", name, err)
		}
	}
}

func TestPortTaken(t *testing.T) {
	t.Parallel()
	b := start(t, Options{})
	port := b.ln.Addr().(*net.TCPAddr).Port
	dir := t.TempDir()
	if _, err := Start(t.Context(), Options{Port: port, DataDir: dir}); err == nil {
		t.Fatal("Start on a taken port succeeded")
	}
	start(t, Options{DataDir: dir}) // the failed start let go of the directory
}

func TestStartEndsWithItsContext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustClose(t, start(t, Options{DataDir: dir}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Options{DataDir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("Start = %v, want %v", err, context.Canceled)
	}
}

func TestDirectoryIsLocked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := start(t, Options{DataDir: dir})
	_, err := Start(t.Context(), Options{DataDir: dir})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("second Start = %v, want %v naming the process", err, ErrLocked)
	}
	mustClose(t, b)
	mustClose(t, start(t, Options{DataDir: dir}))
}

func TestRestartKeepsEverything(t *testing.T) {
	t.Parallel()
	for _, sync := range []bool{false, true} {
		t.Run(fmt.Sprint("SyncWrites=", sync), func(t *testing.T) {
			t.Parallel()
			testRestart(t, Options{DataDir: filepath.Join(t.TempDir(), "data"), SyncWrites: sync})
		})
	}
}

func testRestart(t *testing.T, o Options) {
	b := start(t, o)
	createTopic(t, b.Addrs(), "t", 2, "cleanup.policy=compact", "min.compaction.lag.ms=5")
	cl := client(t, b.Addrs())
	produce(t, cl, []*kgo.Record{record("t", "a", "1")}, []*kgo.Record{record("t", "a", "2")})
	commit(t, cl, "g", "t", 0, 1)
	mustClose(t, b)

	b = start(t, o)
	cl = client(t, b.Addrs())
	if diff := cmp.Diff([]string{"0 a=1", "1 a=2"}, texts(readAll(t, cl, "t", 0))); diff != "" {
		t.Error(diff)
	}
	if got := committed(t, cl, "g", "t", 0); got != 1 {
		t.Errorf("committed offset = %d, want 1", got)
	}
	cfgs, err := kadm.NewClient(cl).DescribeTopicConfigs(testContext(t), "t")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cfgs[0].Configs, func(c kadm.Config) bool { return c.Key == "min.compaction.lag.ms" })
	if i < 0 || cfgs[0].Configs[i].MaybeValue() != "5" {
		t.Errorf("topic's settings after a restart = %v", cfgs[0].Configs)
	}
	if info, err := os.Stat(o.DataDir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("data directory's mode = %v, %v, want 0700", info.Mode(), err)
	}
}

func TestCloseLeavesNothingRunning(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	b, err := Start(t.Context(), Options{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	cl, err := kgo.NewClient(kgo.SeedBrokers(b.Addrs()...))
	if err != nil {
		t.Fatal(err)
	}
	if err := cl.Ping(testContext(t)); err != nil {
		t.Fatal(err)
	}
	cl.Close()
	mustClose(t, b)
}

// tryCommit commits one offset as a tool does, outside any group membership.
// (kadm's CommitOffsets would answer UNKNOWN_TOPIC_OR_PARTITION by itself when
// it cannot reach the broker.)
func tryCommit(ctx context.Context, cl *kgo.Client, group, topic string, partition int32, offset int64) error {
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Group, req.Generation = group, -1
	rt := kmsg.NewOffsetCommitRequestTopic()
	rt.Topic = topic
	rp := kmsg.NewOffsetCommitRequestTopicPartition()
	rp.Partition, rp.Offset = partition, offset
	rt.Partitions = append(rt.Partitions, rp)
	req.Topics = append(req.Topics, rt)
	resp, err := req.RequestWith(ctx, cl)
	if err != nil {
		return err
	}
	return kerr.ErrorForCode(resp.Topics[0].Partitions[0].ErrorCode)
}

func commit(t testing.TB, cl *kgo.Client, group, topic string, partition int32, offset int64) {
	t.Helper()
	if err := tryCommit(testContext(t), cl, group, topic, partition, offset); err != nil {
		t.Fatal(err)
	}
}

// committed returns a group's offset, -1 if there is none.
func committed(t testing.TB, cl *kgo.Client, group, topic string, partition int32) int64 {
	t.Helper()
	resp, err := kadm.NewClient(cl).FetchOffsets(testContext(t), group)
	if err == nil {
		err = resp.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	o, ok := resp.Lookup(topic, partition)
	if !ok {
		return -1
	}
	return o.At
}
