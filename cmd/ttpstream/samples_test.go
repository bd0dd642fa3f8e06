package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/projections"
)

// sampleLogs returns the real Cowrie logs beside the project, or skips.
func sampleLogs(t *testing.T) []string {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "samples", "cowrie", "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if len(logs) == 0 {
		t.Skipf("SKIPPED %s: the sample logs are not beside the project (../shared/data/samples/cowrie)", t.Name())
	}
	return logs
}

// Every event of every real log is published or refused, the books agree, and
// what is refused is as it was.
func TestScanOfRealLogsLosesNothing(t *testing.T) {
	t.Parallel()
	var told strings.Builder
	for _, log := range sampleLogs(t) {
		path := filepath.Join(t.TempDir(), "report.json")
		c := runChild(t, nil, "scan", log, "--report", path)
		if c.code != exitDone {
			t.Fatalf("scan %s: code %d\n%s", log, c.code, c.stderr())
		}
		report := readReport(t, path)
		total := report.Intake.Total()
		if events := countLines(t, log); total.Read != events {
			t.Errorf("%s: %d events read of %d", log, total.Read, events)
		}
		if total.Read != total.Published+total.Refused || total.Lines != total.Read+total.Blank {
			t.Errorf("%s: %+v does not add up", log, total)
		}
		fmt.Fprintf(&told, "%s: %d read = %d published + %d refused\n", filepath.Base(log), total.Read, total.Published, total.Refused)
		for _, refusal := range report.Intake.Refusals {
			fmt.Fprintf(&told, "  %s %d: %s\n", refusal.Reason, refusal.Count, refusal.Detail)
		}
	}
	compareGolden(t, "samples.golden", told.String())
}

// countLines counts the lines of a log that hold something.
func countLines(t *testing.T, log string) (events int64) {
	t.Helper()
	for line := range strings.Lines(readText(t, log)) {
		if strings.TrimSpace(line) != "" {
			events++
		}
	}
	return events
}

func readReport(t *testing.T, path string) *projections.Report {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var report projections.Report
	if err := json.Unmarshal(raw, &report); err != nil {
		t.Fatal(err)
	}
	return &report
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", path, diff)
	}
}

// Two scans of one log give the same tags, byte for byte.
func TestScanTwiceGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, log := range sampleLogs(t) {
		first, second := undisturbed(t, log), undisturbed(t, log)
		if !maps.Equal(first.tags, second.tags) {
			t.Errorf("%s: %d tags, then %d that differ", log, len(first.tags), len(second.tags))
		}
		if len(first.tags) == 0 {
			t.Errorf("%s: no tags, so nothing was compared", log)
		}
	}
}
