package broker

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// segment is one file of a partition's log, with its index beside it.
type segment struct {
	base     int64 // offset in its name, at or below its first
	next     int64 // offset after its last batch
	bytes    int64
	minEpoch int32
	maxEpoch int32
	maxTime  int64 // milliseconds, of its records
	modified time.Time
}

func dataName(base int64) string  { return strconv.FormatInt(base, 10) + ".dat" }
func indexName(base int64) string { return strconv.FormatInt(base, 10) + ".idx" }

// baseOf returns the offset in a segment file's name, false if it is none.
func baseOf(name, suffix string) (int64, bool) {
	digits, ok := strings.CutSuffix(name, suffix)
	if !ok {
		return 0, false
	}
	base, err := strconv.ParseInt(digits, 10, 64)
	return base, err == nil && base >= 0
}

// damage is where a segment stops being a row of whole batches.
type damage struct {
	at, size int64
	tail     bool // no whole batch follows: the end of an interrupted write
}

// readSegment calls fn for each whole batch of a segment file from the offset
// on; what fn is given is valid until it returns. It returns the damage at
// which it stopped, nil if there is none.
func readSegment(path string, from int64, fn func(h header, raw []byte) error) (*damage, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(f, 256<<10)
	var raw []byte
	for pos, size := int64(0), info.Size(); pos < size; {
		if raw, err = readBatch(r, raw, size-pos); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		if raw == nil || !intact(raw, from) {
			tail, err := noBatchAfter(f, pos, size, from)
			return &damage{at: pos, size: size, tail: tail}, err
		}
		h := parseHeader(raw)
		if err := fn(h, raw); err != nil {
			return nil, err
		}
		pos, from = pos+h.bytes, h.next()
	}
	return nil, nil
}

// readBatch reads the next batch into buf, growing it, or returns nil when
// what is left of the file cannot be one.
func readBatch(r *bufio.Reader, buf []byte, left int64) ([]byte, error) {
	head, err := r.Peek(int(min(headerBytes, left)))
	if err != nil {
		return nil, err
	}
	if len(head) < headerBytes {
		return nil, nil
	}
	n := parseHeader(head).bytes
	if n < headerBytes || n > left {
		return nil, nil
	}
	if int64(cap(buf)) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	_, err = io.ReadFull(r, buf)
	return buf, err
}

// noBatchAfter looks for a whole batch anywhere after a damaged place. The
// end of a write that a kill interrupted has none; a damage in the middle of
// the file has, and must not be cut off.
func noBatchAfter(f *os.File, pos, size, from int64) (bool, error) {
	rest := make([]byte, size-pos)
	if _, err := f.ReadAt(rest, pos); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	for i := 1; i+headerBytes <= len(rest); i++ {
		if rest[i+magicAt] != 2 {
			continue
		}
		n := int64(int32(binary.BigEndian.Uint32(rest[i+lengthAt:]))) + lengthAt + 4
		if n >= headerBytes && n <= int64(len(rest)-i) && intact(rest[i:int64(i)+n], from) {
			return false, nil
		}
	}
	return true, nil
}

// indexEntryBytes is the size of one batch's entry in an index file: version,
// checksum, epoch, running maximum of the timestamps, flags.
const indexEntryBytes = 15

// appendIndex appends the index entry of a batch. kfake recomputes the
// timestamp whenever it loads, and everything else is in the batch.
func appendIndex(dst []byte, h header) []byte {
	e := make([]byte, indexEntryBytes)
	e[0] = formatVersion
	binary.LittleEndian.PutUint32(e[2:], uint32(h.epoch))
	binary.LittleEndian.PutUint64(e[6:], uint64(h.maxTime))
	if h.inTransaction() {
		e[14] = 1
	}
	e[1] = byte(crc32.Checksum(e[2:], castagnoli))
	return append(dst, e...)
}

// sameIndex tells whether a stored index says what was derived from the
// batches, timestamps apart.
func sameIndex(stored, derived []byte) bool {
	if len(stored) != len(derived) {
		return false
	}
	for i := 0; i < len(stored); i += indexEntryBytes {
		s, d := stored[i:i+indexEntryBytes], derived[i:i+indexEntryBytes]
		if s[0] != d[0] || s[1] != byte(crc32.Checksum(s[2:], castagnoli)) ||
			[4]byte(s[2:6]) != [4]byte(d[2:6]) || s[14] != d[14] {
			return false
		}
	}
	return true
}

// repairIndex rewrites a segment's index if it does not say what its batches do.
func repairIndex(dir string, base int64, derived []byte) (bool, error) {
	path := filepath.Join(dir, indexName(base))
	stored, err := os.ReadFile(path)
	if err == nil && sameIndex(stored, derived) {
		return false, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, err
	}
	return true, writeFile(path, derived, false)
}
