package broker

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/IBM/sarama"
	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

// gappy starts a broker whose topic was compacted, with gaps at its beginning,
// in batches and between them, and returns what is in it.
func gappy(t *testing.T) (addrs, want []string) {
	dir := t.TempDir()
	b := start(t, compacting(dir))
	createTopic(t, b.Addrs(), "t", 1, "cleanup.policy=compact", "segment.bytes=400")
	cl := client(t, b.Addrs())
	for i := range 30 {
		var batch []*kgo.Record
		for _, k := range []string{"first", "i" + strconv.Itoa(i/10), "n" + strconv.Itoa(i), "last"} {
			batch = append(batch, record("t", k, strconv.Itoa(i)))
		}
		if i%5 == 0 {
			batch = append(batch, tombstone("t", "n"+strconv.Itoa(i-1)))
		}
		produce(t, cl, batch)
	}
	mustClose(t, b)
	b = start(t, compacting(dir))
	cl = client(t, b.Addrs())
	want = texts(readAll(t, cl, "t", 0))
	_, end := bounds(t, cl, "t", 0)
	if len(want) >= 100 || end != 126 || want[0][0] == '0' {
		t.Fatalf("nothing was compacted: %d records to %d, the first %q", len(want), end, want[0])
	}
	return b.Addrs(), want
}

func TestKgoReadsOverGaps(t *testing.T) {
	t.Parallel()
	addrs, want := gappy(t)
	for _, from := range []int64{0, 1, 3, 60, 100} {
		cl := client(t, addrs, kgo.ConsumeResetOffset(kgo.NoResetOffset()),
			kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{"t": {0: kgo.NewOffset().At(from)}}))
		var got []*kgo.Record
		for len(got) == 0 || got[len(got)-1].Offset != 125 {
			fs := cl.PollFetches(testContext(t))
			if err := fs.Err(); err != nil {
				t.Fatal(err)
			}
			got = append(got, fs.Records()...)
		}
		if diff := cmp.Diff(since(want, from), texts(got)); diff != "" {
			t.Errorf("from %d: %s", from, diff)
		}
	}
}

func TestSaramaReadsOverGaps(t *testing.T) {
	t.Parallel()
	addrs, want := gappy(t)
	cfg := saramaConfig()
	cfg.Consumer.Fetch.Default = 200 // so that a fetch ends within gaps
	c, err := sarama.NewConsumer(addrs, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, from := range []int64{0, 1, 3, 60, 100} {
		pc, err := c.ConsumePartition("t", 0, from)
		if err != nil {
			t.Fatal(err)
		}
		var got []*kgo.Record
		for ctx := testContext(t); len(got) == 0 || got[len(got)-1].Offset != 125; {
			select {
			case m := <-pc.Messages():
				got = append(got, &kgo.Record{Offset: m.Offset, Key: m.Key, Value: m.Value})
			case <-ctx.Done():
				t.Fatalf("from %d: got %q", from, texts(got))
			}
		}
		if err := pc.Close(); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(since(want, from), texts(got)); diff != "" {
			t.Errorf("from %d: %s", from, diff)
		}
	}
}

func saramaConfig() *sarama.Config {
	cfg := sarama.NewConfig()
	cfg.Version = sarama.V2_8_0_0
	cfg.Consumer.MaxWaitTime = 10 * time.Millisecond
	return cfg
}

// since are the records from an offset on.
func since(texts []string, offset int64) []string {
	for i, s := range texts {
		var at int64
		for _, c := range s {
			if c < '0' || c > '9' {
				break
			}
			at = 10*at + int64(c-'0')
		}
		if at >= offset {
			return texts[i:]
		}
	}
	return nil
}

// A log that a loss of power shortened has an empty batch over what is gone.
func TestClientsPassEmptyBatches(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := start(t, Options{DataDir: dir})
	createTopic(t, b.Addrs(), "t", 1)
	mustClose(t, b)
	s := snapshot{Version: formatVersion, HighWatermark: 50, LastStableOffset: 50}
	if err := writeJSON(filepath.Join(partitionDir(dir, "t", 0), snapshotFile), s, false); err != nil {
		t.Fatal(err)
	}
	b = start(t, Options{DataDir: dir})
	produce(t, client(t, b.Addrs()), []*kgo.Record{record("t", "a", "1")})

	cl := client(t, b.Addrs(), kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{"t": {0: kgo.NewOffset().AtStart()}}))
	if diff := cmp.Diff([]string{"50 a=1"}, texts(cl.PollFetches(testContext(t)).Records())); diff != "" {
		t.Errorf("kgo: %s", diff)
	}
	c, err := sarama.NewConsumer(b.Addrs(), saramaConfig())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	pc, err := c.ConsumePartition("t", 0, sarama.OffsetOldest)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case m := <-pc.Messages():
		if m.Offset != 50 {
			t.Errorf("Sarama reads offset %d, want 50", m.Offset)
		}
	case <-testContext(t).Done():
		t.Error("Sarama reads nothing")
	}
	if err := pc.Close(); err != nil {
		t.Error(err)
	}
}
