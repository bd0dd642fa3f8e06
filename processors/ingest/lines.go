package ingest

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/ttpstream/ttpstream/schemas"
)

// MaxLineBytes is the longest line that is decoded. Of a longer one only the
// start is kept, for the dead letter. Cowrie's longest ordinary lines, an SSH
// client's algorithms, take 5 KiB.
const MaxLineBytes = 1 << 20

// line is one line of a file, without its line end.
type line struct {
	// text is valid until the reader's next call. Of a line longer than
	// [MaxLineBytes] it is the start.
	text []byte
	// size is the length of the whole line.
	size int64
	// number counts from 1.
	number int64
	// start and end are where this line and the next one start, in bytes from
	// the file's start.
	start, end int64
	// message says that the record is a mail: any bytes, and nobody's to see
	// but the decoder's.
	message bool
}

// check refuses what no format has.
func (l *line) check() *Refusal {
	switch {
	case l.message && l.size > MaxMessageBytes:
		return refuse(ReasonMessageTooLong, "the message is longer than 32 MiB")
	case l.message:
	case l.size > MaxLineBytes:
		return refuse(ReasonLineTooLong, "the line is longer than 1 MiB")
	case bytes.IndexByte(l.text, 0) >= 0:
		return refuse(ReasonNULBytes, "the line has NUL bytes")
	case !utf8.Valid(l.text):
		return refuse(ReasonNotUTF8, "the line is not UTF-8")
	}
	return nil
}

func (l *line) blank() bool { return len(bytes.TrimSpace(l.text)) == 0 }

// lineReader splits a file into lines in bounded memory, however long they
// are. At the end of what there is it says io.EOF and can be asked again
// later: a line is whole when its line feed has come. A byte order mark at
// the start and a carriage return before a line feed are no part of a line.
type lineReader struct {
	in                  io.Reader
	buffer              []byte
	start, scanned, end int // buffer[start:end] is read and not yet returned
	offset              int64
	number              int64
	// long is the start of a line that outgrew the buffer, longSize what of it
	// was read and let go.
	long     []byte
	longSize int64
	// head is the file's start, as far as it was returned: its fingerprint.
	head []byte
}

const (
	readChunk = 256 << 10
	// headBytes is how much of a file's start tells it from others. It holds
	// several of Cowrie's timestamps.
	headBytes = 1024
)

func newLineReader(in io.Reader) *lineReader {
	return &lineReader{in: in, buffer: make([]byte, readChunk)}
}

// next returns the next whole line. Errors: io.EOF where there is none yet,
// and the file's own.
func (r *lineReader) next() (line, error) {
	for {
		if i := bytes.IndexByte(r.buffer[r.scanned:r.end], '\n'); i >= 0 {
			return r.take(r.scanned+i, 1), nil
		}
		r.scanned = r.end
		if r.end-r.start > MaxLineBytes {
			r.letGo()
		}
		if err := r.fill(); err != nil {
			return line{}, err
		}
	}
}

// rest returns what stands after the last line feed, as a line. ok is false
// where nothing does.
func (r *lineReader) rest() (l line, ok bool) {
	if r.end == r.start && r.longSize == 0 {
		return line{}, false
	}
	return r.take(r.end, 0), true
}

// begins returns the file's start as far as it was read, at most headBytes.
func (r *lineReader) begins() []byte {
	part := r.buffer[r.start:r.end]
	if len(r.head) == headBytes {
		return r.head
	}
	return append(bytes.Clone(r.head), part[:min(len(part), headBytes-len(r.head))]...)
}

// take returns the line that ends at buffer[at], before a line end of that
// many bytes.
func (r *lineReader) take(at, lineEnd int) line {
	text := r.buffer[r.start:at]
	l := line{text: text, size: r.longSize + int64(len(text)), start: r.offset}
	r.fingerprint(r.buffer[r.start : at+lineEnd])
	r.offset += l.size + int64(lineEnd)
	r.number++
	r.start, r.scanned = at+lineEnd, at+lineEnd
	l.number, l.end = r.number, r.offset
	if r.longSize > 0 {
		l.text = r.long
		r.long, r.longSize = nil, 0
		return l
	}
	if l.number == 1 {
		l.text = bytes.TrimPrefix(l.text, []byte("\xef\xbb\xbf"))
	}
	l.text = bytes.TrimSuffix(l.text, []byte("\r"))
	l.size = int64(len(l.text))
	return l
}

// letGo drops what is read of a line that is too long, but for its start.
func (r *lineReader) letGo() {
	part := r.buffer[r.start:r.end]
	if r.longSize == 0 {
		r.long = bytes.Clone(part[:min(len(part), schemas.MaxDeadLetterPayload)])
	}
	r.fingerprint(part)
	r.longSize += int64(len(part))
	r.start, r.scanned, r.end = 0, 0, 0
}

func (r *lineReader) fingerprint(part []byte) {
	if room := headBytes - len(r.head); room > 0 {
		r.head = append(r.head, part[:min(len(part), room)]...)
	}
}

// fill reads more, in place of what was returned or into a larger buffer.
func (r *lineReader) fill() error {
	if r.end == len(r.buffer) && r.start > 0 {
		copy(r.buffer, r.buffer[r.start:r.end])
		r.scanned, r.end, r.start = r.scanned-r.start, r.end-r.start, 0
	}
	if r.end == len(r.buffer) {
		r.buffer = append(r.buffer, make([]byte, len(r.buffer))...)
	}
	for range 100 {
		n, err := r.in.Read(r.buffer[r.end:])
		r.end += n
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}
