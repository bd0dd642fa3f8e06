package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
)

// sampleRoot holds real logs that are not ours to ship, sampleDir Cowrie's.
var (
	sampleRoot = filepath.Join("..", "..", "..", "shared", "data", "samples")
	sampleDir  = filepath.Join(sampleRoot, "cowrie")
)

func sampleFiles(tb testing.TB) []string {
	tb.Helper()
	if _, err := os.Stat(sampleDir); errors.Is(err, fs.ErrNotExist) {
		tb.Skipf("SKIPPED %s: the sample logs %s are not here", tb.Name(), sampleDir)
	}
	files, err := filepath.Glob(filepath.Join(sampleDir, "*.jsonl"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no sample logs in %s: %v", sampleDir, err)
	}
	return files
}

// Of every line of the samples it is known what became of it: counted here
// by file, and each refused one by name.
func TestSamples(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, path := range sampleFiles(t) {
		var refused strings.Builder
		sink := &memorySink{}
		i := newIngester(t, Options{Sink: sink, OnRefused: func(l *schemas.DeadLetter) {
			fmt.Fprintf(&refused, "  line %d: %s: %s\n", l.Line, l.Reason, l.Detail)
		}})
		if err := i.File(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		r := finish(t, i)
		if want := countLines(t, path); r.Lines != want {
			t.Errorf("%s: %d lines read of %d", path, r.Lines, want)
		}
		if sent := int64(len(sink.taken())); sent != r.Published+r.Refused {
			t.Errorf("%s: %d messages for %s", path, sent, r)
		}
		fmt.Fprintf(&out, "%s: %s\n  topics: %v\n%s", filepath.Base(path), r, r.Topics, refused.String())
	}
	golden(t, "samples.golden", out.String())
}

func countLines(t *testing.T, path string) int64 {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n := bytes.Count(raw, []byte("\n"))
	if !bytes.HasSuffix(raw, []byte("\n")) {
		n++
	}
	return int64(n)
}

// Reading a file twice gives the same messages, byte for byte.
func TestSamplesTwice(t *testing.T) {
	t.Parallel()
	for _, path := range sampleFiles(t) {
		var runs [2]strings.Builder
		for n := range runs {
			sink := &memorySink{}
			i := newIngester(t, Options{Sink: sink})
			if err := i.File(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			for _, m := range sink.taken() {
				fmt.Fprintf(&runs[n], "%s %s %s %s\n", m.Topic, m.Key, m.Headers[0].Value, m.Value)
			}
		}
		if runs[0].String() != runs[1].String() {
			t.Errorf("%s: two runs differ", path)
		}
	}
}
