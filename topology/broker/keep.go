package broker

import (
	"bytes"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// keeper decides, batch by batch in ascending order, what a compaction keeps.
type keeper struct {
	p       *partition
	decoder *decoder
	keys    map[[16]byte]int64 // the last offset of each
	end     int64              // what is at or above stays as it is
	now     int64              // milliseconds
	horizon int64              // milliseconds: tombstones met for the first time go then

	survives map[int64]bool // producers with a record left in their current transaction
}

func newKeeper(d *dataDir, p *partition) (*keeper, error) {
	decoder, err := newDecoder()
	if err != nil {
		return nil, err
	}
	return &keeper{
		p:        p,
		decoder:  decoder,
		keys:     make(map[[16]byte]int64),
		now:      d.now.UnixMilli(),
		horizon:  d.now.Add(p.topic.tombstones()).UnixMilli(),
		survives: make(map[int64]bool),
	}, nil
}

func (k *keeper) close() { k.decoder.close() }

// batch returns what is left of a batch: raw itself, a thinner one, or nil.
// A batch that cannot be read stays.
func (k *keeper) batch(h header, raw []byte) ([]byte, error) {
	if h.offset >= k.end {
		return raw, nil
	}
	if h.control() {
		// Nobody needs a marker whose transaction has no record left.
		keep := k.survives[h.producer]
		delete(k.survives, h.producer)
		if keep {
			return raw, nil
		}
		return nil, nil
	}
	if h.inTransaction() && k.p.hasAborted(h.producer, h.offset) {
		return nil, nil
	}
	records, err := k.decoder.records(raw)
	if err != nil {
		k.survives[h.producer] = true
		return raw, nil
	}
	kept, tombstones := k.records(h, records)
	if len(kept) == 0 {
		return nil, nil
	}
	k.survives[h.producer] = true
	mark := tombstones && h.attrs&attrDeleteHorizon == 0
	if len(kept) == len(records) && !mark {
		return raw, nil
	}
	return k.rebuild(raw, kept, mark)
}

// records returns the records that stay, and whether tombstones are among
// them. A record without a key supersedes nothing and is superseded by nothing.
func (k *keeper) records(h header, records []kmsg.Record) (kept []kmsg.Record, tombstones bool) {
	expired := h.attrs&attrDeleteHorizon != 0 && h.baseTime <= k.now
	for _, r := range records {
		if r.Key == nil {
			kept = append(kept, r)
			continue
		}
		if last, ok := k.keys[keyHash(r.Key)]; ok && last > h.offset+int64(r.OffsetDelta) {
			continue
		}
		if r.Value == nil && expired {
			continue
		}
		tombstones = tombstones || r.Value == nil
		kept = append(kept, r)
	}
	return kept, tombstones
}

// rebuild encodes a batch anew with the records that stay, at their offsets.
// With mark set, its base timestamp becomes the time from which its tombstones
// may go, as Apache Kafka does it (KIP-534): counted from the first compaction
// that met them, not from when they were written, so that whoever was off for
// longer than that still sees them.
func (k *keeper) rebuild(raw []byte, kept []kmsg.Record, mark bool) ([]byte, error) {
	var b kmsg.RecordBatch
	if err := b.ReadFrom(raw); err != nil {
		return nil, err
	}
	base := b.FirstTimestamp
	if mark {
		b.FirstTimestamp = k.horizon
		b.Attributes |= attrDeleteHorizon
	}
	var records []byte
	newest := int64(-1)
	for _, r := range kept {
		at := base + r.TimestampDelta64
		newest = max(newest, at)
		r.TimestampDelta64 = at - b.FirstTimestamp
		r.TimestampDelta = int32(r.TimestampDelta64)
		records = encodeRecord(records, r)
	}
	if b.Attributes&attrLogAppendTime == 0 {
		b.MaxTimestamp = newest
	}
	b.NumRecords = int32(len(kept))
	// kfake serves the next batch to who asks for an offset between two, but
	// Sarama crawls through a batch that ends in offsets without records.
	b.LastOffsetDelta = kept[len(kept)-1].OffsetDelta
	var err error
	if b.Records, b.Attributes, err = compress(records, b.Attributes); err != nil {
		return nil, err
	}
	return encodeBatch(b), nil
}

// codecs are the compressions, by their number in a batch's attributes.
var codecs = [...]kgo.CompressionCodec{
	kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(), kgo.ZstdCompression(),
}

// compress compresses records as the attributes say, and returns the
// attributes that they have then.
func compress(records []byte, attrs int16) ([]byte, int16, error) {
	n := int(attrs & attrCodec)
	if n >= len(codecs) {
		return nil, 0, fmt.Errorf("unknown compression %d", n)
	}
	c, err := kgo.DefaultCompressor(codecs[n])
	if err != nil {
		return nil, 0, fmt.Errorf("compression %d: %w", n, err)
	}
	if c == nil {
		return records, attrs, nil
	}
	out, used := c.Compress(new(bytes.Buffer), records)
	if used < 0 {
		return nil, 0, fmt.Errorf("compression %d failed", n)
	}
	return out, attrs&^attrCodec | int16(used), nil
}
