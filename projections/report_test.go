package projections_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

var next = []string{
	"--json prints every tag as a line of JSON",
	"--navigator layer.json writes a layer for the ATT&CK Navigator",
	"--summary-json prints this report as JSON",
}

func nightIntake() projections.Intake {
	return projections.Intake{
		Files: []projections.FileIntake{
			{Name: "logs/cowrie.json.2026-03-14", Lines: 48213, Read: 48211, Published: 48199, Refused: 12, Blank: 2, Bytes: 17_480_113},
			{Name: "logs/a/very/long/path/to/some/other/honeypot/in/another/country/cowrie.json", Lines: 310, Read: 310, Published: 310, Bytes: 99_310},
		},
		ByTopic: map[string]int64{
			"attacker.session": 30_001, "attacker.auth": 17_000, "attacker.command": 1_408, "attacker.transfer": 100,
		},
		Refusals: []projections.Refusal{
			{Reason: "clock", Count: 2, First: "logs/cowrie.json.2026-03-14:9921", Detail: "event_time: 1970-01-01T00:00:07Z is outside [2000, 2100)"},
			{Reason: "not_json", Count: 10, First: "logs/cowrie.json.2026-03-14:17", Detail: "invalid character '\\x1b' looking for beginning of value, after 21 bytes of what was a line once"},
		},
		Rules: 61, Elapsed: 1234 * time.Millisecond,
	}
}

func nightReport(t *testing.T) *projections.Report {
	t.Helper()
	tags, address := night(t)
	picture := projections.NewPicture()
	for _, tag := range tags {
		picture.Add(tag)
	}
	return picture.Report(catalogue(t), nightIntake(), projections.ReportOptions{Address: address})
}

func text(t *testing.T, r *projections.Report, o projections.TextOptions) string {
	t.Helper()
	var b strings.Builder
	if err := projections.RenderText(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRenderTextGolden(t *testing.T) {
	t.Parallel()
	full := nightReport(t)
	for _, c := range []struct {
		name    string
		report  *projections.Report
		options projections.TextOptions
	}{
		{"night-80", full, projections.TextOptions{Width: 80, Next: next}},
		{"night-120", full, projections.TextOptions{Width: 120, Next: next}},
		{"night-80-colour", full, projections.TextOptions{Width: 80, Colour: true, Next: next}},
		{"night-120-colour", full, projections.TextOptions{Width: 120, Colour: true, Next: next}},
		{"night-short", full, projections.TextOptions{Width: 60, MaxRows: 1, MaxTechniques: 1}},
		{"nothing-read", emptyReport(t, projections.Intake{Rules: 61}), projections.TextOptions{Next: next}},
		{"no-tags", emptyReport(t, quiet(61)), projections.TextOptions{}},
		{"no-rules", emptyReport(t, quiet(0)), projections.TextOptions{}},
		{"all-refused", emptyReport(t, refusedOnly()), projections.TextOptions{Colour: true}},
		{"hostile", hostileReport(t), projections.TextOptions{Width: 100}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			golden(t, c.name+".txt", text(t, c.report, c.options))
		})
	}
}

func emptyReport(t *testing.T, in projections.Intake) *projections.Report {
	t.Helper()
	return projections.NewPicture().Report(catalogue(t), in, projections.ReportOptions{})
}

func quiet(rules int) projections.Intake {
	return projections.Intake{
		Files:   []projections.FileIntake{{Name: "-", Lines: 3, Read: 3, Published: 3, Bytes: 612}},
		ByTopic: map[string]int64{"attacker.session": 3}, Rules: rules,
	}
}

func refusedOnly() projections.Intake {
	return projections.Intake{
		Files:    []projections.FileIntake{{Name: "x.json", Read: 3, Published: 0, Refused: 2, Bytes: 50}},
		Refusals: []projections.Refusal{{Reason: "not_json", Count: 2, First: "x.json:1"}}, Rules: 1,
	}
}

// hostileReport holds what an attacker would write to own the terminal, in
// every place that one can write to, and ids that the release does not have.
func hostileReport(t *testing.T) *projections.Report {
	t.Helper()
	const clear, title, up = "\x1b[2J\x1b[H", "\x1b]0;owned\a", "\u009b5A"
	picture := projections.NewPicture()
	for i, token := range []string{clear + "rm -rf /", "a ×9,999 · b", "x\ny\rz\tw", "\u202egpj.exe", "e\u0301\u0301\u0301", "\xff\xfe", "你好世界", "'; -- \\x1b"} {
		token = strings.ToValidUTF8(token, "\ufffd")
		picture.Add(finding{
			source: fmt.Sprint(i), address: "192.0.2.9", session: "s", tactic: "TA0002", technique: "T1059.004",
			confidence: 0.9, rule: "R1", tokens: []string{token},
		}.tag(t))
	}
	for _, id := range []string{"T9999", "T1562.001", "T1105"} { // never was, retired, of another tactic
		picture.Add(finding{source: id, address: "192.0.2.9", tactic: "TA0002", technique: id, confidence: 0.3, rule: "R2"}.tag(t))
	}
	picture.Add(finding{source: "t", address: "192.0.2.9", tactic: "TA9999", technique: "T1105", confidence: 0.3, rule: "R2"}.tag(t))
	in := projections.Intake{
		Files: []projections.FileIntake{
			{Name: "a" + clear + ".json", Read: 1, Published: 1}, {Name: "b\n\n.json", Read: 20, Published: 11, Refused: 4},
		},
		ByTopic:  map[string]int64{"x" + title: 12},
		Refusals: []projections.Refusal{{Reason: up + "bad", Count: 4, First: "b\r.json:1", Detail: title + up}},
		Rules:    2,
	}
	return picture.Report(catalogue(t), in, projections.ReportOptions{Address: func(uuid.UUID) string { return "192.0.2.9" + clear }})
}

func TestReportOfAnotherRelease(t *testing.T) {
	t.Parallel()
	c, err := attack.Release("enterprise-v18.1")
	if err != nil {
		t.Fatal(err)
	}
	picture := projections.NewPicture()
	picture.Add(finding{source: "1", address: "192.0.2.9", tactic: "TA0005", technique: "T1562.001", confidence: 0.9, rule: "R1"}.tag(t))
	r := picture.Report(c, projections.Intake{}, projections.ReportOptions{})
	row := r.Tactics[0].Techniques[0]
	if !row.InRelease || row.Name != "Disable or Modify Tools" || row.Parent != "Impair Defenses" || r.Tactics[0].Name != "Defense Evasion" {
		t.Errorf("row = %+v in %q", row, r.Tactics[0].Name)
	}
	if !strings.Contains(text(t, r, projections.TextOptions{}), "some tags are of enterprise-v19.1") {
		t.Error("the text does not say that the tags are of another release")
	}
}

func TestWriteJSONGolden(t *testing.T) {
	t.Parallel()
	for name, report := range map[string]*projections.Report{
		"night": nightReport(t), "hostile": hostileReport(t), "nothing-read": emptyReport(t, projections.Intake{}),
	} {
		var b strings.Builder
		if err := projections.WriteJSON(&b, report); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".json", b.String())
	}
}
