package ingest

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Stdin is the name of the standard input among files.
const Stdin = "-"

// maxZstdWindow bounds what a compressed file can make us hold, in bytes. It
// is what zstd itself allows without being told to.
const maxZstdWindow = 128 << 20

// input is an open file, decompressed.
type input struct {
	io.Reader
	name  string
	close func() error
}

// open opens a file, or the standard input, and finds out by its first bytes
// whether it is compressed with gzip or zstd. counted is told of the bytes
// read from disk.
func open(ctx context.Context, path string, counted func(int)) (*input, error) {
	if path == Stdin {
		return plain(interruptible(ctx, os.Stdin), "stdin", func() error { return nil }, counted)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in, err := plain(f, baseName(path), f.Close, counted)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return in, nil
}

// baseName is how a file is named in headers and dead letters: whoever reads
// those need not know where it lies.
func baseName(path string) string {
	return strings.ToValidUTF8(filepath.Base(path), "\uFFFD")
}

// plain takes the compression off.
func plain(r io.Reader, name string, close func() error, counted func(int)) (*input, error) {
	buffered := bufio.NewReaderSize(countingReader{r, counted}, 64<<10)
	magic, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	in := &input{Reader: buffered, name: name, close: close}
	switch {
	case len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		if in.Reader, err = gzip.NewReader(buffered); err != nil {
			return nil, err
		}
	case string(magic) == "\x28\xb5\x2f\xfd":
		z, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return nil, err
		}
		in.Reader = z
		in.close = func() error { z.Close(); return close() }
	}
	return in, nil
}

type countingReader struct {
	in      io.Reader
	counted func(int)
}

func (r countingReader) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	if r.counted != nil {
		r.counted(n)
	}
	return n, err
}

// interruptible returns a reader that ends with ctx's error when ctx ends,
// also while nobody writes. The goroutine that reads then stays until the next
// byte or the end of the program: a read of a terminal cannot be called off.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err) // nil: io.EOF
	}()
	context.AfterFunc(ctx, func() { in.CloseWithError(ctx.Err()) })
	return out
}
