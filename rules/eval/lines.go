package eval

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// Bounds of what is read.
const (
	// MaxLineBytes is the longest line that is decoded; a longer one is
	// counted as bad.
	MaxLineBytes = 1 << 20
	chunkBytes   = 256 << 10
)

// chunk is some whole lines of the input, or one that is too long.
type chunk struct {
	data []byte
	// first is the number of the first line; lines counts from 1.
	first   int64
	tooLong bool
	// out is what the rules say of the lines, tally how many; done is closed
	// when both are there.
	out   []byte
	tally tally
	bad   []BadLine
	// counts is what the lines mean for correlations, by line.
	counts [][]counted
	done   chan struct{}
}

func (c *chunk) reset() {
	*c = chunk{data: c.data[:0], out: c.out[:0], bad: c.bad[:0], done: make(chan struct{})}
}

// chunker cuts an input into chunks.
type chunker struct {
	in   io.Reader
	next int64 // number of the next line
	// rest is what was read behind the last line end.
	rest []byte
	// skipping says that a line too long has not ended yet.
	skipping bool
	ended    bool
}

// fill reads into c, whose memory is reused. It returns io.EOF at the end, with
// nothing in c.
func (r *chunker) fill(ctx context.Context, c *chunk) error {
	c.data = append(c.data[:0], r.rest...)
	r.rest = r.rest[:0]
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !r.ended {
			if err := r.read(c); err != nil {
				return err
			}
		}
		end := bytes.LastIndexByte(c.data, '\n') + 1
		switch {
		case r.skipping:
			if !r.skip(c) {
				continue
			}
			return nil
		case r.ended && len(c.data) == 0:
			return io.EOF
		case r.ended:
			end = len(c.data)
		case end == 0 && len(c.data) > MaxLineBytes:
			r.skipping = true
			continue
		case end == 0:
			continue
		}
		r.rest = append(r.rest, c.data[end:]...)
		c.data = c.data[:end]
		r.number(c)
		return nil
	}
}

// read adds to c what one read gives.
func (r *chunker) read(c *chunk) error {
	if cap(c.data)-len(c.data) < chunkBytes/4 {
		grown := make([]byte, len(c.data), max(2*cap(c.data), chunkBytes))
		copy(grown, c.data)
		c.data = grown
	}
	n, err := r.in.Read(c.data[len(c.data):cap(c.data)])
	c.data = c.data[:len(c.data)+n]
	if errors.Is(err, io.EOF) {
		r.ended, err = true, nil
	}
	return err
}

// skip drops what belongs to a line that is too long, and reports whether it
// has ended: then c stands for that line.
func (r *chunker) skip(c *chunk) bool {
	end := bytes.IndexByte(c.data, '\n') + 1
	if end == 0 && !r.ended {
		c.data = c.data[:0]
		return false
	}
	if end == 0 {
		end = len(c.data)
	}
	r.rest = append(r.rest, c.data[end:]...)
	c.data, c.tooLong, r.skipping = c.data[:0], true, false
	c.first = r.next + 1
	r.next++
	return true
}

func (r *chunker) number(c *chunk) {
	c.first = r.next + 1
	r.next += int64(bytes.Count(c.data, newline))
	if !bytes.HasSuffix(c.data, newline) {
		r.next++
	}
	if c.first == 1 {
		if text, found := bytes.CutPrefix(c.data, byteOrderMark); found {
			c.data = append(c.data[:0], text...)
		}
	}
}

var (
	newline       = []byte("\n")
	byteOrderMark = []byte("\xef\xbb\xbf")
)
