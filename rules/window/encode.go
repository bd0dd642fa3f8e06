package window

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// version is the first byte of an encoded state.
const version = 1

// What a bucket consists of, as bits.
const (
	flagHit = 1 << iota
	flagOverflow
	flagOwned
	flagPlaced
	flagMax = 1<<iota - 1
)

// Append appends the state in its binary form: varints, times as differences,
// nothing that is not there.
func (s *State) Append(dst []byte) []byte {
	dst = append(dst, version)
	dst = binary.AppendUvarint(dst, uint64(len(s.Buckets)))
	last := int64(0)
	for i := range s.Buckets {
		b := &s.Buckets[i]
		dst = binary.AppendVarint(dst, b.Start-last)
		last = b.Start
		dst = b.append(dst)
	}
	return dst
}

func (b *Bucket) flags() (flags byte) {
	if b.Hit {
		flags |= flagHit
	}
	if b.Overflow {
		flags |= flagOverflow
	}
	for i := range b.Events {
		m := &b.Events[i]
		if m.Owner != [16]byte{} {
			flags |= flagOwned
		}
		if m.Place != 0 || m.Value != "" {
			flags |= flagPlaced
		}
	}
	return flags
}

func (b *Bucket) append(dst []byte) []byte {
	flags := b.flags()
	dst = append(dst, flags)
	dst = binary.AppendUvarint(dst, uint64(len(b.Events)))
	last := b.Start
	for i := range b.Events {
		m := &b.Events[i]
		dst = binary.AppendVarint(dst, m.Time-last)
		last = m.Time
		dst = append(dst, m.ID[:]...)
		if flags&flagOwned != 0 {
			dst = append(dst, m.Owner[:]...)
		}
		if flags&flagPlaced != 0 {
			dst = binary.AppendUvarint(dst, uint64(m.Place))
			dst = appendText(dst, m.Value)
		}
	}
	dst = binary.AppendUvarint(dst, uint64(len(b.Ranges)))
	for _, r := range b.Ranges {
		dst = appendText(dst, r.Value)
		dst = binary.AppendVarint(dst, r.Min-b.Start)
		dst = binary.AppendVarint(dst, r.Max-r.Min)
	}
	dst = binary.AppendUvarint(dst, uint64(len(b.Owners)))
	for _, owner := range b.Owners {
		dst = append(dst, owner[:]...)
	}
	return dst
}

func appendText(dst []byte, text string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

// ErrState says that bytes are no state.
var ErrState = errors.New("window: not a state")

// DecodeState is the inverse of Append. The error wraps ErrState.
func DecodeState(from []byte) (*State, error) {
	if len(from) == 0 || from[0] != version {
		return nil, fmt.Errorf("%w: unknown version", ErrState)
	}
	r := &reader{rest: from[1:]}
	s := &State{}
	last := int64(0)
	for range r.count(5) {
		b := Bucket{Start: last + r.varint()}
		last = b.Start
		r.bucket(&b)
		s.Buckets = append(s.Buckets, b)
	}
	if r.failed || len(r.rest) > 0 {
		return nil, fmt.Errorf("%w: %d bytes", ErrState, len(from))
	}
	return s, nil
}

// reader takes an encoding apart. After a failure it returns zeros.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) bucket(b *Bucket) {
	flags := r.byte()
	if flags > flagMax {
		r.failed = true
	}
	b.Hit, b.Overflow = flags&flagHit != 0, flags&flagOverflow != 0
	last := b.Start
	for range r.count(17) {
		m := Match{Time: last + r.varint(), ID: r.id()}
		last = m.Time
		if flags&flagOwned != 0 {
			m.Owner = r.id()
		}
		if flags&flagPlaced != 0 {
			place := r.uvarint()
			r.failed = r.failed || place >= MaxRules
			m.Place, m.Value = int(place), r.text()
		}
		b.Events = append(b.Events, m)
	}
	for range r.count(3) {
		v := Range{Value: r.text()}
		v.Min = b.Start + r.varint()
		v.Max = v.Min + r.varint()
		b.Ranges = append(b.Ranges, v)
	}
	for range r.count(16) {
		b.Owners = append(b.Owners, r.id())
	}
}

// count reads how many things follow, each of at least so many bytes.
func (r *reader) count(least int) int {
	n := r.uvarint()
	if n > uint64(len(r.rest)/least) {
		r.failed = true
		return 0
	}
	return int(n)
}

func (r *reader) byte() byte {
	if len(r.rest) == 0 {
		r.failed = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	return v * uint64(r.skip(n))
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	return v * int64(r.skip(n))
}

// skip goes past n bytes and returns 1, or notes a failure and returns 0.
func (r *reader) skip(n int) int {
	if n <= 0 || r.failed {
		r.failed = true
		r.rest = nil
		return 0
	}
	r.rest = r.rest[n:]
	return 1
}

func (r *reader) id() (id [16]byte) {
	if len(r.rest) < len(id) {
		r.failed = true
		r.rest = nil
		return id
	}
	copy(id[:], r.rest)
	r.rest = r.rest[len(id):]
	return id
}

func (r *reader) text() string {
	n := r.count(1)
	text := string(r.rest[:n])
	r.rest = r.rest[n:]
	return text
}
