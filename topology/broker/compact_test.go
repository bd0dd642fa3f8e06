package broker

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

// compacting are options with which every start compacts.
func compacting(dir string) Options { return Options{DataDir: dir, CompactMinBytes: 1} }

func TestCompactionKeepsTheLastOfEachKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := start(t, compacting(dir))
	createTopic(t, b.Addrs(), "t", 1, "cleanup.policy=compact", "segment.bytes=200")
	createTopic(t, b.Addrs(), "plain", 1)
	cl := client(t, b.Addrs())
	for i := range 20 {
		for _, topic := range []string{"t", "plain"} {
			produce(t, cl, []*kgo.Record{record(topic, "a", strconv.Itoa(i)), record(topic, "b"+strconv.Itoa(i/7), "x")})
		}
	}
	mustClose(t, b)
	b = start(t, compacting(dir))
	cl = client(t, b.Addrs())
	// The last batch, 38 and 39, supersedes nothing yet.
	want := []string{"13 b0=x", "27 b1=x", "36 a=18", "37 b2=x", "38 a=19", "39 b2=x"}
	if diff := cmp.Diff(want, texts(readAll(t, cl, "t", 0))); diff != "" {
		t.Error(diff)
	}
	if s, e := bounds(t, cl, "t", 0); s != 0 || e != 40 {
		t.Errorf("the log is [%d,%d), want [0,40) as before", s, e)
	}
	if got := len(readAll(t, cl, "plain", 0)); got != 40 {
		t.Errorf("a topic that is not compacted has %d records, want 40", got)
	}
	produce(t, cl, []*kgo.Record{record("t", "c", "new")})
	if s, e := bounds(t, cl, "t", 0); s != 0 || e != 41 {
		t.Errorf("the log is [%d,%d), want [0,41)", s, e)
	}
}

func TestCompactionSkipsWhatIsSmall(t *testing.T) {
	t.Parallel()
	for name, least := range map[string]int64{"by default": 0, "when told never to": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			b := start(t, Options{DataDir: dir, CompactMinBytes: least})
			createTopic(t, b.Addrs(), "t", 1, "cleanup.policy=compact")
			cl := client(t, b.Addrs())
			for i := range 5 {
				produce(t, cl, []*kgo.Record{record("t", "a", strconv.Itoa(i))})
			}
			mustClose(t, b)
			b = start(t, Options{DataDir: dir, CompactMinBytes: least})
			if got := len(readAll(t, client(t, b.Addrs()), "t", 0)); got != 5 {
				t.Errorf("%d records, want 5", got)
			}
		})
	}
}

func TestCompactionRespectsLag(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := start(t, compacting(dir))
	createTopic(t, b.Addrs(), "t", 1, "cleanup.policy=compact", "min.compaction.lag.ms=3600000")
	cl := client(t, b.Addrs())
	for i, age := range []time.Duration{3 * time.Hour, 2 * time.Hour, time.Minute, 0, 0} {
		r := record("t", "a", strconv.Itoa(i))
		r.Timestamp = time.Now().Add(-age)
		produce(t, cl, []*kgo.Record{r})
	}
	mustClose(t, b)
	b = start(t, compacting(dir))
	// 0 is superseded by 1. What is younger than the lag stays and supersedes nothing.
	want := []string{"1 a=1", "2 a=2", "3 a=3", "4 a=4"}
	if diff := cmp.Diff(want, texts(readAll(t, client(t, b.Addrs()), "t", 0))); diff != "" {
		t.Error(diff)
	}
}

