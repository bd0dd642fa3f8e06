package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
)

// everySample returns the samples that sensors and providers wrote, by folder.
func everySample(t *testing.T) []string {
	t.Helper()
	if _, err := os.Stat(sampleRoot); err != nil {
		t.Skipf("SKIPPED %s: the samples %s are not here", t.Name(), sampleRoot)
	}
	var files []string
	for _, pattern := range []string{"canary/*.jsonl", "http/h0ney*.jsonl", "http/honey*.jsonl", "http/tanner*.jsonl", "intel/*", "tpot/*.jsonl"} {
		found, err := filepath.Glob(filepath.Join(sampleRoot, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no samples for %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	return files
}

// Of every record of every sample it is known what became of it. The format is
// found by auto.
func TestEverySample(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, path := range everySample(t) {
		refused := map[string]int{}
		var order []string
		sink := &memorySink{}
		i := newIngester(t, Options{Sink: sink, OnRefused: func(l *schemas.DeadLetter) {
			reason := l.Reason + ": " + l.Detail
			if refused[reason]++; refused[reason] == 1 {
				order = append(order, reason)
			}
		}})
		if err := i.File(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		r := finish(t, i)
		if r.Lines == 0 {
			t.Errorf("%s: nothing was read", path)
		}
		fmt.Fprintf(&out, "%s: %s\n  topics: %v\n", filepath.Base(path), r, r.Topics)
		for _, reason := range order {
			fmt.Fprintf(&out, "  %d times %s\n", refused[reason], reason)
		}
	}
	golden(t, "everysample.golden", out.String())
}

// Every mail of the samples is one record, and every one that is refused is
// known.
func TestSampleMail(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(sampleRoot); err != nil {
		t.Skipf("SKIPPED %s: the samples %s are not here", t.Name(), sampleRoot)
	}
	var out strings.Builder
	for _, folder := range []string{"ham", "spam", "mime"} {
		files, err := filepath.Glob(filepath.Join(sampleRoot, "mail", folder, "*.eml"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no mail in %s: %v", folder, err)
		}
		var refusals strings.Builder
		i := newIngester(t, Options{Sink: &memorySink{}, OnRefused: func(l *schemas.DeadLetter) {
			fmt.Fprintf(&refusals, "  %s line %d: %s: %s\n", l.File, l.Line, l.Reason, l.Detail)
			if len(l.Payload) > 0 {
				t.Errorf("%s: the dead letter holds the mail", l.File)
			}
		}})
		for _, path := range files {
			if err := i.File(t.Context(), path); err != nil {
				t.Fatal(err)
			}
		}
		r := finish(t, i)
		if r.Lines != int64(len(files)) {
			t.Errorf("%s: %d records of %d files", folder, r.Lines, len(files))
		}
		fmt.Fprintf(&out, "%s: %s\n%s", folder, r, refusals.String())
	}
	golden(t, "samplemail.golden", out.String())
}
