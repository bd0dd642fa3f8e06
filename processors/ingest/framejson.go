package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/ttpstream/ttpstream/schemas"
)

// valueReader cuts a document of JSON into its values, or the entries of its
// outermost list. It knows brackets and strings and no more: whether a value is
// JSON is the decoder's to say. Where brackets do not match, the rest of the
// line is a record, which will be refused.
type valueReader struct {
	in     *bufio.Reader
	number int64 // of the line that is being read, from 1
	offset int64
	inList bool
	opened bool
}

func newValueReader(in io.Reader) *valueReader {
	return &valueReader{in: bufio.NewReaderSize(in, headSize), number: 1}
}

// rest implements records: a value that is cut short is returned by next.
func (r *valueReader) rest() (line, bool) { return line{}, false }

func (r *valueReader) next() (line, error) {
	for {
		c, err := r.byte()
		if err != nil {
			return line{}, err
		}
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' && r.inList || c == 0xef || c == 0xbb || c == 0xbf:
		case c == '[' && !r.opened:
			r.inList, r.opened = true, true
		case c == ']' && r.inList:
			r.inList = false
		default:
			r.opened = true
			return r.value(c)
		}
	}
}

func (r *valueReader) byte() (byte, error) {
	c, err := r.in.ReadByte()
	if err == nil {
		r.offset++
		if c == '\n' {
			r.number++
		}
	}
	return c, err
}

// value reads on to the end of the value that begins with first.
func (r *valueReader) value(first byte) (line, error) {
	l := line{number: r.number, start: r.offset - 1}
	var text bytes.Buffer
	keep := func(c byte) {
		l.size++
		if l.size <= MaxLineBytes || text.Len() < schemas.MaxDeadLetterPayload {
			text.WriteByte(c)
		}
	}
	keep(first)
	scan := scanner{}
	scan.see(first)
	for !scan.done {
		c, err := r.byte()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return line{}, err
		}
		if scan.bare && (c == ',' || c == ']') {
			if err := r.in.UnreadByte(); err == nil {
				r.offset--
			}
			break
		}
		keep(c)
		scan.see(c)
	}
	l.text, l.end = text.Bytes(), r.offset
	return l, nil
}

// scanner finds the end of a value.
type scanner struct {
	depth           int
	inText, escaped bool
	// bare says that the value is no object, list or text: a comma, a bracket or
	// a line's end ends it.
	bare bool
	done bool
}

func (s *scanner) see(c byte) {
	switch {
	case s.inText:
		switch {
		case s.escaped:
			s.escaped = false
		case c == '\\':
			s.escaped = true
		case c == '"':
			s.inText = false
			s.done = s.depth == 0
		}
	case c == '"':
		s.inText = true
	case c == '{' || c == '[':
		s.depth++
	case c == '}' || c == ']':
		s.depth--
		s.done = s.depth <= 0
	case s.depth == 0:
		s.bare = true
		s.done = c == '\n'
	}
}
