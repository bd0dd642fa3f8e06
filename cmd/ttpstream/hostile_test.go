package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// hostileLines are what attackers, broken disks and broken clocks write into a
// log, and the word under which each is refused.
func hostileLines() []struct{ line, reason string } {
	at := func(clock string) string { return strings.Replace(goodLine(59), "2026-03-01T00:00:59", clock, 1) }
	member := func(name, value string) string {
		return strings.Replace(goodLine(58), `"input":"cat /etc/shadow"`, `"`+name+`":`+value, 1)
	}
	return []struct{ line, reason string }{
		{`{"eventid":"cowrie.command.input",`, "not_json"},
		{`{"eventid":"cowrie.command.input"} {"eventid":"cowrie.command.input"}`, "not_json"},
		{strings.Repeat("A", 50<<20), "line_too_long"},
		{`{"eventid":"cowrie.command.input","input":"` + strings.Repeat("A", 50<<20) + `"}`, "line_too_long"},
		{"\x00\x00\x00\x00", "nul_bytes"},
		{strings.Replace(goodLine(57), "shadow", "\x00", 1), "nul_bytes"},
		{member("input", "7"), "wrong_type"},
		{member("input", `["ls"]`), "wrong_type"},
		{strings.Replace(goodLine(56), `"198.51.100.7"`, `{"ip":"198.51.100.7"}`, 1), "wrong_type"},
		{strings.Replace(goodLine(55), "shadow", "\xff\xfe", 1), "not_utf8"},
		{at("1970-01-01T00:00:00"), "clock"},
		{at("2100-01-01T00:00:00"), "clock"},
		{at("yesterday"), "bad_time"},
		{strings.Repeat("[", 100_000), "not_json"},
		{strings.Repeat(`{"a":`, 50_000) + "1" + strings.Repeat("}", 50_000), "too_deep"},
		{`[]`, "not_object"},
		{strings.Replace(goodLine(54), "198.51.100.7", "nobody", 1), "bad_source"},
		{member("nothing", "1"), "missing_field"},
		{strings.Replace(goodLine(53), "cowrie.command", "dionaea.command", 1), "foreign_event"},
		{`{"src_ip":"198.51.100.7"}`, "no_event_id"},
	}
}

// goodLine is a line that a rule finds something in.
func goodLine(n int) string {
	return fmt.Sprintf(`{"eventid":"cowrie.command.input","input":"cat /etc/shadow","session":"s%d","src_ip":"198.51.100.7","sensor":"pot","timestamp":"2026-03-01T00:00:%02d.000000Z"}`, n, n)
}

// hostileLog writes the hostile lines, a good line after each.
func hostileLog(t *testing.T) string {
	t.Helper()
	var log strings.Builder
	for i, h := range hostileLines() {
		log.WriteString(h.line + "\n" + goodLine(i) + "\n")
	}
	return writeTemp(t, "hostile.json", log.String())
}

// mostMemory is what a scan may have resident, in KiB: the program, its broker
// and its rules take about 100 MiB; a few lines of 50 MB held would not fit.
const mostMemory = 250 << 10

// A scan refuses hostile lines one by one, reads the line after each, and
// never holds a line of 50 MB.
func TestScanOfHostileLines(t *testing.T) {
	t.Parallel()
	report, peak := filepath.Join(t.TempDir(), "report.json"), filepath.Join(t.TempDir(), "peak")
	c := runChild(t, []string{peakFile + "=" + peak}, "scan", hostileLog(t), "--format", "cowrie", "--report", report)
	if c.code != exitDone {
		t.Fatalf("code %d\n%s", c.code, c.stderr())
	}
	r := readReport(t, report)
	hostile := hostileLines()
	if total := r.Intake.Total(); total.Published != int64(len(hostile)) || total.Refused != int64(len(hostile)) {
		t.Errorf("%d published and %d refused, want %d of each", total.Published, total.Refused, len(hostile))
	}
	if r.Totals.Tags < int64(len(hostile)) {
		t.Errorf("%d tags: not every good line was judged", r.Totals.Tags)
	}
	want, got := map[string]int64{}, map[string]int64{}
	for _, h := range hostile {
		want[h.reason]++
	}
	for _, refusal := range r.Intake.Refusals {
		got[refusal.Reason] = refusal.Count
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	var kib int
	if _, err := fmt.Sscan(readText(t, peak), &kib); err != nil {
		t.Logf("peak memory is not known here: %v", err)
		return
	}
	t.Logf("peak memory %d KiB", kib)
	if kib > mostMemory && !raceDetector {
		t.Errorf("peak memory %d KiB, at most %d", kib, mostMemory)
	}
}

// Each of them is on the topic of dead letters with file, line and reason.
func TestHostileLinesBecomeDeadLetters(t *testing.T) {
	t.Parallel()
	topologytest.OnBrokers(t, func(t *testing.T, cluster topology.Cluster) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		c := runChild(t, nil, append([]string{"ingest", hostileLog(t), "--format", "cowrie"}, clusterArgs(cluster)...)...)
		if c.code != exitDone {
			t.Fatalf("code %d\n%s", c.code, c.stderr())
		}
		want, got := map[string]string{}, map[string]string{}
		for i, h := range hostileLines() {
			want[fmt.Sprintf("hostile.json:%d", 2*i+1)] = h.reason
		}
		for _, record := range readTopic(t, cluster, topology.DeadLetter) {
			letter, err := schemas.Decode[schemas.DeadLetter](record.Value)
			if err != nil {
				t.Fatal(err)
			}
			got[letter.Key()] = letter.Reason
			if record.Key != letter.Key() || letter.Stage != schemas.StageIngest || letter.Detail == "" {
				t.Errorf("%s: key %q, stage %q, detail %q", letter.Key(), record.Key, letter.Stage, letter.Detail)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("dead letters (-want +got):\n%s", diff)
		}
		if facts := records(ctx, t, topologytest.Admin(t, cluster), factTopics...); facts != int64(len(want)) {
			t.Errorf("%d facts, want %d", facts, len(want))
		}
	})
}
