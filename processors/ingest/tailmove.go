package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// resume starts where the checkpoint says, in whatever its file has become. A
// nil checkpoint starts at the path's start.
func (t *tail) resume(c *checkpoint) error {
	if c == nil {
		return nil
	}
	at, err := c.find()
	if err != nil {
		return err
	}
	if at == "" {
		t.log.Warn("the followed log is no longer there; if it grew after the checkpoint, that is lost",
			"path", c.Path, "published_lines", c.Line, "published_bytes", c.Offset)
		return t.lookAhead(c)
	}
	t.goOn = c
	if at != c.Path {
		t.ahead = []string{at}
	}
	return nil
}

// lookAhead finds the rotated files that are younger than the one that was
// left at the checkpoint.
func (t *tail) lookAhead(left *checkpoint) (err error) {
	t.ahead, err = rotatedSince(t.path, left.ModTime, func(f rotatedFile) bool {
		for _, done := range t.done {
			// An inode is used again, even for the next rotated file.
			if os.SameFile(done, f.info) && done.ModTime().Equal(f.info.ModTime()) {
				return true
			}
		}
		return left.matches(f.path)
	})
	return err
}

// inOrder reports whether a file's first line is the next to be read. It is
// not where files were rotated since the last look: they come first.
func (t *tail) inOrder() (bool, error) {
	if t.file == nil || t.left == nil {
		return true, nil
	}
	if err := t.lookAhead(t.left); err != nil {
		return false, err
	}
	if len(t.ahead) > 0 {
		return false, t.close()
	}
	t.left, t.done = nil, nil
	return true, nil
}

// end says what comes where no whole line does, for the reason why: the
// unfinished rest of a line that nobody will finish (ok is true); nothing for
// now (errIdle); or else a look at what is open now will tell.
func (t *tail) end(why error) (l line, ok bool, err error) {
	switch {
	case errors.Is(why, errTruncated):
		return t.startOver()
	case !errors.Is(why, io.EOF) && t.file == nil:
		t.log.Warn("a rotated log is damaged; what is behind the damage is lost", "name", t.name, "line", t.lines.number, "error", why)
		return line{}, false, t.leave()
	case !errors.Is(why, io.EOF):
		return line{}, false, fmt.Errorf("%s: after line %d: %w", t.name, t.lines.number, why)
	case t.from != nil && t.lines.offset < t.from.Offset:
		c := t.from // a rotated file that was replaced by a shorter one
		return line{}, false, errors.Join(t.close(), t.resume(c))
	case t.leaving:
		if l, ok := t.lines.rest(); ok {
			return l, true, nil
		}
		return line{}, false, t.leave()
	}
	if t.info, err = t.file.Stat(); err != nil {
		return line{}, false, err
	}
	return line{}, false, t.replaced()
}

// replaced finds out whether the path is another file now. Then leaving is
// set, and what was written before that is still to be read. Errors: errIdle
// where it is the same file.
func (t *tail) replaced() error {
	now, err := os.Stat(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		return errIdle
	}
	if err != nil {
		return err
	}
	if os.SameFile(t.info, now) || now.Size() == 0 {
		return errIdle
	}
	t.leaving = true
	return nil
}

// leave closes a file that was read to its end and looks for those that came
// after it.
func (t *tail) leave() (err error) {
	if t.file != nil {
		if t.info, err = t.file.Stat(); err != nil {
			return err
		}
	}
	left, info := t.place(), t.info
	return errors.Join(t.close(), t.leaveFor(left, info))
}

// leaveFor finds what comes after a file that was left.
func (t *tail) leaveFor(left *checkpoint, info fs.FileInfo) error {
	t.done = append(t.done, info)
	if t.left == nil || left.Offset > 0 { // else others may have gone before it unread
		t.left = left
	}
	return t.lookAhead(t.left)
}

// startOver leaves a truncated file for its copy, where one has more than was
// read, or for what was rotated since, and then for its new start. Without
// those an unfinished line is all there is of that line, and is returned.
func (t *tail) startOver() (l line, ok bool, err error) {
	left := t.place()
	if t.left == nil || left.Offset > 0 {
		t.left = left
	}
	l, ok = t.lines.rest()
	if err := t.close(); err != nil {
		return line{}, false, err
	}
	copied, err := left.find()
	if err != nil {
		return line{}, false, err
	}
	if copied != "" && copied != t.path {
		t.ahead, t.goOn = []string{copied}, left
		return line{}, false, nil
	}
	err = t.lookAhead(t.left)
	return l, ok && len(t.ahead) == 0, err
}
