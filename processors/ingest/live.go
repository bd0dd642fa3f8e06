package ingest

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// errTruncated says that a file is no longer the continuation of what was
// read of it.
var errTruncated = errors.New("the file was truncated")

// liveFile reads a file that may be truncated under the reader's hands, and
// may have grown beyond what was read of it again. After every read it looks
// whether the file still begins as it did: what was read is kept only then.
type liveFile struct {
	*os.File
	head []byte // the file's first bytes
	at   int64  // how many bytes were read
}

// Read is the file's, but for errTruncated.
func (f *liveFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	cut, checking := f.truncated()
	if checking != nil {
		return 0, checking
	}
	if cut {
		return 0, errTruncated
	}
	if room := headBytes - len(f.head); room > 0 {
		f.head = append(f.head, p[:min(n, room)]...)
	}
	f.at += int64(n)
	return n, err
}

// truncated reports whether the file is shorter than what was read of it, or
// begins otherwise.
func (f *liveFile) truncated() (bool, error) {
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if info.Size() < f.at {
		return true, nil
	}
	now := make([]byte, len(f.head))
	if _, err := f.ReadAt(now, 0); err != nil {
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		return false, err
	}
	return !bytes.Equal(now, f.head), nil
}
