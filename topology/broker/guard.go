package broker

import (
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxRequestBytes is the largest request taken, Apache Kafka's default for
// socket.request.max.bytes.
const maxRequestBytes = 100 << 20

// guard stands between the network and kfake, which trusts its clients: it
// allocates whatever length a frame claims, and dies of a request that it does
// not know. Anything on the machine can connect, a browser included, so frames
// are looked at first. And it stores batches as they come, where Apache Kafka
// looks into them; so the guard does.
type guard struct {
	log     *slog.Logger
	decoder *decoder
	ready   []byte // checked, not yet handed on
	passed  int64  // bytes of the current frame that may be read unchecked
}

// read fills p with bytes of checked frames, reading from c as needed.
func (g *guard) read(c net.Conn, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(g.ready) == 0 && g.passed == 0 {
		if err := g.next(c); err != nil {
			return 0, err
		}
	}
	if len(g.ready) > 0 {
		n := copy(p, g.ready)
		g.ready = g.ready[n:]
		return n, nil
	}
	n, err := c.Read(p[:min(int64(len(p)), g.passed)])
	g.passed -= int64(n)
	return n, err
}

// next reads and checks the head of the next frame, and the whole of it when
// it is a produce request.
func (g *guard) next(c net.Conn) error {
	head := make([]byte, 8) // length, key, version
	if _, err := io.ReadFull(c, head); err != nil {
		return err
	}
	size := int64(binary.BigEndian.Uint32(head))
	key := int16(binary.BigEndian.Uint16(head[4:]))
	if size < 8 || size > maxRequestBytes || kmsg.RequestForKey(key) == nil {
		g.log.Warn("broker: not a Kafka client, connection closed", "remote", c.RemoteAddr().String())
		return fmt.Errorf("broker: no Kafka request: length %d, key %d", size, key)
	}
	if key != int16(kmsg.Produce) {
		g.ready, g.passed = head, size-4
		return nil
	}
	frame := make([]byte, 4+size)
	copy(frame, head)
	if _, err := io.ReadFull(c, frame[8:]); err != nil {
		return err
	}
	if spoilt := g.spoil(frame[4:]); spoilt > 0 {
		g.log.Warn("broker: refused malformed batches", "batches", spoilt, "remote", c.RemoteAddr().String())
	}
	g.ready = frame
	return nil
}

// spoil breaks the checksum of malformed batches in a produce request, so that
// kfake answers CORRUPT_MESSAGE to them, and returns how many there were.
func (g *guard) spoil(request []byte) int {
	var req kmsg.ProduceRequest
	body := requestBody(request, &req)
	if body == nil || req.ReadFrom(body) != nil {
		return 0 // kfake fails on it in the same way, and closes the connection
	}
	spoilt := 0
	for _, t := range req.Topics {
		for _, p := range t.Partitions {
			if len(p.Records) >= headerBytes && !g.storable(p.Records) {
				p.Records[crcAt] ^= 0xff
				spoilt++
			}
		}
	}
	return spoilt
}

// storable tells whether a batch does no harm:
//
//   - LogAppendTime is the broker's to set. kfake overwrites the timestamps of
//     a batch that bears it, not its checksum, and at the next load drops it
//     and all that follows.
//   - A negative count of records moves the end of kfake's log back.
//   - Records that are not what the header says stall the consumers that reach
//     them, and kill kfake when it looks for a timestamp.
func (g *guard) storable(raw []byte) bool {
	h := parseHeader(raw)
	if h.attrs&attrLogAppendTime != 0 || h.count < 1 {
		return false
	}
	return g.decoder.walk(raw, func(kmsg.Record) {}) == nil
}

// requestBody sets the request's version and returns what follows its header,
// nil when the header is cut short. It reads as kfake does.
func requestBody(b []byte, req kmsg.Request) []byte {
	r := kbin.Reader{Src: b}
	r.Int16() // key
	req.SetVersion(r.Int16())
	r.Int32()          // correlation id
	r.NullableString() // client id
	if req.IsFlexible() {
		kmsg.SkipTags(&r)
	}
	if !r.Ok() {
		return nil
	}
	return r.Src
}
