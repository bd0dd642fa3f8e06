package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A rotated file lies beside the one that is followed and bears its name with
// a number or a date: cowrie.json.1, cowrie.json.2026-04-14,
// cowrie.json-20260414.gz, cowrie-2026-04-14.json.
const rotationMark = `[.-][0-9][0-9TZ_.-]*`

// rotatedName returns the form of the names of path's rotated files.
func rotatedName(path string) *regexp.Regexp {
	base := filepath.Base(path)
	extension := filepath.Ext(base)
	stem := strings.TrimSuffix(base, extension)
	return regexp.MustCompile(fmt.Sprintf(`^(?:%s%s|%s%s%s)(?:\.gz|\.zst)?$`,
		regexp.QuoteMeta(base), rotationMark, regexp.QuoteMeta(stem), rotationMark, regexp.QuoteMeta(extension)))
}

// rotatedFile is one of path's rotated files.
type rotatedFile struct {
	path string
	info fs.FileInfo
}

// rotatedFiles returns path's rotated files, the oldest first.
func rotatedFiles(path string) ([]rotatedFile, error) {
	dir, form := filepath.Dir(path), rotatedName(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []rotatedFile
	for _, entry := range entries {
		if !form.MatchString(entry.Name()) {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // compressed or removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		if info.Mode().IsRegular() {
			files = append(files, rotatedFile{filepath.Join(dir, entry.Name()), info})
		}
	}
	files = withoutArchived(files)
	slices.SortStableFunc(files, func(a, b rotatedFile) int { return a.info.ModTime().Compare(b.info.ModTime()) })
	return files, nil
}

// withoutArchived leaves out archives of files that are still there: they may
// not be finished.
func withoutArchived(files []rotatedFile) []rotatedFile {
	there := map[string]bool{}
	for _, f := range files {
		there[f.path] = true
	}
	return slices.DeleteFunc(files, func(f rotatedFile) bool {
		plain := strings.TrimSuffix(strings.TrimSuffix(f.path, ".gz"), ".zst")
		return plain != f.path && there[plain]
	})
}

// rotatedSince returns those of path's rotated files that were written to at
// the time or after it, without those that done reports.
func rotatedSince(path string, since time.Time, done func(rotatedFile) bool) ([]string, error) {
	files, err := rotatedFiles(path)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, f := range files {
		if !f.info.ModTime().Before(since) && !done(f) {
			paths = append(paths, f.path)
		}
	}
	return paths, nil
}

// find returns where the checkpoint's file is now: at its path, or among the
// rotated files. It is empty where there is no such file any more.
func (c *checkpoint) find() (string, error) {
	files, err := rotatedFiles(c.Path)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(c.Path); err == nil {
		files = append(files, rotatedFile{c.Path, info})
	}
	// The last is the likeliest, unless one has the very inode.
	slices.Reverse(files)
	slices.SortStableFunc(files, func(a, b rotatedFile) int { return boolOrder(c.sameInode(b.info), c.sameInode(a.info)) })
	for _, f := range files {
		if c.matches(f.path) {
			return f.path, nil
		}
	}
	return "", nil
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (c *checkpoint) sameInode(info fs.FileInfo) bool {
	device, number := inode(info)
	return number != 0 && device == c.Device && number == c.Inode
}

// matches reports whether the file begins as the checkpoint's does and is at
// least as long as what is published of it. One that cannot be read is
// another file.
func (c *checkpoint) matches(path string) bool {
	if c.HeadSize <= 0 || c.HeadSize > headBytes {
		return false
	}
	in, err := open(context.Background(), path, nil)
	if err != nil {
		return false
	}
	defer in.close()
	if !c.begins(in) {
		return false
	}
	more := max(c.Offset-int64(c.HeadSize), 0)
	n, err := io.CopyN(io.Discard, in, more)
	return err == nil && n == more
}

// begins reports whether a file begins as the checkpoint's does.
func (c *checkpoint) begins(file io.Reader) bool {
	if c.HeadSize <= 0 || c.HeadSize > headBytes {
		return false
	}
	head := make([]byte, c.HeadSize)
	_, err := io.ReadFull(file, head)
	return err == nil && headSum(head) == c.HeadSHA256
}
