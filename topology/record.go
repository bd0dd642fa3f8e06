package topology

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Header is one header of a record.
type Header struct {
	Key   string
	Value []byte
}

// Record is one record as it was read, or as it was published.
type Record struct {
	// Topic is the topic's name without the namespace, as in [Topic.Name].
	Topic     string
	Partition int32
	Offset    int64
	// Key is empty for a record without one.
	Key string
	// Value is nil for a record that removes its key.
	Value []byte
	// Timestamp is when the broker took the record, to the millisecond.
	Timestamp time.Time
	Headers   []Header
}

// Header returns the value of the last header with that key, or nil.
func (r Record) Header(key string) []byte {
	for i := len(r.Headers) - 1; i >= 0; i-- {
		if r.Headers[i].Key == key {
			return r.Headers[i].Value
		}
	}
	return nil
}

// Where returns topic/partition/offset: the record's coordinates, as dead letters are keyed.
func (r Record) Where() string { return fmt.Sprintf("%s/%d/%d", r.Topic, r.Partition, r.Offset) }

// Message is a record to publish.
type Message struct {
	Topic Topic
	// Key decides the partition, unless Pinned.
	Key string
	// Value may be nil, which removes the key from a compacted topic.
	Value   []byte
	Headers []Header
	// Pinned sends the message to Partition whatever its key.
	Pinned    bool
	Partition int32
}

// ErrTooLarge says that a record is larger than [Cluster.MaxRecordBytes].
var ErrTooLarge = errors.New("record is too large")

// recordOverhead is the most that a record takes beside its parts, as sarama counts it.
const recordOverhead = 5*binary.MaxVarintLen32 + binary.MaxVarintLen64 + 1

// CheckSize returns an error that wraps [ErrTooLarge] for what the broker, or a producer on the way to it,
// would refuse. A goka callback asks before Emit and SetValue: there a refusal stops the processor, and does so
// again after every restart.
func (c Cluster) CheckSize(topic Topic, key string, value []byte, headers ...Header) error {
	size := recordOverhead + len(key) + len(value)
	for _, h := range headers {
		size += len(h.Key) + len(h.Value) + 2*binary.MaxVarintLen32
	}
	if limit := cmp.Or(c.MaxRecordBytes, DefaultMaxRecordBytes); size > limit {
		return fmt.Errorf("%w: %s takes %d bytes and this one has %d", ErrTooLarge, topic, limit, size)
	}
	return nil
}

// fromKgo copies the fields over; key, value and headers keep pointing into the fetch.
func (c Cluster) fromKgo(r *kgo.Record) Record {
	rec := Record{Topic: c.Plain(r.Topic), Partition: r.Partition, Offset: r.Offset, Key: string(r.Key), Value: r.Value, Timestamp: r.Timestamp.UTC()}
	if len(r.Headers) > 0 {
		rec.Headers = make([]Header, len(r.Headers))
		for i, h := range r.Headers {
			rec.Headers[i] = Header(h)
		}
	}
	return rec
}

// unpinned marks a record whose key decides the partition.
const unpinned = -1

func (c Cluster) toKgo(m Message) *kgo.Record {
	r := &kgo.Record{Topic: c.Topic(m.Topic), Key: []byte(m.Key), Value: m.Value, Partition: unpinned}
	if m.Pinned {
		r.Partition = m.Partition
	}
	for _, h := range m.Headers {
		r.Headers = append(r.Headers, kgo.RecordHeader(h))
	}
	return r
}
