package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// WriteText writes the report as go test would: failures in full, a line for
// each rule, and the sum.
func (r *Report) WriteText(w io.Writer) error {
	var b bytes.Buffer
	for _, rule := range r.Rules {
		rule.write(&b)
	}
	r.sum(&b)
	_, err := w.Write(b.Bytes())
	return err
}

func (r RuleResult) write(b *bytes.Buffer) {
	failed := 0
	for _, t := range r.Tests {
		if t.Outcome == Failed {
			failed++
			t.write(b, r)
		}
	}
	switch {
	case r.Problem != "":
		fmt.Fprintf(b, "FAIL\t%s %s\t%s\n", r.RuleID, r.Name, r.Problem)
	case r.Outcome == Untested:
		fmt.Fprintf(b, "?   \t%s %s\t[no tests]\n", r.RuleID, r.Name)
	case failed > 0:
		fmt.Fprintf(b, "FAIL\t%s %s\t%s, %d failed\t%s\n", r.RuleID, r.Name, count(len(r.Tests), "test"), failed, elapsed(r.Elapsed))
	default:
		fmt.Fprintf(b, "ok  \t%s %s\t%s\t%s\n", r.RuleID, r.Name, count(len(r.Tests), "test"), elapsed(r.Elapsed))
	}
}

func (t TestResult) write(b *bytes.Buffer, r RuleResult) {
	name := fmt.Sprint(t.Number)
	if t.Name != "" {
		name += " " + t.Name
	}
	fmt.Fprintf(b, "--- FAIL: %s test %s\n", r.RuleID, name)
	fmt.Fprintf(b, "    %s:%d:%d\n", r.File, t.Line, t.Column)
	for _, key := range slices.Sorted(maps.Keys(t.Given)) {
		fmt.Fprintf(b, "    given %s: %s\n", key, quoted(t.Given[key]))
	}
	if t.Problem != "" {
		fmt.Fprintf(b, "    %s\n", t.Problem)
		return
	}
	fmt.Fprintf(b, "    want  %s\n", tagList(t.Want))
	fmt.Fprintf(b, "    got   %s\n", tagList(t.Got))
	for _, s := range t.Suppressed {
		fmt.Fprintf(b, "    held back %s\n", s)
	}
	for _, h := range t.Hits {
		fmt.Fprintf(b, "    because %s has %q (%s)\n", h.Field, h.Value, h.Pattern)
	}
}

func (r *Report) sum(b *bytes.Buffer) {
	var total time.Duration
	for _, rule := range r.Rules {
		total += rule.Elapsed
	}
	verdict := "ok"
	if !r.OK() {
		verdict = "FAIL"
	}
	fmt.Fprintf(b, "%s: %s", verdict, count(len(r.Rules), "rule"))
	if r.Failed > 0 {
		fmt.Fprintf(b, ", %d failed", r.Failed)
	}
	if r.Untested > 0 {
		fmt.Fprintf(b, ", %d without tests", r.Untested)
	}
	fmt.Fprintf(b, "; %s", count(r.Tests, "test"))
	if r.FailedTests > 0 {
		fmt.Fprintf(b, ", %d failed", r.FailedTests)
	}
	fmt.Fprintf(b, "; %s\n", elapsed(total))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// elapsed shows milliseconds and their hundredths, however little it is.
func elapsed(d time.Duration) string {
	return fmt.Sprintf("%.2fms", float64(d)/float64(time.Millisecond))
}

func tagList(tags []string) string {
	if len(tags) == 0 {
		return "(no tag)"
	}
	return strings.Join(tags, " ")
}

// quoted shows a value as JSON: on one line, with control characters escaped.
func quoted(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprintf("%q", fmt.Sprint(v))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
