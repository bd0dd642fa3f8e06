package verify

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

var update = flag.Bool("update", false, "rewrite golden files")

// lift is as simple as a lifter can be: the first word of a line is the name.
func lift(kind schemas.SourceKind, given map[string]any) (*match.Event, error) {
	if kind != schemas.KindCommand {
		return nil, nil
	}
	if given["panic"] != nil {
		panic("out of words")
	}
	line, ok := given["command"].(string)
	if !ok {
		return nil, errors.New("command is missing")
	}
	ev := &match.Event{SourceKind: kind}
	ev.Weight, _ = given["weight"].(float64)
	ev.Base.Add("command", line)
	words := strings.Fields(line)
	ev.Base.Add("cmd.name", words[0])
	ev.Base.AddAll("cmd.args", words[1:])
	return ev, nil
}

// clock goes on by a quarter of a millisecond with every look.
func clock() func() time.Time {
	now := time.Unix(0, 0)
	return func() time.Time {
		now = now.Add(250 * time.Microsecond)
		return now
	}
}

func load(t *testing.T, names ...string) []*rules.Unit {
	t.Helper()
	var units []*rules.Unit
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		u, problems := rules.Parse(name, text, rules.Options{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		units = append(units, u)
	}
	return units
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	report := Run(load(t, "rules.yaml", "held.yaml"), lift, Options{Now: clock()})
	var text, machine bytes.Buffer
	if err := errors.Join(report.WriteText(&text), report.WriteJSON(&machine)); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.txt", text.Bytes())
	golden(t, "report.json", machine.Bytes())
	if report.OK() || report.Passed != 1 || report.Failed != 2 || report.Untested != 1 || report.Tests != 9 || report.FailedTests != 6 {
		t.Errorf("counts %+v", report)
	}
}

func TestAllGood(t *testing.T) {
	t.Parallel()
	units := load(t, "rules.yaml")
	units[0].Rules = units[0].Rules[:1]
	report := Run(units, lift, Options{Now: clock()})
	var text bytes.Buffer
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	want := "ok  \tR1 good\t2 tests\t0.25ms\nok: 1 rule; 2 tests; 0.25ms\n"
	if diff := cmp.Diff(want, text.String()); diff != "" || !report.OK() {
		t.Error(diff)
	}
}

func TestNothing(t *testing.T) {
	t.Parallel()
	report := Run(nil, lift, Options{})
	var b bytes.Buffer
	if err := report.WriteText(&b); err != nil || b.String() != "ok: 0 rules; 0 tests; 0.00ms\n" || !report.OK() {
		t.Errorf("%q %v", b.String(), err)
	}
	b.Reset()
	if err := report.WriteJSON(&b); err != nil || !strings.Contains(b.String(), `"rules": []`) {
		t.Errorf("%s %v", b.String(), err)
	}
}
