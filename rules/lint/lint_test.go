package lint

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Every check has a file under testdata with rules and lists whose names begin
// with fires or silent, and beside it what a person sees of the problems.
func TestChecks(t *testing.T) {
	t.Parallel()
	for _, c := range Checks() {
		t.Run(strings.ReplaceAll(c.ID, "/", "_"), func(t *testing.T) {
			t.Parallel()
			name := filepath.Join("testdata", strings.ReplaceAll(c.ID, "/", "_"))
			text, err := os.ReadFile(name + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			unit, problems := rules.Parse("rules.yaml", text, rules.Options{})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			problems = Run([]*rules.Unit{unit}, Options{OwnPack: true, Disable: allBut(c.ID)})
			for doc, want := range documents(unit) {
				if fires := reports(problems, doc); fires != want {
					t.Errorf("the document at line %d fires: %v, want %v", doc[0], fires, want)
				}
			}
			golden(t, name+".golden", problems, text)
		})
	}
}

func allBut(id string) []string {
	var ids []string
	for _, c := range Checks() {
		if c.ID != id {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// documents returns the first line of each document and of the one after it,
// with whether its name says that it fires.
func documents(u *rules.Unit) map[[2]int]bool {
	names := map[int]string{}
	for _, rule := range u.Rules {
		names[rule.Node.Line] = rule.Name
	}
	for _, list := range u.Lists {
		names[list.Node.Line] = list.Name
	}
	out := map[[2]int]bool{}
	for from, name := range names {
		to := 1 << 30
		for other := range names {
			if other > from {
				to = min(to, other)
			}
		}
		if strings.HasPrefix(name, "fires") || strings.HasPrefix(name, "silent") {
			out[[2]int{from, to}] = strings.HasPrefix(name, "fires")
		}
	}
	return out
}

func reports(problems rules.Problems, doc [2]int) bool {
	for _, p := range problems {
		if p.Line >= doc[0] && p.Line < doc[1] {
			return true
		}
	}
	return false
}

func golden(t *testing.T, file string, problems rules.Problems, source []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteText(&b, problems, func(string) []byte { return source }); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestChecksAreDocumented(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range Checks() {
		if seen[c.ID] || !strings.Contains(c.ID, "/") || !strings.HasSuffix(c.Doc, ".") || (c.rule == nil) == (c.set == nil) {
			t.Errorf("%+v", c)
		}
		seen[c.ID] = true
	}
}

func TestRunReportsHeldRules(t *testing.T) {
	t.Parallel()
	text := "rule_id: A\nrule_version: 1\nname: a\nattack_release: enterprise-v19.1\napplies_to: [{source_kind: command}]\n" +
		"match: {s: {cmd.name|expand: '%none%'}}\nemits: [{tactic: TA0007, technique_id: T1083, confidence: 0.8}]\n"
	unit, problems := rules.Parse("f", []byte(text), rules.Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	problems = Run([]*rules.Unit{unit}, Options{Disable: allBut("")})
	if len(problems) != 1 || problems[0].Check != "match/list" {
		t.Errorf("%v", problems)
	}
}

func TestUnknownReleaseInUse(t *testing.T) {
	t.Parallel()
	unit, _ := rules.Parse("f", []byte("list: a\nvalues: [x]"), rules.Options{})
	if problems := Run([]*rules.Unit{unit}, Options{Release: "enterprise-v1"}); problems.Has(rules.SeverityError) {
		t.Errorf("%v", problems)
	}
}
