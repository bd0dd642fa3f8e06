package broker

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"pgregory.net/rapid"
)

// TestCompactionAgainstModel writes to a compacted topic whatever comes to
// mind: keys again and again, tombstones, transactions committed, aborted and
// left open, with restarts after a Close, after a kill, and after crashes
// within recovery between, and compares each time what a reader sees with what
// it should.
func TestCompactionAgainstModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(t, rt)
		rt.Repeat(map[string]func(*rapid.T){
			"produce":     m.produce,
			"transaction": m.transaction,
			"close":       func(rt *rapid.T) { m.restart(rt, m.closed()) },
			"kill":        func(rt *rapid.T) { m.restart(rt, m.killed()) },
			"crash":       func(rt *rapid.T) { m.restart(rt, m.crashed(rt)) },
			"time passes": func(rt *rapid.T) { m.later += time.Duration(rapid.IntRange(1, 40).Draw(rt, "minutes")) * time.Minute },
		})
		m.restart(rt, m.killed())
		m.closed()
	})
}

// model is a broker and what its one partition should hold.
type model struct {
	t       *testing.T
	dir     string
	later   time.Duration // that the clock has advanced
	b       *Broker
	cl      *kgo.Client
	written map[int64]entry  // what was acknowledged and not aborted, by offset
	latest  map[string]int64 // offset by key
	end     int64
}

// entry is a record.
type entry struct {
	text string // offset, key, value
	at   int64  // its timestamp in milliseconds
	dead bool   // a tombstone
	seen bool   // by a compaction
	when time.Duration
}

func newModel(t *testing.T, rt *rapid.T) *model {
	m := &model{t: t, dir: t.TempDir(), written: make(map[int64]entry), latest: make(map[string]int64)}
	m.open(rt)
	bytes := rapid.IntRange(60, 600).Draw(rt, "segment.bytes")
	createTopic(t, m.b.Addrs(), "t", 1, "cleanup.policy=compact", "delete.retention.ms=3600000", fmt.Sprint("segment.bytes=", bytes))
	return m
}

func (m *model) options(dir string) Options {
	o := compacting(dir)
	o.maxKeys = 4
	now := time.Now().Add(m.later)
	o.now = func() time.Time { return now }
	return o
}

func (m *model) open(rt *rapid.T) {
	m.b = start(m.t, m.options(m.dir))
	m.cl = m.client(rt)
}

func (m *model) client(rt *rapid.T, opts ...kgo.Opt) *kgo.Client {
	codec := rapid.SampledFrom(codecs[:]).Draw(rt, "codec")
	return client(m.t, m.b.Addrs(), append(opts, kgo.ProducerBatchCompression(codec))...)
}

// closed, killed and crashed end the broker and return the directory to go on
// with.
func (m *model) closed() string {
	mustClose(m.t, m.b)
	return m.dir
}

func (m *model) killed() string {
	dir := image(m.t, m.dir)
	m.closed()
	return dir
}

func (m *model) crashed(rt *rapid.T) string {
	dir := m.killed()
	o := m.options(dir)
	o.step, _ = crashAt(int64(rapid.IntRange(1, 60).Draw(rt, "step")))
	if err := recoverDir(m.t, o); err != nil && !errors.Is(err, errCrash) {
		rt.Fatal(err)
	}
	return dir
}

// draw draws a batch.
func (m *model) draw(rt *rapid.T) []*kgo.Record {
	var rs []*kgo.Record
	for i := range rapid.IntRange(1, 4).Draw(rt, "records") {
		r := record("t", rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(rt, "key"), fmt.Sprint(len(m.written), "-", i))
		if rapid.IntRange(0, 3).Draw(rt, "kind") == 0 {
			r.Value = nil
		}
		rs = append(rs, r)
	}
	return rs
}

// acknowledged notes what was written.
func (m *model) acknowledged(rs []*kgo.Record) {
	for i, text := range texts(rs) {
		r := rs[i]
		m.written[r.Offset] = entry{text: text, at: r.Timestamp.UnixMilli(), dead: r.Value == nil}
		m.latest[string(r.Key)] = max(m.latest[string(r.Key)], r.Offset)
	}
}

