package ingest

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTailReadsHalfALineWhenItIsWhole(t *testing.T) {
	t.Parallel()
	l := newLog(t, t.TempDir())
	tl := l.tail()
	defer tl.close()
	wantLines(t, drain(t, tl), nil)
	l.raw("ha")
	wantLines(t, drain(t, tl), nil)
	l.raw("lf")
	wantLines(t, drain(t, tl), nil)
	l.raw("\nnext\n")
	wantLines(t, drain(t, tl), []string{"half", "next"})
}

func TestTailWaitsForTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tl := &tail{path: filepath.Join(dir, "cowrie.json"), log: slog.New(slog.DiscardHandler)}
	defer tl.close()
	wantLines(t, drain(t, tl), nil)
	l := newLog(t, dir)
	l.line(1)
	wantLines(t, drain(t, tl), l.written)
}

// Each way of rotating, while the tail is up to date, behind by lines, and
// behind by whole files.
func TestTailRotations(t *testing.T) {
	t.Parallel()
	for name, rotate := range map[string]func(*logFile){
		"rename":                   func(l *logFile) { l.rename() },
		"rename and compress":      func(l *logFile) { l.compress(l.rename()) },
		"copy and truncate":        func(l *logFile) { l.copyTruncate() },
		"copy, truncate, compress": func(l *logFile) { l.compress(l.copyTruncate()) },
		"thrice":                   func(l *logFile) { l.rename(); l.line(2); l.compress(l.rename()); l.line(1); l.copyTruncate() },
	} {
		for behind := range 3 {
			t.Run(fmt.Sprintf("%s, %d lines behind", name, behind), func(t *testing.T) {
				t.Parallel()
				l := newLog(t, t.TempDir())
				tl := l.tail()
				defer tl.close()
				l.line(3)
				got := drain(t, tl)
				l.line(behind)
				rotate(l)
				got = append(got, drain(t, tl)...)
				l.line(2)
				got = append(got, drain(t, tl)...)
				wantLines(t, got, l.written)
				wantLines(t, drain(t, tl), nil)
			})
		}
	}
}

// A writer that still writes to a renamed file, because it was not told yet,
// is read until it writes to the new one.
func TestTailReadsTheRenamedFileToItsEnd(t *testing.T) {
	t.Parallel()
	l := newLog(t, t.TempDir())
	tl := l.tail()
	defer tl.close()
	l.line(1)
	got := drain(t, tl)
	l.check(os.Rename(l.path, l.path+".1"))
	got = append(got, drain(t, tl)...)
	l.check(os.WriteFile(l.path, nil, 0o644))
	got = append(got, drain(t, tl)...)
	_, err := l.file.WriteString("the last\n")
	l.check(err)
	l.written = append(l.written, "the last")
	l.open()
	l.line(1)
	wantLines(t, append(got, drain(t, tl)...), l.written)
}

// A line that was not finished when its file was rotated away is returned:
// as a dead letter it says that something is missing.
func TestTailReturnsWhatNobodyWillFinish(t *testing.T) {
	t.Parallel()
	for name, rotate := range map[string]func(*logFile){
		"renamed": func(l *logFile) { l.rename() }, "truncated without a copy": (*logFile).truncate,
		"copied": func(l *logFile) { l.copyTruncate() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLog(t, t.TempDir())
			tl := l.tail()
			defer tl.close()
			l.line(1)
			l.raw("half")
			got := drain(t, tl)
			l.written = append(l.written, "half")
			rotate(l)
			l.line(1)
			wantLines(t, append(got, drain(t, tl)...), l.written)
		})
	}
}

// A file may be truncated and grow beyond what was read of it between two
// looks. Its first bytes tell.
func TestTailSeesTruncationBehindGrowth(t *testing.T) {
	t.Parallel()
	l := newLog(t, t.TempDir())
	tl := l.tail()
	defer tl.close()
	l.line(2)
	got := drain(t, tl)
	l.truncate()
	l.line(100)
	wantLines(t, append(got, drain(t, tl)...), l.written)
}

func TestRotatedNames(t *testing.T) {
	t.Parallel()
	form := rotatedName("/var/log/cowrie.json")
	for name, want := range map[string]bool{
		"cowrie.json.1": true, "cowrie.json.12.gz": true, "cowrie.json.2026-08-21": true, "cowrie.json-20260821.zst": true,
		"cowrie-2026-08-21.json": true, "cowrie.2026-08-21T10.json.gz": true, "cowrie.json.2026-08-21_01": true,
		"cowrie.json": false, "cowrie.json.bak": false, "cowrie.json.1.xz": false, "cowrie.json.checkpoint": false, "cowrie.log.1": false,
		"xcowrie.json.1": false, "cowriejson.1": false,
	} {
		if got := form.MatchString(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// A rotated file that cannot be read costs itself, and no more.
func TestTailGoesOnBehindADamagedArchive(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	l := newLog(t, t.TempDir())
	tl := l.tail()
	tl.log = slog.New(slog.NewTextHandler(&log, nil))
	defer tl.close()
	l.line(2)
	got := drain(t, tl)
	l.rename()
	l.written = append(l.written, "in the archive")
	_, err := l.file.WriteString("in the archive\n")
	l.check(err)
	damaged := l.rename()
	l.compress(damaged)
	raw, err := os.ReadFile(damaged + ".gz")
	l.check(err)
	l.check(os.WriteFile(damaged+".gz", raw[:len(raw)-6], 0o644))
	l.touch(damaged + ".gz")
	l.line(1)
	wantLines(t, append(got, drain(t, tl)...), l.written)
	if !strings.Contains(log.String(), "damaged") {
		t.Errorf("nothing was said: %s", log.String())
	}
}
