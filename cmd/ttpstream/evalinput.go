package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
)

// maxEventsWindow bounds what a zstd file can make us hold, in bytes. It is
// what zstd itself allows without being told to.
const maxEventsWindow = 128 << 20

// events is an open input of events, decompressed.
type events struct {
	io.Reader
	close func() error
}

// Close closes the input.
func (e *events) Close() error { return e.close() }

// openEvents opens a file, or the standard input for "-", and finds out by its
// first bytes whether it is compressed with gzip or zstd.
func openEvents(ctx context.Context, path string, stdin io.Reader) (*events, error) {
	if path == "-" {
		if file, ok := stdin.(*os.File); ok && isFile(file) {
			return decompressed(file, func() error { return nil })
		}
		return decompressed(interruptible(ctx, stdin), func() error { return nil })
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	e, err := decompressed(f, f.Close)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return e, nil
}

// isFile reports whether a file is one that a read does not wait on.
func isFile(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

func decompressed(r io.Reader, close func() error) (*events, error) {
	buffered := bufio.NewReaderSize(r, 256<<10)
	magic, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		return &events{unzipped, close}, nil
	case string(magic) == "\x28\xb5\x2f\xfd":
		z, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxEventsWindow))
		if err != nil {
			return nil, err
		}
		return &events{z, func() error { z.Close(); return close() }}, nil
	}
	return &events{buffered, close}, nil
}

// interruptible returns a reader that ends with ctx's error when ctx ends, also
// while nobody writes. The goroutine that reads then stays until the next byte
// or the end of the program: a read of a terminal cannot be called off.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	out, in := io.Pipe()
	go func() {
		_, err := io.CopyBuffer(in, r, make([]byte, 256<<10))
		in.CloseWithError(err) // nil: io.EOF
	}()
	context.AfterFunc(ctx, func() { in.CloseWithError(ctx.Err()) })
	return out
}
