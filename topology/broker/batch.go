package broker

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// A record batch, as Kafka has it on the wire and kfake on disk, begins with
// headerBytes of fixed layout. Its length counts from lengthAt+4, its checksum
// covers everything from attrsAt on.
const (
	headerBytes = 61
	lengthAt    = 8
	magicAt     = 16
	crcAt       = 17
	attrsAt     = 21
)

// The attributes of a batch.
const (
	attrCodec         = 0x07
	attrLogAppendTime = 0x08
	attrTransactional = 0x10
	attrControl       = 0x20
	attrDeleteHorizon = 0x40 // the base timestamp is when tombstones may go
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header is the fixed part of a record batch.
type header struct {
	offset    int64 // of the first record
	bytes     int64 // the whole batch
	epoch     int32 // of the partition's leader
	attrs     int16
	lastDelta int32 // last offset - first offset
	baseTime  int64 // milliseconds
	maxTime   int64 // milliseconds
	producer  int64 // -1: none
	prodEpoch int16
	firstSeq  int32
	count     int32 // of records
}

// parseHeader reads the first headerBytes of b.
func parseHeader(b []byte) header {
	be := binary.BigEndian
	return header{
		offset:    int64(be.Uint64(b)),
		bytes:     int64(int32(be.Uint32(b[lengthAt:]))) + lengthAt + 4,
		epoch:     int32(be.Uint32(b[12:])),
		attrs:     int16(be.Uint16(b[attrsAt:])),
		lastDelta: int32(be.Uint32(b[23:])),
		baseTime:  int64(be.Uint64(b[27:])),
		maxTime:   int64(be.Uint64(b[35:])),
		producer:  int64(be.Uint64(b[43:])),
		prodEpoch: int16(be.Uint16(b[51:])),
		firstSeq:  int32(be.Uint32(b[53:])),
		count:     int32(be.Uint32(b[57:])),
	}
}

// next is the offset after the batch.
func (h header) next() int64 { return h.offset + int64(h.lastDelta) + 1 }

// control tells whether the batch holds a transaction's marker.
func (h header) control() bool { return h.attrs&attrControl != 0 }

// inTransaction tells whether the batch is data of a transaction.
func (h header) inTransaction() bool { return h.attrs&attrTransactional != 0 && !h.control() }

// intact tells whether b is a whole batch that comes at or after an offset.
func intact(b []byte, after int64) bool {
	if len(b) < headerBytes || b[magicAt] != 2 {
		return false
	}
	h := parseHeader(b)
	if h.bytes != int64(len(b)) || h.offset < after || h.lastDelta < 0 || h.count < 0 {
		return false
	}
	return binary.BigEndian.Uint32(b[crcAt:]) == crc32.Checksum(b[attrsAt:], castagnoli)
}

// encodeBatch returns the batch on the wire, with its length and checksum set.
func encodeBatch(b kmsg.RecordBatch) []byte {
	out := b.AppendTo(nil)
	binary.BigEndian.PutUint32(out[lengthAt:], uint32(len(out)-lengthAt-4))
	binary.BigEndian.PutUint32(out[crcAt:], crc32.Checksum(out[attrsAt:], castagnoli))
	return out
}

// abortMarker is the batch that ends a producer's transaction without its
// records, as the coordinator of a real broker writes it.
func abortMarker(offset int64, epoch int32, producer int64, prodEpoch int16, at int64) []byte {
	key := kmsg.ControlRecordKey{Type: kmsg.ControlRecordKeyTypeAbort}
	marker := kmsg.EndTxnMarker{}
	rec := kmsg.Record{Key: key.AppendTo(nil), Value: marker.AppendTo(nil)}
	return encodeBatch(kmsg.RecordBatch{
		FirstOffset:          offset,
		PartitionLeaderEpoch: epoch,
		Magic:                2,
		Attributes:           attrControl | attrTransactional,
		FirstTimestamp:       at,
		MaxTimestamp:         at,
		ProducerID:           producer,
		ProducerEpoch:        prodEpoch,
		FirstSequence:        -1,
		NumRecords:           1,
		Records:              encodeRecord(nil, rec),
	})
}

// emptyBatch holds one offset and no record, as compaction on a real broker
// leaves them.
func emptyBatch(offset int64, epoch int32, at int64) []byte {
	return encodeBatch(kmsg.RecordBatch{
		FirstOffset:          offset,
		PartitionLeaderEpoch: epoch,
		Magic:                2,
		FirstTimestamp:       at,
		MaxTimestamp:         at,
		ProducerID:           -1,
		ProducerEpoch:        -1,
		FirstSequence:        -1,
	})
}

// encodeRecord appends a record with its length set.
func encodeRecord(dst []byte, r kmsg.Record) []byte {
	r.Length = 0
	r.Length = int32(len(r.AppendTo(nil)) - 1) // a length of 0 takes one byte
	return r.AppendTo(dst)
}
