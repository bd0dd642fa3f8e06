package projections_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/printable"
)

var ownEscapes = regexp.MustCompile("\x1b\\[(1|2|33|1;31|1;36|0)m")

// drawReport draws a report whose every text is the attacker's. Report's own
// fold is tested elsewhere.
func drawReport(t *rapid.T) *projections.Report {
	nasty := rapid.OneOf(rapid.String(), rapid.StringN(0, 300, -1),
		rapid.SampledFrom([]string{"\x1b[2J", "a\nb", "\u202e", "你好", "👩‍👩‍👧", "\u0301\u0301", "·×", ""}))
	number := rapid.Int64Range(0, 1<<53)
	numbers := func() projections.Numbers {
		return projections.Numbers{Tags: number.Draw(t, "tags"), Likely: number.Draw(t, "likely"), MaxConfidence: rapid.Float64Range(0, 1).Draw(t, "c")}
	}
	count := func() projections.Count {
		return projections.Count{N: number.Draw(t, "count"), Exact: rapid.Bool().Draw(t, "exact")}
	}
	r := &projections.Report{AttackRelease: "enterprise-v19.1", TagReleases: []string{nasty.Draw(t, "release")}, LikelyConfidence: 0.6}
	for range rapid.IntRange(0, 3).Draw(t, "files") {
		r.Intake.Files = append(r.Intake.Files, projections.FileIntake{Name: nasty.Draw(t, "file"), Read: number.Draw(t, "read"), Bytes: number.Draw(t, "bytes")})
		r.Intake.Refusals = append(r.Intake.Refusals, projections.Refusal{
			Reason: nasty.Draw(t, "reason"), First: nasty.Draw(t, "first"), Detail: nasty.Draw(t, "detail"), Count: number.Draw(t, "n"),
		})
	}
	r.Intake.ByTopic = map[string]int64{nasty.Draw(t, "topic"): number.Draw(t, "n")}
	r.Intake.Elapsed = time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "elapsed"))
	r.Totals = projections.Totals{Numbers: numbers(), Attackers: count(), Sessions: count(), Unranked: number.Draw(t, "unranked")}
	for i := range rapid.IntRange(0, 3).Draw(t, "tactics") {
		tactic := projections.TacticRow{ID: nasty.Draw(t, "tactic"), Name: "Credential Access", Numbers: numbers(), Attackers: count()}
		for range i {
			tactic.Techniques = append(tactic.Techniques, projections.TechniqueRow{
				ID: nasty.Draw(t, "technique"), Name: "Unix Shell", Parent: "Command and Scripting Interpreter", InRelease: rapid.Bool().Draw(t, "in"),
				Numbers: numbers(), Attackers: count(),
				Evidence: []projections.TokenShare{{Text: nasty.Draw(t, "token"), Tags: number.Draw(t, "n")}, {Text: nasty.Draw(t, "token"), Tags: 1}},
			})
		}
		r.Tactics = append(r.Tactics, tactic)
		r.Attackers = append(r.Attackers, projections.AttackerRow{
			AttackerUUID: uuid.New(), Address: nasty.Draw(t, "address"), Numbers: numbers(), Techniques: count(),
		})
	}
	return r
}

// Whatever stands in a report: no line is too wide, nothing but our own
// colours escapes, and without colours nothing does.
func TestTextIsSafeAndFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawReport(t)
		width := rapid.IntRange(-5, 200).Draw(t, "width")
		colour := rapid.Bool().Draw(t, "colour")
		var b strings.Builder
		o := projections.TextOptions{Title: rapid.String().Draw(t, "title"), Width: width, Colour: colour, MaxRows: rapid.IntRange(-1, 3).Draw(t, "rows"), Next: []string{rapid.String().Draw(t, "next")}}
		if err := projections.RenderText(&b, r, o); err != nil {
			t.Fatal(err)
		}
		out := b.String()
		if colour {
			out = ownEscapes.ReplaceAllString(out, "")
		}
		most := min(max(width, 60), 160)
		if width == 0 {
			most = 80
		}
		for line := range strings.Lines(out) {
			line = strings.TrimSuffix(line, "\n")
			if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsMark(r) }) {
				t.Fatalf("not printable: %q", line)
			}
			if w := printable.Width(line); w > most {
				t.Fatalf("%d cells of %d: %q", w, most, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Fatalf("spaces at the end: %q", line)
			}
		}
	})
}

// Colours add nothing but colours.
func TestColourChangesNothingElse(t *testing.T) {
	t.Parallel()
	for _, r := range []*projections.Report{nightReport(t), hostileReport(t)} {
		coloured := text(t, r, projections.TextOptions{Width: 120, Colour: true})
		if ownEscapes.ReplaceAllString(coloured, "") != text(t, r, projections.TextOptions{Width: 120}) {
			t.Error("text with colours differs from text without")
		}
	}
}

func TestTextBoundsItsLists(t *testing.T) {
	t.Parallel()
	in := projections.Intake{Rules: 1}
	for i := range 30 {
		in.Files = append(in.Files, projections.FileIntake{Name: fmt.Sprintf("f%d", i), Read: 10, Published: 9, Refused: 1})
		in.Refusals = append(in.Refusals, projections.Refusal{Reason: fmt.Sprintf("r%02d", i), Count: 1})
	}
	out := text(t, emptyReport(t, in), projections.TextOptions{})
	for _, want := range []string{"… 20 more files with 200 events", "… 20 more events for 20 other reasons"} {
		if !strings.Contains(out, want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
	if all := text(t, emptyReport(t, in), projections.TextOptions{MaxRows: -1}); strings.Contains(all, "more") || !strings.Contains(all, "r29") {
		t.Errorf("not all rows:\n%s", all)
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken pipe")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWritersErrorsComeBack(t *testing.T) {
	t.Parallel()
	r := nightReport(t)
	if err := projections.RenderText(brokenWriter{}, r, projections.TextOptions{}); !errors.Is(err, errBroken) {
		t.Errorf("RenderText = %v", err)
	}
	if err := projections.WriteJSON(brokenWriter{}, r); !errors.Is(err, errBroken) {
		t.Errorf("WriteJSON = %v", err)
	}
}
