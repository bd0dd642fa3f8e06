package lint

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules"
)

func TestWriteText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 100) + " here " + strings.Repeat("b", 100)
	sources := map[string]string{
		"a.yaml": "rule_id: R1\nmatch:\n\tcmd.nam: wget\n  é: 'it is', x\r\nx: [a]\n" + long + "\n",
	}
	problems := rules.Problems{
		{Check: "c/0", Message: "about nothing in particular", Hint: "look around"},
		{File: "a.yaml", Check: "c/1", Message: "the whole file"},
		{File: "a.yaml", Line: 1, Column: 10, Check: "c/2", Message: "value"},
		{File: "a.yaml", Line: 3, Column: 2, Check: "c/3", Message: "key", Hint: "did you mean cmd.name?", Severity: rules.SeverityWarning},
		{File: "a.yaml", Line: 4, Column: 6, Check: "c/4", Message: "quoted"},
		{File: "a.yaml", Line: 5, Column: 5, Check: "c/5", Message: "in a list", Severity: rules.SeverityInfo},
		{File: "a.yaml", Line: 5, Column: 99, Check: "c/6", Message: "behind the end"},
		{File: "a.yaml", Line: 6, Column: 102, Check: "c/7", Message: "in a long line"},
		{File: "a.yaml", Line: 99, Column: 1, Check: "c/8", Message: "no such line", Hint: "a hint"},
		{File: "gone.yaml", Line: 1, Column: 1, Check: "c/9", Message: "no source"},
	}
	var b bytes.Buffer
	if err := WriteText(&b, problems, func(file string) []byte { return []byte(sources[file]) }); err != nil {
		t.Fatal(err)
	}
	want := `error: about nothing in particular [c/0]
    look around
a.yaml: error: the whole file [c/1]
a.yaml:1:10: error: value [c/2]
 1 | rule_id: R1
   |          ^^
a.yaml:3:2: warning: key [c/3]
 3 |  cmd.nam: wget
   |  ^^^^^^^ did you mean cmd.name?
a.yaml:4:6: error: quoted [c/4]
 4 |   é: 'it is', x
   |      ^^^^^^^
a.yaml:5:5: info: in a list [c/5]
 5 | x: [a]
   |     ^
a.yaml:5:99: error: behind the end [c/6]
 5 | x: [a]
   |       ^
a.yaml:6:102: error: in a long line [c/7]
 6 | ` + strings.Repeat("a", 59) + " here " + strings.Repeat("b", 55) + `
   | ` + strings.Repeat(" ", 60) + `^^^^
a.yaml:99:1: error: no such line [c/8]
    a hint
gone.yaml:1:1: error: no source [c/9]
8 errors, 1 warning, 1 remark
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	for want, problems := range map[string]rules.Problems{
		"no problems": nil,
		"1 error":     {{}},
		"2 warnings":  {{Severity: rules.SeverityWarning}, {Severity: rules.SeverityWarning}},
	} {
		if got := Summary(problems); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := WriteJSON(&b, rules.Problems{{File: "f", Line: 2, Column: 3, Check: "c/1", Message: "a < b", Severity: rules.SeverityWarning}}); err != nil {
		t.Fatal(err)
	}
	want := `{
  "problems": [
    {
      "file": "f",
      "line": 2,
      "column": 3,
      "severity": "warning",
      "check": "c/1",
      "message": "a < b"
    }
  ],
  "errors": 0,
  "warnings": 1,
  "remarks": 0
}
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	if err := WriteJSON(&b, nil); err != nil || !strings.Contains(b.String(), `"problems": []`) {
		t.Errorf("%s %v", b.String(), err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrors(t *testing.T) {
	t.Parallel()
	if WriteText(full{}, nil, nil) == nil || WriteJSON(full{}, nil) == nil {
		t.Error("a failed write goes unnoticed")
	}
}
