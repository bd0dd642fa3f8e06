package broker

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Requests that a well-behaved client does not send, or not at these moments.

func request[R kmsg.Response](t testing.TB, cl *kgo.Client, req kmsg.Request) R {
	t.Helper()
	resp, err := cl.Broker(0).RetriableRequest(testContext(t), req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.(R)
}

// produceRaw sends one encoded batch and returns the error code.
func produceRaw(t testing.TB, cl *kgo.Client, topic string, raw []byte) int16 {
	t.Helper()
	req := kmsg.NewPtrProduceRequest()
	req.Acks, req.TimeoutMillis = -1, 1000
	rt := kmsg.NewProduceRequestTopic()
	rt.Topic = topic
	rp := kmsg.NewProduceRequestTopicPartition()
	rp.Records = raw
	rt.Partitions = append(rt.Partitions, rp)
	req.Topics = append(req.Topics, rt)
	return request[*kmsg.ProduceResponse](t, cl, req).Topics[0].Partitions[0].ErrorCode
}

func plainBatch() kmsg.RecordBatch {
	now := time.Now().Add(-time.Minute).UnixMilli()
	return kmsg.RecordBatch{
		PartitionLeaderEpoch: -1, Magic: 2, FirstTimestamp: now, MaxTimestamp: now,
		ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, NumRecords: 1,
		Records: encodeRecord(nil, kmsg.Record{Key: []byte("k"), Value: []byte("v")}),
	}
}

// oddBatch is a batch of one record with attributes and count of our choice.
func oddBatch(attrs int16, count int32) []byte {
	b := plainBatch()
	b.Attributes, b.NumRecords, b.LastOffsetDelta = attrs, count, count-1
	return encodeBatch(b)
}

// sequenced is a batch of one record of an idempotent producer.
func sequenced(producer int64, seq int32) []byte {
	b := plainBatch()
	b.ProducerID, b.ProducerEpoch, b.FirstSequence = producer, 0, seq
	return encodeBatch(b)
}

func producerID(t testing.TB, cl *kgo.Client) int64 {
	t.Helper()
	req := kmsg.NewPtrInitProducerIDRequest()
	req.TransactionTimeoutMillis = 60_000
	return request[*kmsg.InitProducerIDResponse](t, cl, req).ProducerID
}

// txn is a transactional producer, request by request.
type txn struct {
	name  string
	id    int64
	epoch int16
}

func newTxn(t testing.TB, addrs []string, name string) *txn {
	t.Helper()
	req := kmsg.NewPtrInitProducerIDRequest()
	req.TransactionalID, req.TransactionTimeoutMillis = &name, 60_000
	resp := request[*kmsg.InitProducerIDResponse](t, client(t, addrs), req)
	if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
		t.Fatal(err)
	}
	return &txn{name, resp.ProducerID, resp.ProducerEpoch}
}

// commitOffset stages a group's offset.
func (x *txn) commitOffset(t testing.TB, addrs []string, group, topic string, offset int64) {
	t.Helper()
	cl := client(t, addrs)
	add := kmsg.NewPtrAddOffsetsToTxnRequest()
	add.TransactionalID, add.ProducerID, add.ProducerEpoch, add.Group = x.name, x.id, x.epoch, group
	if err := kerr.ErrorForCode(request[*kmsg.AddOffsetsToTxnResponse](t, cl, add).ErrorCode); err != nil {
		t.Fatal(err)
	}
	req := kmsg.NewPtrTxnOffsetCommitRequest()
	req.TransactionalID, req.ProducerID, req.ProducerEpoch, req.Group = x.name, x.id, x.epoch, group
	req.Generation = -1
	rt := kmsg.NewTxnOffsetCommitRequestTopic()
	rt.Topic = topic
	rp := kmsg.NewTxnOffsetCommitRequestTopicPartition()
	rp.Offset = offset
	rt.Partitions = append(rt.Partitions, rp)
	req.Topics = append(req.Topics, rt)
	if err := kerr.ErrorForCode(request[*kmsg.TxnOffsetCommitResponse](t, cl, req).Topics[0].Partitions[0].ErrorCode); err != nil {
		t.Fatal(err)
	}
}

// end commits the transaction.
func (x *txn) end(t testing.TB, addrs []string) error {
	t.Helper()
	req := kmsg.NewPtrEndTxnRequest()
	req.TransactionalID, req.ProducerID, req.ProducerEpoch, req.Commit = x.name, x.id, x.epoch, true
	return kerr.ErrorForCode(request[*kmsg.EndTxnResponse](t, client(t, addrs), req).ErrorCode)
}

func (x *txn) addPartition(t testing.TB, cl *kgo.Client, topic string) {
	t.Helper()
	req := kmsg.NewPtrAddPartitionsToTxnRequest()
	req.TransactionalID, req.ProducerID, req.ProducerEpoch = x.name, x.id, x.epoch
	rt := kmsg.NewAddPartitionsToTxnRequestTopic()
	rt.Topic, rt.Partitions = topic, []int32{0}
	req.Topics = append(req.Topics, rt)
	resp := request[*kmsg.AddPartitionsToTxnResponse](t, cl, req)
	if err := kerr.ErrorForCode(resp.Topics[0].Partitions[0].ErrorCode); err != nil {
		t.Fatal(err)
	}
}
