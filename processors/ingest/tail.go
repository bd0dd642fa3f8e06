package ingest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
)

// errIdle says that there is nothing to read for now.
var errIdle = errors.New("nothing to read for now")

// tail reads a file that grows, through every kind of rotation, as lines.
//
// It reads what is open to its end, and only then looks what became of the
// path (tailmove.go). The open file stays the same through a rename, so its
// last lines are read before those of its successor, which is taken when it
// holds something: its writer has let go of the old one then. A file that is
// shorter than what was read of it, or begins otherwise, was truncated,
// perhaps after having been copied: what was not read yet is looked for in
// the copy. Files that came and went between two looks are read as the
// rotated files they are now.
type tail struct {
	path    string
	log     *slog.Logger
	counted func(int)

	// ahead are rotated files to be read before the path; only the first counts,
	// because names shift with every rotation. Where to go on in it, or in the
	// path where there is none ahead, says goOn.
	ahead []string
	goOn  *checkpoint
	// left is the end of the file before the one at hand, done are the files
	// that were left since the path's was begun.
	left *checkpoint
	done []fs.FileInfo

	in     io.Closer   // what is open
	file   *liveFile   // the same, where it was opened at the path
	from   *checkpoint // lines up to here were published already
	lines  *lineReader
	name   string
	info   fs.FileInfo
	opened int // how many files were opened: each needs a new decoder
	// leaving says that the open file gets no more lines.
	leaving bool
}

// next returns the next line. known says that it was published already and is
// only to be learnt from. Errors: errIdle, and the file system's.
func (t *tail) next() (l line, known bool, err error) {
	for {
		if t.in == nil {
			if err := t.openNext(); err != nil {
				return line{}, false, err
			}
			continue
		}
		l, err := t.lines.next()
		if err == nil {
			inOrder, err := t.inOrder()
			if err != nil {
				return line{}, false, err
			}
			if !inOrder {
				continue
			}
			return l, t.known(&l), nil
		}
		l, ok, err := t.end(err)
		if err != nil || ok {
			return l, t.known(&l), err
		}
	}
}

func (t *tail) known(l *line) bool { return t.from != nil && l.end <= t.from.Offset }

// openNext opens the oldest rotated file that is ahead, or the path.
func (t *tail) openNext() error {
	from := t.goOn
	t.goOn = nil
	if len(t.ahead) > 0 {
		return t.openRotated(t.ahead[0], from)
	}
	f, err := os.Open(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		t.goOn = from
		return errIdle
	}
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if from != nil && !from.begins(io.NewSectionReader(f, 0, headBytes)) {
		return errors.Join(f.Close(), t.resume(from)) // rotated since it was found
	}
	live := &liveFile{File: f}
	t.start(countingReader{live, t.counted}, f, baseName(t.path), info, from)
	t.file = live
	return nil
}

// openRotated opens a rotated file, which may have been compressed since it
// was seen.
func (t *tail) openRotated(path string, from *checkpoint) error {
	t.ahead = nil
	for _, suffix := range [...]string{"", ".gz", ".zst"} {
		info, err := os.Stat(path + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		in, err := open(context.Background(), path+suffix, t.counted)
		if err != nil {
			t.log.Warn("a rotated log cannot be read; what is in it is lost", "path", path+suffix, "error", err)
			return t.leaveFor(&checkpoint{Path: t.path, ModTime: info.ModTime()}, info)
		}
		if from != nil {
			peeked := bufio.NewReaderSize(in.Reader, 2*headBytes)
			in.Reader = peeked
			head, _ := peeked.Peek(from.HeadSize)
			if !from.begins(bytes.NewReader(head)) {
				return errors.Join(in.close(), t.resume(from))
			}
		}
		t.start(in, closer(in.close), in.name, info, from)
		t.leaving = true
		return nil
	}
	t.log.Warn("a rotated log went away before it was read", "path", path)
	return nil
}

func (t *tail) start(in io.Reader, c io.Closer, name string, info fs.FileInfo, from *checkpoint) {
	t.in, t.file, t.lines, t.name = c, nil, newLineReader(in), name
	t.info, t.from, t.leaving = info, from, false
	t.opened++
}

func (t *tail) close() error {
	if t.in == nil {
		return nil
	}
	err := t.in.Close()
	t.in, t.file, t.from = nil, nil, nil
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	return nil
}

// position returns the checkpoint of what was returned so far, or nil where
// nothing was read of the file at hand.
func (t *tail) position() *checkpoint {
	if t.lines == nil {
		return nil
	}
	if c := t.place(); c.HeadSize > 0 {
		return c
	}
	return nil
}

// positionBefore is position before a line that was just returned.
func (t *tail) positionBefore(l *line) *checkpoint {
	c := t.place()
	c.Offset, c.Line = l.start, l.number-1
	return c
}

// place is position, also of a file of which no whole line was read: there is
// nothing then to know the file by, and none matches.
func (t *tail) place() *checkpoint {
	head := t.lines.begins()
	if len(head) < headBytes && !bytes.Contains(head, []byte("\n")) {
		head = nil
	}
	device, number := inode(t.info)
	return &checkpoint{
		Path: t.path, HeadSize: len(head), HeadSHA256: headSum(head), Device: device, Inode: number,
		Offset: t.lines.offset, Line: t.lines.number, ModTime: t.info.ModTime(),
	}
}

type closer func() error

func (c closer) Close() error { return c() }
