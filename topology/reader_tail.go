package topology

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// idle is how long ReadToEnd waits for records before it looks whether there are any. A record that is there
// comes within a few milliseconds; the look costs a request per partition and is repeated.
const idle = 100 * time.Millisecond

// skipUnseen moves over what no poll will ever return. A client only learns of an offset from a record, and the
// last offsets of a partition may have none: a transaction's marker, records it aborted, values compacted away.
// Waiting for the end offset would then take for ever. So each partition that is behind is asked directly what
// is there.
func (r *Reader) skipUnseen(ctx context.Context, ends map[int32]int64) error {
	details, err := r.adm.ListTopics(ctx, r.c.Topic(r.topic))
	if err != nil {
		return fmt.Errorf("reading %s: %w", r.c.Topic(r.topic), err)
	}
	detail := details[r.c.Topic(r.topic)]
	for p, next := range r.next {
		if next >= ends[p] {
			continue
		}
		leader, ok := detail.Partitions[p]
		if !ok || leader.Leader < 0 {
			continue // no leader now; the next look will find one
		}
		moved, err := r.look(ctx, leader.Leader, detail.ID, p, next)
		if err != nil {
			return fmt.Errorf("reading %s/%d: %w", r.c.Topic(r.topic), p, err)
		}
		r.next[p] = moved
	}
	return nil
}

// look fetches at offset and returns where the next record can be at the earliest: offset itself when there is
// one to come.
func (r *Reader) look(ctx context.Context, leader int32, id [16]byte, partition int32, offset int64) (int64, error) {
	req := fetchOne(r.c.Topic(r.topic), id, partition, offset, int32(r.c.MaxRecordBytes+batchSlack))
	resp, err := req.RequestWith(ctx, r.cl.Broker(int(leader)))
	if err != nil {
		return 0, err
	}
	if len(resp.Topics) == 0 || len(resp.Topics[0].Partitions) == 0 {
		return offset, nil
	}
	got := &resp.Topics[0].Partitions[0]
	empty := len(got.RecordBatches) == 0
	seen, next := kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{
		Offset: offset, IsolationLevel: kgo.ReadCommitted(), Topic: r.c.Topic(r.topic), Partition: partition,
	}, got, kgo.DefaultDecompressor(), nil)
	switch {
	case seen.Err != nil:
		return 0, seen.Err
	case len(seen.Records) > 0:
		return offset, nil // the poll will bring it
	case empty:
		return max(offset, seen.LastStableOffset), nil // a broker that has anything readable sends at least one batch
	default:
		return max(offset, next), nil
	}
}

func fetchOne(topic string, id [16]byte, partition int32, offset int64, maxBytes int32) *kmsg.FetchRequest {
	rp := kmsg.NewFetchRequestTopicPartition()
	rp.Partition, rp.FetchOffset, rp.PartitionMaxBytes, rp.CurrentLeaderEpoch = partition, offset, maxBytes, -1
	rt := kmsg.NewFetchRequestTopic()
	rt.Topic, rt.TopicID, rt.Partitions = topic, id, []kmsg.FetchRequestTopicPartition{rp}
	req := kmsg.NewPtrFetchRequest()
	req.IsolationLevel, req.MaxBytes, req.MinBytes = 1, maxBytes, 0
	req.SessionID, req.SessionEpoch = 0, -1
	req.Topics = []kmsg.FetchRequestTopic{rt}
	return req
}
