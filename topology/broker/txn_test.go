package broker

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

// openTxn returns a directory that was closed while a transaction with one
// record and one staged offset was open.
func openTxn(t testing.TB) (dir string, x *txn) {
	t.Helper()
	dir = t.TempDir()
	b := start(t, Options{DataDir: dir})
	createTopic(t, b.Addrs(), "t", 1)
	cl := client(t, b.Addrs())
	x = newTxn(t, b.Addrs(), "x")
	x.commitOffset(t, b.Addrs(), "g", "t", 7)
	x.addPartition(t, cl, "t")
	batch := plainBatch()
	batch.Attributes, batch.ProducerID, batch.ProducerEpoch, batch.FirstSequence = attrTransactional, x.id, x.epoch, 0
	if code := produceRaw(t, cl, "t", encodeBatch(batch)); code != 0 {
		t.Fatalf("produce: code %d", code)
	}
	mustClose(t, b)
	return dir, x
}

func TestTransactionGoesOnAfterClose(t *testing.T) {
	t.Parallel()
	dir, x := openTxn(t)
	b := start(t, Options{DataDir: dir})
	cl := client(t, b.Addrs())
	if got := readFrom(t, cl, "t", 0, 0, 1); len(got) != 0 {
		t.Errorf("%q is read before it is committed", texts(got))
	}
	if err := x.end(t, b.Addrs()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // again after a kill
		if diff := cmp.Diff([]string{"0 k=v"}, texts(readFrom(t, cl, "t", 0, 0, 1))); diff != "" {
			t.Error(diff)
		}
		if got := committed(t, cl, "g", "t", 0); got != 7 {
			t.Errorf("committed offset = %d, want 7", got)
		}
		dir = image(t, dir)
		b = start(t, Options{DataDir: dir})
		cl = client(t, b.Addrs())
	}
}

// A kill in the last moment of a Close leaves the transactions that kfake
// saved, but not the word that it was a Close.
func TestTransactionEndsAfterHalfAClose(t *testing.T) {
	t.Parallel()
	dir, x := openTxn(t)
	if err := os.Remove(filepath.Join(dir, closedFile)); err != nil {
		t.Fatal(err)
	}
	b := start(t, Options{DataDir: dir})
	if err := x.end(t, b.Addrs()); err == nil {
		t.Error("the transaction was committed")
	}
	cl := client(t, b.Addrs(), kgo.TransactionalID("x"))
	if err := cl.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	produce(t, cl, []*kgo.Record{record("t", "k", "next")})
	if err := cl.EndTransaction(testContext(t), kgo.TryCommit); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2 k=next"}, texts(readFrom(t, cl, "t", 0, 0, 1))); diff != "" {
		t.Error(diff)
	}
}

// What a transaction wrote supersedes nothing while it may yet be aborted.
func TestOpenTransactionSupersedesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := start(t, compacting(dir))
	createTopic(t, b.Addrs(), "t", 1, "cleanup.policy=compact")
	cl := client(t, b.Addrs())
	produce(t, cl, []*kgo.Record{record("t", "k", "older")}, []*kgo.Record{record("t", "k", "committed")})
	x := client(t, b.Addrs(), kgo.TransactionalID("x"))
	if err := x.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	produce(t, x, []*kgo.Record{record("t", "k", "open")})
	produce(t, cl, []*kgo.Record{record("t", "other", "last")})
	mustClose(t, b)

	b = start(t, compacting(dir)) // the transaction is still open, and is compacted around
	mustClose(t, b)
	b = start(t, compacting(image(t, dir)))
	cl = client(t, b.Addrs())
	newTxn(t, b.Addrs(), "x") // ends what the producer of that name had open
	checkLatest(t, readFrom(t, cl, "t", 0, 0, 1), map[string]string{"k": "committed", "other": "last"})
}
