package processors

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// gateEntry is what the gate remembers of a tag: which candidate it let
// through, and what that candidate held. Entries never expire, so they are
// small: 16 bytes of hash and the coordinates.
type gateEntry struct {
	// hash is the start of the SHA-256 of the candidate's bytes.
	hash [16]byte
	// topic is the place of the input topic in gateInputs.
	topic     uint8
	partition int32
	offset    int64
}

// passedAt reports whether the entry was made by the candidate at these
// coordinates: Kafka delivered it again after a crash.
func (e gateEntry) passedAt(o gateEntry) bool {
	return e.topic == o.topic && e.partition == o.partition && e.offset == o.offset
}

func contentHash(raw []byte) (h [16]byte) {
	sum := sha256.Sum256(raw)
	copy(h[:], sum[:])
	return h
}

const gateEntryLength = 1 + 16 + 1 + 4 + 8

// gateEntryVersion leads every entry, so that a later form can be told apart.
const gateEntryVersion = 1

// gateCodec turns gate entries into 30 bytes and back.
type gateCodec struct{}

// Encode returns the bytes of a gateEntry.
func (gateCodec) Encode(value any) ([]byte, error) {
	e, ok := value.(gateEntry)
	if !ok {
		return nil, fmt.Errorf("gate table: cannot encode a %T", value)
	}
	raw := make([]byte, 0, gateEntryLength)
	raw = append(raw, gateEntryVersion)
	raw = append(raw, e.hash[:]...)
	raw = append(raw, e.topic)
	raw = binary.BigEndian.AppendUint32(raw, uint32(e.partition))
	raw = binary.BigEndian.AppendUint64(raw, uint64(e.offset))
	return raw, nil
}

// Decode returns a gateEntry. It fails on bytes that we did not write: the
// table is the gate's own, and to guess here would let a tag through twice.
func (gateCodec) Decode(raw []byte) (any, error) {
	if len(raw) != gateEntryLength || raw[0] != gateEntryVersion {
		return nil, errors.New("gate table: not an entry of this version; the changelog was written by another program")
	}
	var e gateEntry
	copy(e.hash[:], raw[1:17])
	e.topic = raw[17]
	e.partition = int32(binary.BigEndian.Uint32(raw[18:22]))
	e.offset = int64(binary.BigEndian.Uint64(raw[22:30]))
	return e, nil
}
