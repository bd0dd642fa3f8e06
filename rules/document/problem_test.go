package document

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProblemsSort(t *testing.T) {
	t.Parallel()
	ps := Problems{
		{File: "b", Line: 1, Column: 1, Message: "5"}, {File: "a", Line: 2, Column: 1, Message: "4"},
		{File: "a", Line: 1, Column: 9, Message: "3"}, {File: "a", Line: 1, Column: 2, Message: "2", Severity: SeverityWarning},
		{File: "a", Line: 1, Column: 2, Message: "1"}, {Message: "0", Hint: "h"},
	}
	ps.Sort()
	want := "0 (h)\na:1:2: 1\na:1:2: warning: 2\na:1:9: 3\na:2:1: 4\nb:1:1: 5"
	if diff := cmp.Diff(want, ps.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestProblemsErr(t *testing.T) {
	t.Parallel()
	var ps Problems
	if ps.Err() != nil {
		t.Error("nothing is an error")
	}
	ps = append(ps, Problem{Severity: SeverityWarning})
	if ps.Err() != nil || !ps.Has(SeverityInfo) || ps.Has(SeverityError) {
		t.Error("a warning is an error")
	}
	ps = append(ps, Problem{})
	if ps.Err() == nil {
		t.Error("an error is none")
	}
}

func TestSeverityText(t *testing.T) {
	t.Parallel()
	for _, s := range []Severity{SeverityError, SeverityWarning, SeverityInfo} {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back Severity
		if err := json.Unmarshal(data, &back); err != nil || back != s {
			t.Errorf("%s came back as %v, %v", data, back, err)
		}
	}
	if _, err := ParseSeverity("fatal"); err == nil {
		t.Error("fatal was accepted")
	}
	if got := Severity(7).String(); got != "severity(7)" {
		t.Error(got)
	}
}
