package broker

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
)

// What kfake does that this package exists to make good. Each test shows the
// fault in kfake alone, and that this package's broker does not have it. When
// the first half fails, kfake has mended it, and what stands against it here
// may go.

// alone starts kfake by itself on a directory.
func alone(t testing.TB, dir string, opts ...kfake.Opt) *kfake.Cluster {
	t.Helper()
	c, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1), kfake.DataDir(dir)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// A commit is appended behind the torn end of one that a kill interrupted, and
// the start after that reads up to the torn one.
func TestKfakeCommitsBehindTornEnd(t *testing.T) {
	t.Parallel()
	first := t.TempDir()
	c := alone(t, first)
	createTopic(t, c.ListenAddrs(), "t", 1)
	commit(t, client(t, c.ListenAddrs()), "g", "t", 0, 1)
	torn := image(t, first)
	if err := appendFile(filepath.Join(torn, groupsFile), []byte{200, 0, 0, 0, 1, 2, 3, 4, 1, 0, '{'}); err != nil {
		t.Fatal(err)
	}
	ours := image(t, torn)

	c = alone(t, torn)
	commit(t, client(t, c.ListenAddrs()), "g", "t", 0, 2)
	c = alone(t, image(t, torn))
	if got := committed(t, client(t, c.ListenAddrs()), "g", "t", 0); got != 1 {
		t.Errorf("kfake alone found offset %d: it no longer loses the commit of 2", got)
	}

	b := start(t, Options{DataDir: ours})
	commit(t, client(t, b.Addrs()), "g", "t", 0, 2)
	b = start(t, Options{DataDir: image(t, ours)})
	if got := committed(t, client(t, b.Addrs()), "g", "t", 0); got != 2 {
		t.Errorf("committed offset = %d, want 2", got)
	}
}

// When every record has been deleted, offsets begin at 0 again after a
// restart, and who has read up to 3 does not see the next three records.
func TestKfakeGivesOffsetsTwice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := alone(t, dir)
	createTopic(t, c.ListenAddrs(), "t", 1)
	cl := client(t, c.ListenAddrs())
	produce(t, cl, []*kgo.Record{record("t", "a", "1"), record("t", "b", "2"), record("t", "c", "3")})
	if err := c.DeleteRecords("t", 0, -1); err != nil {
		t.Fatal(err)
	}
	c.Close()
	c = alone(t, dir)
	if _, end := bounds(t, client(t, c.ListenAddrs()), "t", 0); end != 0 {
		t.Errorf("kfake alone goes on at %d: it no longer begins again", end)
	}

	b := start(t, Options{DataDir: t.TempDir()})
	createTopic(t, b.Addrs(), "t", 1)
	cl = client(t, b.Addrs())
	produce(t, cl, []*kgo.Record{record("t", "a", "1")})
	var offsets kadm.Offsets
	offsets.AddOffset("t", 0, 1, -1)
	resp, err := kadm.NewClient(cl).DeleteRecords(testContext(t), offsets)
	if err == nil {
		err = resp.Error()
	}
	if err == nil {
		t.Error("DeleteRecords on a directory succeeded")
	}
	if start, end := bounds(t, cl, "t", 0); start != 0 || end != 1 {
		t.Errorf("after a refused DeleteRecords the log is [%d,%d), want [0,1)", start, end)
	}
}

// A transaction that a kill interrupted is held for aborted, but has no marker
// in the log: a reader then takes the producer's next transaction for aborted
// too, although it was committed.
func TestKfakeHidesWhatWasCommitted(t *testing.T) {
	t.Parallel()
	first := t.TempDir()
	c := alone(t, first)
	createTopic(t, c.ListenAddrs(), "t", 1)
	cl := client(t, c.ListenAddrs(), kgo.TransactionalID("x"))
	if err := cl.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	produce(t, cl, []*kgo.Record{record("t", "a", "open")})
	killed := image(t, first)
	ours := image(t, first)

	commitOne := func(addrs []string) []string {
		cl := client(t, addrs, kgo.TransactionalID("x"))
		if err := cl.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		produce(t, cl, []*kgo.Record{record("t", "b", "committed")})
		if err := cl.EndTransaction(testContext(t), kgo.TryCommit); err != nil {
			t.Fatal(err)
		}
		return texts(readFrom(t, cl, "t", 0, 0, 1))
	}
	if got := commitOne(alone(t, killed).ListenAddrs()); len(got) != 0 {
		t.Errorf("kfake alone shows %q: it no longer hides it", got)
	}
	b := start(t, Options{DataDir: ours})
	if diff := cmp.Diff([]string{"2 b=committed"}, commitOne(b.Addrs())); diff != "" {
		t.Error(diff)
	}
	// And again after a kill, when the log alone tells.
	b = start(t, Options{DataDir: image(t, ours)})
	if diff := cmp.Diff([]string{"2 b=committed"}, texts(readFrom(t, client(t, b.Addrs()), "t", 0, 0, 1))); diff != "" {
		t.Error(diff)
	}
}

