package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/go-cmp/cmp"
)

// logFile is a log as a daemon and logrotate treat it. Every line is another.
type logFile struct {
	tb      failer
	path    string
	file    *os.File
	number  int
	rotated int
	clock   time.Time // when the last write was; rotations lie a second apart
	written []string
}

// failer is what testing.T and rapid.T have in common.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func newLog(tb failer, dir string) *logFile {
	l := &logFile{tb: tb, path: filepath.Join(dir, "cowrie.json"), clock: time.Date(2026, 8, 21, 0, 0, 0, 0, time.UTC)}
	l.open()
	return l
}

func (l *logFile) check(err error) {
	l.tb.Helper()
	if err != nil {
		l.tb.Fatal(err)
	}
}

func (l *logFile) open() {
	l.tb.Helper()
	f, err := os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	l.check(err)
	l.file = f
	l.touch(l.path)
}

func (l *logFile) raw(text string) {
	l.tb.Helper()
	_, err := l.file.WriteString(text)
	l.check(err)
	l.touch(l.path)
}

// touch keeps the order of modification times: within a test they would all
// be one tick of the clock.
func (l *logFile) touch(path string) {
	l.tb.Helper()
	l.clock = l.clock.Add(time.Second)
	l.check(os.Chtimes(path, l.clock, l.clock))
}

// line writes n lines.
func (l *logFile) line(n int) {
	l.tb.Helper()
	for range n {
		l.number++
		text := fmt.Sprintf("line %06d at %s", l.number, l.clock.Format(time.RFC3339))
		l.written = append(l.written, text)
		l.raw(text + "\n")
	}
}

// rename rotates by rename and create.
func (l *logFile) rename() string {
	l.tb.Helper()
	l.check(l.file.Close())
	l.rotated++
	to := fmt.Sprintf("%s.%d", l.path, l.rotated)
	l.check(os.Rename(l.path, to))
	l.open()
	return to
}

// copyTruncate rotates by copy and truncate.
func (l *logFile) copyTruncate() string {
	l.tb.Helper()
	l.rotated++
	to := fmt.Sprintf("%s.%d", l.path, l.rotated)
	raw, err := os.ReadFile(l.path)
	l.check(err)
	l.check(os.WriteFile(to, raw, 0o644))
	l.touch(to)
	l.truncate()
	return to
}

func (l *logFile) truncate() {
	l.tb.Helper()
	l.check(l.file.Truncate(0))
	l.touch(l.path)
}

// compress puts an archive in a rotated file's place, with its time.
func (l *logFile) compress(path string) {
	l.tb.Helper()
	raw, err := os.ReadFile(path)
	l.check(err)
	info, err := os.Stat(path)
	l.check(err)
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err = z.Write(raw)
	l.check(err)
	l.check(z.Close())
	l.check(os.WriteFile(path+".gz", out.Bytes(), 0o644))
	l.check(os.Chtimes(path+".gz", info.ModTime(), info.ModTime()))
	l.check(os.Remove(path))
}

func (l *logFile) tail() *tail {
	return &tail{path: l.path, log: slog.New(slog.DiscardHandler)}
}

// drain returns what there is to read for now.
func drain(tb failer, t *tail) (fresh []string) {
	tb.Helper()
	for {
		l, known, err := t.next()
		if errors.Is(err, errIdle) {
			return fresh
		}
		if err != nil {
			tb.Fatal(err)
		}
		if !known {
			fresh = append(fresh, string(l.text))
		}
	}
}

func wantLines(tb failer, got, want []string) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Fatalf("lines read (-written +read):\n%s", diff)
	}
}