// A tombstone stays for delete.retention.ms after the first compaction that
// meets it, however old it is by then.
func TestTombstonesOutliveTheirFirstCompaction(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := time.Now()
	opts := func() Options {
		o := compacting(dir)
		now := at
		o.now = func() time.Time { return now }
		return o
	}
	b := start(t, opts())
	createTopic(t, b.Addrs(), "t", 1, "cleanup.policy=compact", "delete.retention.ms=3600000")
	cl := client(t, b.Addrs())
	old := func(r *kgo.Record) *kgo.Record { r.Timestamp = at.Add(-1000 * time.Hour); return r }
	produce(t, cl, []*kgo.Record{old(record("t", "a", "1")), old(tombstone("t", "a")), old(record("t", "b", "1"))},
		[]*kgo.Record{record("t", "c", "1")})
	step := func(name string, after time.Duration, want ...string) {
		t.Helper()
		mustClose(t, b)
		at = at.Add(after)
		b = start(t, opts())
		cl = client(t, b.Addrs())
		got := readAll(t, cl, "t", 0)
		if diff := cmp.Diff(want, texts(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for _, r := range got {
			if age := time.Since(r.Timestamp); string(r.Key) != "c" && age < 999*time.Hour {
				t.Errorf("%s: record %d is %v old, want 1000h as produced", name, r.Offset, age)
			}
		}
		// Something to compact.
		produce(t, cl, []*kgo.Record{record("t", "c", strings.Repeat("c", 200))}, []*kgo.Record{record("t", "c", "1")})
	}
	step("first compaction", 0, "1 a", "2 b=1", "3 c=1")
	step("before its time", 59*time.Minute, "1 a", "2 b=1", "4 c="+strings.Repeat("c", 200), "5 c=1")
	step("its time has come", 2*time.Minute, "2 b=1", "6 c="+strings.Repeat("c", 200), "7 c=1")
}

// More keys than a compaction may hold in memory are compacted a part at each start.
func TestCompactionInParts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	opts := compacting(dir)
	opts.maxKeys = 15
	b := start(t, opts)
	createTopic(t, b.Addrs(), "t", 1, "cleanup.policy=compact", "segment.bytes=500")
	cl := client(t, b.Addrs())
	latest := make(map[string]string)
	for i := range 200 {
		k, v := "k"+strconv.Itoa(rand.IntN(40)), strconv.Itoa(i)
		produce(t, cl, []*kgo.Record{record("t", k, v)})
		latest[k] = v
	}
	for n, before := 0, int64(0); n < 4; n++ {
		mustClose(t, b)
		b = start(t, opts)
		checkLatest(t, readAll(t, client(t, b.Addrs()), "t", 0), latest)
		upTo, err := readCleaned(partitionDir(dir, "t", 0))
		if err != nil || upTo <= before {
			t.Errorf("start %d compacted up to %d after %d, %v", n, upTo, before, err)
		}
		before = upTo
	}
	if n := len(readAll(t, client(t, b.Addrs()), "t", 0)); n == 200 {
		t.Error("nothing was compacted")
	}
}

// checkLatest checks that the last record of each key is the one that it should be.
func checkLatest(t testing.TB, records []*kgo.Record, want map[string]string) {
	t.Helper()
	got := make(map[string]string)
	for _, r := range records {
		if r.Value == nil {
			delete(got, string(r.Key))
			continue
		}
		got[string(r.Key)] = string(r.Value)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("latest values (-want +got): %s", diff)
	}
}

func TestCompactionKeepsCompression(t *testing.T) {
	t.Parallel()
	for i, codec := range codecs {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			b := start(t, compacting(dir))
			createTopic(t, b.Addrs(), "t", 1, "cleanup.policy=compact")
			cl := client(t, b.Addrs(), kgo.ProducerBatchCompression(codec))
			long := strings.Repeat("long and dull ", 100)
			produce(t, cl, []*kgo.Record{
				{Topic: "t", Key: []byte("a"), Value: []byte(long), Headers: []kgo.RecordHeader{{Key: "h", Value: []byte("v")}}},
				record("t", "b", long+"old"), record("t", "c", long),
			}, []*kgo.Record{record("t", "b", "new")}, []*kgo.Record{record("t", "d", "last")})
			mustClose(t, b)
			before := size(t, dir)
			b = start(t, compacting(dir))
			got := readAll(t, client(t, b.Addrs()), "t", 0)
			want := []string{"0 a=" + long, "2 c=" + long, "3 b=new", "4 d=last"}
			if diff := cmp.Diff(want, texts(got)); diff != "" {
				t.Error(diff)
			}
			if h := got[0].Headers; len(h) != 1 || h[0].Key != "h" || string(h[0].Value) != "v" {
				t.Errorf("headers = %v", h)
			}
			if after := size(t, dir); after > before {
				t.Errorf("compaction made %d bytes of %d", after, before)
			}
		})
	}
}

// size is how many bytes of segments a directory holds.
func size(t testing.TB, dir string) (n int64) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "partitions", "*", "*.dat"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		n += info.Size()
	}
	return n
}