// Offsets staged in a transaction are gone after a kill, and yet committing it
// is answered with success, if the one before was committed.
func TestKfakeCommitsNothing(t *testing.T) {
	t.Parallel()
	first := t.TempDir()
	c := alone(t, first)
	createTopic(t, c.ListenAddrs(), "t", 1)
	ids := newTxn(t, c.ListenAddrs(), "x")
	ids.commitOffset(t, c.ListenAddrs(), "g", "t", 1)
	if err := ids.end(t, c.ListenAddrs()); err != nil {
		t.Fatal(err)
	}
	ids.commitOffset(t, c.ListenAddrs(), "g", "t", 2)
	killed, ours := image(t, first), image(t, first)

	c = alone(t, killed)
	if err := ids.end(t, c.ListenAddrs()); err != nil {
		t.Errorf("kfake alone answers %v: it no longer pretends", err)
	}
	if got := committed(t, client(t, c.ListenAddrs()), "g", "t", 0); got != 1 {
		t.Errorf("kfake alone has offset %d: it no longer loses 2", got)
	}
	b := start(t, Options{DataDir: ours})
	if err := ids.end(t, b.Addrs()); err == nil {
		t.Error("a transaction that a kill interrupted was committed")
	}
}

// The broker sets LogAppendTime. A batch that bears it gets other timestamps
// and keeps its checksum, so that it, and what follows, is cut off as damage.
func TestKfakeStoresWhatItCannotLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := alone(t, dir)
	createTopic(t, c.ListenAddrs(), "t", 1)
	cl := client(t, c.ListenAddrs())
	produce(t, cl, []*kgo.Record{record("t", "a", "1")})
	if code := produceRaw(t, cl, "t", oddBatch(attrLogAppendTime, 1)); code != 0 {
		t.Errorf("kfake alone answers code %d: it no longer takes the batch", code)
	}
	produce(t, cl, []*kgo.Record{record("t", "a", "3")})
	c.Close()
	c = alone(t, dir)
	if _, end := bounds(t, client(t, c.ListenAddrs()), "t", 0); end != 1 {
		t.Errorf("kfake alone loads %d records: it no longer loses what was acknowledged", end)
	}

	ours := t.TempDir()
	b := start(t, Options{DataDir: ours})
	createTopic(t, b.Addrs(), "t", 1)
	cl = client(t, b.Addrs())
	produce(t, cl, []*kgo.Record{record("t", "a", "1")})
	for name, raw := range map[string][]byte{"LogAppendTime": oddBatch(attrLogAppendTime, 1), "no records": oddBatch(0, -1)} {
		if code := produceRaw(t, cl, "t", raw); code == 0 {
			t.Errorf("a batch with %s was taken", name)
		}
	}
	produce(t, cl, []*kgo.Record{record("t", "a", "3")})
	b = start(t, Options{DataDir: image(t, ours)})
	if diff := cmp.Diff([]string{"0 a=1", "1 a=3"}, texts(readAll(t, client(t, b.Addrs()), "t", 0))); diff != "" {
		t.Error(diff)
	}
}

// Sequence numbers are saved at Close and loaded at every start, however old
// they are by then: after a Close, more records and a kill, a batch that an
// idempotent producer sends again, its acknowledgement being lost, is stored
// again, and a producer that goes on is told that records are missing.
func TestKfakeForgetsSequences(t *testing.T) {
	t.Parallel()
	history := func(t *testing.T, open func(string) ([]string, func()), dir string) (code int16, end int64) {
		addrs, shut := open(dir)
		createTopic(t, addrs, "t", 1)
		cl := client(t, addrs)
		id := producerID(t, cl)
		send := func(seq int32) int16 { return produceRaw(t, cl, "t", sequenced(id, seq)) }
		if code := send(0); code != 0 {
			t.Fatalf("first batch: code %d", code)
		}
		shut()
		addrs, _ = open(dir)
		cl = client(t, addrs)
		if code := send(1); code != 0 {
			t.Fatalf("second batch: code %d", code)
		}
		addrs, _ = open(image(t, dir))
		cl = client(t, addrs)
		send(1) // its acknowledgement was lost
		code = send(2)
		_, end = bounds(t, cl, "t", 0)
		return code, end
	}
	kfakes := func(dir string) ([]string, func()) {
		c := alone(t, dir)
		return c.ListenAddrs(), c.Close
	}
	ours := func(dir string) ([]string, func()) {
		b := start(t, Options{DataDir: dir})
		return b.Addrs(), func() { mustClose(t, b) }
	}
	if _, end := history(t, kfakes, t.TempDir()); end != 4 {
		t.Errorf("kfake alone has %d records: it no longer stores one twice", end)
	}
	if code, end := history(t, ours, t.TempDir()); code != 0 || end != 3 {
		t.Errorf("third batch: code %d, log ends at %d, want 0 and 3", code, end)
	}
}

// kfake's own compaction moves the start of the log, and a group that had read
// up to a record that is gone is told that its offset does not exist.
func TestKfakeCompactionMovesStart(t *testing.T) {
	t.Parallel()
	c := alone(t, t.TempDir())
	createTopic(t, c.ListenAddrs(), "t", 1, "cleanup.policy=compact")
	cl := client(t, c.ListenAddrs())
	for _, v := range []string{"1", "2", "3"} {
		produce(t, cl, []*kgo.Record{record("t", "a", v)})
	}
	c.Compact()
	if start, _ := bounds(t, cl, "t", 0); start == 0 {
		t.Error("kfake alone keeps the start of the log")
	}
}
