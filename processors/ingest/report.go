package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Report counts what became of what was read. Lines = Published + Refused +
// Blank, always: no line is lost, and none counted twice.
type Report struct {
	// Files is how many files were read, rotated ones included.
	Files int64 `json:"files"`
	// Bytes is what was read from disk; compressed files count as they lie
	// there.
	Bytes int64 `json:"bytes"`
	// Lines is how many lines were read. Lines of a resumed file that were
	// published before are not among them.
	Lines int64 `json:"lines"`
	// Published is how many lines became facts, Refused how many became a dead
	// letter, Blank how many held nothing.
	Published int64 `json:"published"`
	Refused   int64 `json:"refused"`
	Blank     int64 `json:"blank"`
	// Topics is how many facts went to each topic.
	Topics map[string]int64 `json:"topics"`
	// Reasons is how many lines were refused for each reason.
	Reasons map[string]int64 `json:"reasons"`
}

// Check returns an error that says which numbers do not add up: a bug.
func (r Report) Check() error {
	if r.Lines != r.Published+r.Refused+r.Blank {
		return fmt.Errorf("%d lines read, but %d published, %d refused and %d blank", r.Lines, r.Published, r.Refused, r.Blank)
	}
	if facts := sum(r.Topics); facts < r.Published {
		return fmt.Errorf("%d lines published, but only %d facts", r.Published, facts)
	}
	if reasons := sum(r.Reasons); reasons != r.Refused {
		return fmt.Errorf("%d lines refused, but %d reasons", r.Refused, reasons)
	}
	return nil
}

// String returns the report as a sentence and, where lines were refused, the
// reasons.
func (r Report) String() string {
	lines := "lines"
	if r.Lines == 1 {
		lines = "line"
	}
	text := fmt.Sprintf("%d %s read = %d published + %d refused + %d blank", r.Lines, lines, r.Published, r.Refused, r.Blank)
	var reasons []string
	for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
		reasons = append(reasons, fmt.Sprintf("%s %d", reason, r.Reasons[reason]))
	}
	if len(reasons) > 0 {
		text += " (" + strings.Join(reasons, ", ") + ")"
	}
	return text
}

func (r Report) clone() Report {
	r.Topics, r.Reasons = maps.Clone(r.Topics), maps.Clone(r.Reasons)
	return r
}

func sum(counts map[string]int64) (total int64) {
	for _, n := range counts {
		total += n
	}
	return total
}
