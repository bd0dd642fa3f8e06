package broker

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// In memory, DeleteRecords gives back what it deletes, but for the segments
// that it ends in: many times what is kept passes through, and the heap stays
// small.
func TestDeleteRecordsFreesMemory(t *testing.T) { // not parallel: it looks at the heap
	const (
		batch    = 128 << 10
		through  = 256 << 20
		kept     = 4 << 20
		most     = 32 << 20
		parallel = 2 // partitions
	)
	b := start(t, Options{})
	createTopic(t, b.Addrs(), "t", parallel)
	cl := client(t, b.Addrs())
	adm := kadm.NewClient(cl)
	before, peak := heap(), uint64(0)
	value := bytes.Repeat([]byte("v"), batch)
	n := 0
	for ; n < through/batch; n++ {
		produce(t, cl, []*kgo.Record{{Topic: "t", Partition: int32(n % parallel), Value: value}})
		if n%(kept/batch) != 0 {
			continue
		}
		var consumed kadm.Offsets
		for p := range int32(parallel) {
			consumed.AddOffset("t", p, int64(max(0, n-kept/batch)/parallel), -1)
		}
		resp, err := adm.DeleteRecords(testContext(t), consumed)
		if err == nil {
			err = resp.Error()
		}
		if err != nil {
			t.Fatal(err)
		}
		peak = max(peak, heap())
	}
	grown := int64(peak) - int64(before)
	t.Logf("%d MiB through, %d MiB kept, heap grew by at most %.1f MiB", through>>20, kept>>20, float64(grown)/(1<<20))
	if grown > most {
		t.Errorf("the heap grew by %d MiB, want at most %d", grown>>20, most>>20)
	}
	if _, end := bounds(t, cl, "t", 0); end != int64(n/parallel) {
		t.Errorf("the log ends at %d, want %d", end, n/parallel)
	}
}

// heap is how many bytes are reachable.
func heap() uint64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}
