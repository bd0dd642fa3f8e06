package topology

import (
	"testing"

	"github.com/IBM/sarama"
	"github.com/twmb/franz-go/pkg/kgo"
	"pgregory.net/rapid"
)

// One key is in one partition, whoever writes it: franz-go's producer here, sarama's inside goka, and goka's
// own idea when it looks a key up in a table.
func TestEveryClientHashesAlike(t *testing.T) {
	t.Parallel()
	ours := partitioner().ForTopic("t")
	theirs := sarama.NewCustomHashPartitioner(newHash)("t")
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.String().Draw(t, "key")
		n := rapid.Int32Range(1, 100).Draw(t, "partitions")
		a := ours.Partition(&kgo.Record{Key: []byte(key), Partition: unpinned}, int(n))
		b, err := theirs.Partition(&sarama.ProducerMessage{Key: sarama.StringEncoder(key)}, n)
		if err != nil || int32(a) != b || a != gokaPartition(key, int(n)) {
			t.Fatalf("key %q of %d partitions: franz-go %d, sarama %d (%v), goka %d", key, n, a, b, err, gokaPartition(key, int(n)))
		}
	})
}

// gokaPartition is the formula of goka's Processor.hash, which is not exported.
func gokaPartition(key string, n int) int {
	h := int32(fnv32a([]byte(key)))
	if h < 0 {
		h = -h
	}
	return int(h % int32(n))
}

func TestPinnedMessagesKeepTheirPartition(t *testing.T) {
	t.Parallel()
	p := partitioner().ForTopic("t")
	for want := range 7 {
		r := Cluster{}.toKgo(Message{Topic: Tagged, Key: "same", Pinned: true, Partition: int32(want)})
		if got := p.Partition(r, 7); got != want {
			t.Errorf("pinned to %d, went to %d", want, got)
		}
	}
}
