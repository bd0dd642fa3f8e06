package broker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
)

// kfake's logs of groups and of producer ids are rows of frames: length of
// what follows the checksum, checksum of that, version, JSON.
const (
	frameHeader  = 8
	frameVersion = 2
	likelyFrame  = 64 << 10 // an entry is a few hundred bytes
)

// appendFrame appends one entry to a log.
func appendFrame(dst, data []byte) []byte {
	body := binary.LittleEndian.AppendUint16(nil, formatVersion)
	body = append(body, data...)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(body)))
	dst = binary.LittleEndian.AppendUint32(dst, crc32.Checksum(body, castagnoli))
	return append(dst, body...)
}

// nextFrame returns the entry at the start of b and its whole length, or 0
// when there is none of at most so many bytes.
func nextFrame(b []byte, most int) (data []byte, length int) {
	if len(b) < frameHeader+frameVersion {
		return nil, 0
	}
	n := binary.LittleEndian.Uint32(b)
	if n < frameVersion || uint64(n) > uint64(min(most, len(b)-frameHeader)) {
		return nil, 0
	}
	body := b[frameHeader : frameHeader+int(n)]
	if binary.LittleEndian.Uint32(b[4:]) != crc32.Checksum(body, castagnoli) {
		return nil, 0
	}
	if binary.LittleEndian.Uint16(body) != formatVersion {
		return nil, 0
	}
	return body[frameVersion:], frameHeader + int(n)
}

// repairFrames reads a log's entries and cuts off the end of an interrupted
// write. kfake leaves it there and appends behind it, and a start later finds
// none of what it appended.
func (d *dataDir) repairFrames(path string) ([][]byte, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	at := 0
	for data, n := nextFrame(raw, len(raw)); n > 0; data, n = nextFrame(raw[at:], len(raw)) {
		entries = append(entries, data)
		at += n
	}
	if at == len(raw) {
		return entries, nil
	}
	for i := at + 1; i < len(raw); i++ {
		if _, n := nextFrame(raw[i:], likelyFrame); n > 0 {
			return nil, fmt.Errorf("%w: %s at byte %d of %d", ErrDamaged, path, at, len(raw))
		}
	}
	d.log.Warn("broker: cut off an interrupted write", "file", path, "bytes", len(raw)-at)
	if err := d.step("truncate log"); err != nil {
		return nil, err
	}
	return entries, os.Truncate(path, int64(at))
}