func (m *model) produce(rt *rapid.T) {
	rs := m.draw(rt)
	produce(m.t, m.cl, rs)
	m.acknowledged(rs)
}

// transaction writes one and commits it, aborts it or leaves it open.
func (m *model) transaction(rt *rapid.T) {
	cl := m.client(rt, kgo.TransactionalID(rapid.SampledFrom([]string{"x", "y"}).Draw(rt, "producer")))
	if err := cl.BeginTransaction(); err != nil {
		rt.Fatal(err)
	}
	rs := m.draw(rt)
	produce(m.t, cl, rs)
	how := rapid.SampledFrom([]string{"commit", "abort", "leave"}).Draw(rt, "end")
	if how != "leave" {
		if err := cl.EndTransaction(testContext(m.t), how == "commit"); err != nil {
			rt.Fatal(err)
		}
	}
	cl.Close()
	if how == "commit" {
		m.acknowledged(rs)
	}
}

// restart starts the broker again and compares.
func (m *model) restart(rt *rapid.T, dir string) {
	m.cl.Close()
	m.dir = dir
	m.open(rt)
	s, e := bounds(m.t, m.cl, "t", 0)
	if s != 0 || e < m.end {
		rt.Fatalf("the log is [%d,%d) and ended at %d before", s, e, m.end)
	}
	m.end = e
	cleaned, err := readCleaned(partitionDir(dir, "t", 0))
	if err != nil {
		rt.Fatal(err)
	}
	stable := m.stable(rt)
	got := m.checkRecords(rt, cleaned)
	for offset, w := range m.written {
		if w.dead && !w.seen && offset < cleaned {
			w.seen, w.when = true, m.later
			m.written[offset] = w
		}
		if _, ok := got[offset]; !ok && offset >= cleaned && offset < stable {
			rt.Fatalf("%q is lost, compacted below %d", w.text, cleaned)
		}
	}
	m.checkLatest(rt, got, stable)
}

// stable is the last stable offset.
func (m *model) stable(rt *rapid.T) int64 {
	lso, err := kadm.NewClient(m.cl).ListCommittedOffsets(testContext(m.t), "t")
	if err != nil {
		rt.Fatal(err)
	}
	o, _ := lso.Lookup("t", 0)
	return o.Offset
}

// checkRecords checks that a reader of what is committed sees only what was
// written, and no key twice below what is compacted. It returns the keys by
// offset.
func (m *model) checkRecords(rt *rapid.T, cleaned int64) map[int64]string {
	got := make(map[int64]string)
	before := make(map[string]bool)
	for i, r := range readFrom(m.t, m.cl, "t", 0, 0, 1) {
		text := texts([]*kgo.Record{r})[0]
		w, ok := m.written[r.Offset]
		if !ok || w.text != text || w.at != r.Timestamp.UnixMilli() {
			rt.Fatalf("record %d is %q of %d, want %q of %d", i, text, r.Timestamp.UnixMilli(), w.text, w.at)
		}
		if r.Offset < cleaned && before[string(r.Key)] {
			rt.Fatalf("%s occurs twice below %d", r.Key, cleaned)
		}
		before[string(r.Key)] = true
		got[r.Offset] = string(r.Key)
	}
	return got
}

// checkLatest checks that each key's last record is there, or was a tombstone
// whose time has come and that covers nothing any more.
func (m *model) checkLatest(rt *rapid.T, got map[int64]string, stable int64) {
	last := make(map[string]int64)
	for offset, key := range got {
		if at, ok := last[key]; !ok || at < offset {
			last[key] = offset
		}
	}
	for key, want := range m.latest {
		at, ok := last[key]
		switch w := m.written[want]; {
		case ok && at == want, want >= stable:
		case ok:
			rt.Fatalf("the last of %s is at %d, want %q", key, at, w.text)
		case !w.dead || !w.seen || m.later-w.when < time.Hour:
			rt.Fatalf("%q is gone", w.text)
		}
	}
}
