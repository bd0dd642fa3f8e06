package rules

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules/match"
)

// regression is one of SigmaHQ's own test cases: events that a rule must
// match.
type regression struct {
	RuleID     string           `json:"rule_id"`
	RulePath   string           `json:"rule_path"`
	Logsource  match.Logsource  `json:"logsource"`
	MatchCount *int             `json:"match_count"`
	Events     []map[string]any `json:"events"`
}

func regressions(t testing.TB) []regression {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "samples", "sigma", "sigma_regression_dev_DRL1.1.jsonl"))
	if err != nil {
		t.Skipf("SKIPPED %s: SigmaHQ's regression cases are not beside the project (../shared/data/samples/sigma)", t.Name())
	}
	var cases []regression
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Buffer(nil, 64<<20); lines.Scan(); {
		var c regression
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	return cases
}

// jsonEvent returns an event as eval takes it: as it is, objects under dotted
// names.
func jsonEvent(source match.Logsource, object map[string]any) *match.Event {
	ev := &match.Event{Logsource: source}
	addJSON(&ev.Base, "", object)
	return ev
}

func addJSON(f *match.Fields, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			full := key
			if name != "" {
				full = name + "." + key
			}
			addJSON(f, full, inner)
		}
	case []any:
		for _, inner := range v {
			addJSON(f, name, inner)
		}
	case string:
		f.Add(name, v)
	case float64:
		f.AddFloat(name, v)
	case bool:
		f.AddBool(name, v)
	case nil:
		f.AddNull(name)
	}
}

// In every regression case at least as many events match the rule as the case
// says, at least one if it says nothing, with all of SigmaHQ in force. (Some
// cases come with events of the same recording that the rule is not about, and
// three with more events that it is about than they count.)
func TestSigmaRegression(t *testing.T) {
	t.Parallel()
	cases := regressions(t)
	set := sigmaHQSet(t)
	failed, total := 0, 0
	for _, c := range cases {
		matched := 0
		for _, object := range c.Events {
			total++
			scratch := &Scratch{}
			set.Judge(jsonEvent(c.Logsource, object), scratch)
			for _, rule := range set.Matched(scratch) {
				if rule.ID == c.RuleID {
					matched++
				}
			}
		}
		want := 1
		if c.MatchCount != nil {
			want = *c.MatchCount
		}
		if matched < want {
			failed++
			t.Errorf("%s: %d of %d events match, want at least %d", strings.TrimSuffix(filepath.Base(c.RulePath), ".yml"), matched, len(c.Events), want)
		}
	}
	t.Logf("%d cases, %d events, %d cases failed", len(cases), total, failed)
}

// sigmaHQSet returns the set of all SigmaHQ rules that need no value list.
func sigmaHQSet(t testing.TB) *Set {
	t.Helper()
	var units []*Unit
	for _, f := range sigmaHQ(t) {
		if unit, _ := Parse(f.name, f.text, Options{}); unit != nil {
			units = append(units, unit)
		}
	}
	set, problems := NewSet(units, nil, 0)
	for _, p := range problems {
		if p.Check != "match/list" {
			t.Error(p)
		}
	}
	return set
}
