package packtest

import (
	"bytes"
	"io/fs"
	"testing"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/lint"
	"github.com/ttpstream/ttpstream/rules/pack"
	"github.com/ttpstream/ttpstream/rules/verify"
)

// load returns the units of the pack, which must be free of errors.
func load(tb testing.TB) []*rules.Unit {
	tb.Helper()
	units, problems := rules.LoadFS(pack.FS, rules.Options{})
	if err := problems.Err(); err != nil {
		tb.Fatalf("the pack does not load:\n%v", err)
	}
	return units
}

func TestRulesDoWhatTheirTestsSay(t *testing.T) {
	t.Parallel()
	report := verify.Run(load(t), facts.Lift, verify.Options{})
	if report.OK() && report.Untested == 0 {
		t.Logf("%d rules, %d tests", report.Passed, report.Tests)
		return
	}
	var text bytes.Buffer
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	t.Errorf("tests of the pack fail:\n%s", text.String())
}

func TestPackIsFreeOfLint(t *testing.T) {
	t.Parallel()
	problems := lint.Run(load(t), lint.Options{Release: pack.AttackRelease, OwnPack: true})
	if !problems.Has(rules.SeverityError) && !problems.Has(rules.SeverityWarning) {
		return
	}
	source := func(file string) []byte {
		text, err := fs.ReadFile(pack.FS, file)
		if err != nil {
			return nil
		}
		return text
	}
	var text bytes.Buffer
	if err := lint.WriteText(&text, problems, source); err != nil {
		t.Fatal(err)
	}
	t.Errorf("lint of the pack:\n%s", text.String())
}
