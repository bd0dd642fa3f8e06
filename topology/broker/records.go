package broker

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxInflated is how large a compressed batch may become: a few bytes can
// claim gigabytes. (Snappy and LZ4 cannot: what fits into a message stays
// below 300 MB.)
const maxInflated = 64 << 20

// decoder reads the records in batches. It may be used by several goroutines.
type decoder struct {
	zstd   *zstd.Decoder
	others kgo.Decompressor
}

func newDecoder() (*decoder, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxInflated))
	if err != nil {
		return nil, fmt.Errorf("zstd: %w", err)
	}
	return &decoder{zstd: z, others: kgo.DefaultDecompressor()}, nil
}

// close frees what the decoder holds, once nobody uses it any more. A decoder
// that is dropped without it is collected as a whole.
func (d *decoder) close() { d.zstd.Close() }

var errRecords = errors.New("no row of records")

// walk calls fn for each record of a batch. It returns an error if they are
// not what the batch's header says: as many, each as long as it claims, at
// ascending offsets.
func (d *decoder) walk(raw []byte, fn func(kmsg.Record)) error {
	h := parseHeader(raw)
	b, err := d.inflate(raw[headerBytes:], kgo.CompressionCodecType(h.attrs&attrCodec))
	if err != nil {
		return err
	}
	count, after := int32(0), int32(-1)
	for ; len(b) > 0; count++ {
		length, n := binary.Varint(b)
		if n <= 0 || length < 0 || length > int64(len(b)-n) {
			return errRecords
		}
		var r kmsg.Record
		whole := b[:n+int(length)]
		if err := r.ReadFrom(whole); err != nil {
			return err
		}
		if r.OffsetDelta <= after || r.OffsetDelta > h.lastDelta {
			return errRecords
		}
		after, b = r.OffsetDelta, b[len(whole):]
		fn(r)
	}
	if count != h.count {
		return errRecords
	}
	return nil
}

// records returns the records of a batch, see walk.
func (d *decoder) records(raw []byte) ([]kmsg.Record, error) {
	var out []kmsg.Record
	err := d.walk(raw, func(r kmsg.Record) { out = append(out, r) })
	if err != nil {
		return nil, err
	}
	return out, nil
}

// inflate undoes a batch's compression.
func (d *decoder) inflate(b []byte, codec kgo.CompressionCodecType) ([]byte, error) {
	switch codec {
	case kgo.CodecZstd:
		return d.zstd.DecodeAll(b, nil)
	case kgo.CodecGzip:
		r, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		out, err := io.ReadAll(io.LimitReader(r, maxInflated+1))
		if err == nil && len(out) > maxInflated {
			err = fmt.Errorf("batch inflates to more than %d bytes", maxInflated)
		}
		return out, err
	default:
		return d.others.Decompress(b, codec)
	}
}
