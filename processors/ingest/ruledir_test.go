package ingest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/processors/ingest"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

func ruleText(id string, version int) string {
	return fmt.Sprintf(`rule_id: %s
rule_version: %d
name: a_name
description: A rule.
attack_release: enterprise-v19.1
applies_to: [{source_kind: command}]
match: {cmd.name: whoami}
emits:
  - {tactic: TA0007, technique_id: T1033, confidence: 0.5}
`, id, version)
}

// ruleDir is a rule directory and what it published.
type ruleDir struct {
	*testing.T
	path     string
	dir      *ingest.RuleDirectory
	cluster  topology.Cluster
	problems rules.Problems
	reader   *topology.Reader
}

func newRuleDir(t *testing.T) *ruleDir {
	t.Helper()
	r := &ruleDir{T: t, path: t.TempDir(), cluster: topologytest.Embedded(t)}
	topologytest.Provision(t, r.cluster, topology.Rules)
	reader, err := topology.NewReader(t.Context(), r.cluster, topology.Rules, topology.From{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(reader.Close)
	r.reader = reader
	r.open()
	return r
}

func (r *ruleDir) open() {
	r.Helper()
	var err error
	r.dir, err = ingest.NewRuleDirectory(ingest.RuleDirectoryOptions{
		Paths: []string{r.path}, Cluster: r.cluster, Producer: topologytest.Producer(r.T, r.cluster),
		OnProblems: func(p rules.Problems) { r.problems = append(r.problems, p...) },
	})
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() { r.dir.Close() })
}

func (r *ruleDir) write(name, text string) {
	r.Helper()
	path := filepath.Join(r.path, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.Fatal(err)
	}
}

func (r *ruleDir) remove(name string) {
	r.Helper()
	if err := os.RemoveAll(filepath.Join(r.path, name)); err != nil {
		r.Fatal(err)
	}
}

// published syncs and compares what came onto ttp.rules: KEY for a rule,
// -KEY for a removal.
func (r *ruleDir) published(want ...string) {
	r.Helper()
	if _, err := r.dir.Sync(r.Context()); err != nil {
		r.Fatal(err)
	}
	var got []string
	err := r.reader.ReadToEnd(r.Context(), func(record topology.Record) error {
		key := record.Key
		if len(record.Value) == 0 {
			key = "-" + key
		}
		got = append(got, key)
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.Fatalf("published (-want +got):\n%s", diff)
	}
}

func TestRuleDirectoryPublishesWhatChanged(t *testing.T) {
	t.Parallel()
	r := newRuleDir(t)
	r.write("a.yaml", ruleText("a", 1))
	r.write("deep/er/b.yml", ruleText("b", 1))
	r.write("shells.yaml", "list: shells\nvalues: [sh, bash]\n")
	r.write(".hidden.yaml", ruleText("hidden", 1))
	r.write("notes.txt", "no rule")
	r.write("a_test.yaml", "not: a rule")
	r.published("list/shells", "a", "b")
	r.published()
	r.write("a.yaml", ruleText("a", 2))
	r.published("a")
	r.remove("deep")
	r.published("-b")
}

func TestRuleDirectoryNeverRemovesWhatIsBeingWritten(t *testing.T) {
	t.Parallel()
	r := newRuleDir(t)
	r.write("a.yaml", ruleText("a", 1))
	r.published("a")
	for _, text := range []string{"", "   \n", "rule_id: a\nrule_ver", "{", ruleText("a", 1)[:60]} {
		r.write("a.yaml", text)
		r.published()
	}
	r.write("a.yaml", ruleText("a", 2))
	r.published("a")
}

func TestRuleDirectoryTellsOfProblemsOnce(t *testing.T) {
	t.Parallel()
	r := newRuleDir(t)
	r.write("bad.yaml", strings.Replace(ruleText("bad", 1), "T1033", "T0000", 1))
	r.write("one.yaml", ruleText("same", 1))
	r.write("two.yaml", ruleText("same", 1)+"# differs\n")
	r.published("same")
	first := len(r.problems)
	if first != 2 || r.problems[0].Line == 0 && r.problems[1].Line == 0 {
		t.Fatalf("problems: %v", r.problems)
	}
	r.published()
	if len(r.problems) != first {
		t.Errorf("told again: %v", r.problems[first:])
	}
}

// A file that is moved is one change of nothing; one that is replaced through
// a link, as Kubernetes does it, is one change.
func TestRuleDirectoryGoesByContent(t *testing.T) {
	t.Parallel()
	r := newRuleDir(t)
	r.write("a.yaml", ruleText("a", 1))
	r.published("a")
	if err := os.Rename(filepath.Join(r.path, "a.yaml"), filepath.Join(r.path, "b.yaml")); err != nil {
		t.Fatal(err)
	}
	r.published()

	r.write("..v1/c.yaml", ruleText("c", 1))
	r.write("..v2/c.yaml", ruleText("c", 2))
	link := func(from, to string) {
		t.Helper()
		temporary := filepath.Join(r.path, "..tmp")
		if err := os.Symlink(from, temporary); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(temporary, filepath.Join(r.path, to)); err != nil {
			t.Fatal(err)
		}
	}
	link("..v1", "..data")
	link("..data/c.yaml", "c.yaml")
	link(".", "round")
	r.published("c")
	link("..v2", "..data")
	r.published("c")
}

// What another client published is not this directory's to remove; what this
// directory published is, also when the file went while nothing ran.
func TestRuleDirectoryRemovesItsOwnOnly(t *testing.T) {
	t.Parallel()
	r := newRuleDir(t)
	r.write("mine.yaml", ruleText("mine", 1))
	r.write("kept.yaml", ruleText("kept", 1))
	r.published("kept", "mine")
	producer := topologytest.Producer(t, r.cluster)
	if _, err := producer.ProduceSync(t.Context(), topology.Message{Topic: topology.Rules, Key: "theirs", Value: []byte(ruleText("theirs", 1))}); err != nil {
		t.Fatal(err)
	}
	r.remove("mine.yaml")
	r.open() // a new process
	r.published("theirs", "-mine")

	if err := os.Rename(r.path, r.path+"-away"); err != nil { // a volume that is not mounted
		t.Fatal(err)
	}
	r.published()
}

// While it runs, changes are published without anybody asking.
func TestRuleDirectoryWatches(t *testing.T) {
	t.Parallel()
	r := newRuleDir(t)
	r.published()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.dir.Run(ctx) }()
	for version := 1; version <= 3; version++ {
		path := fmt.Sprintf("later/%d", version) // folders that are not there yet
		r.write(path+"/new.yaml", ruleText(fmt.Sprintf("new-%d", version), 1))
		records, err := r.reader.Poll(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(records) != 1 || records[0].Key != fmt.Sprintf("new-%d", version) {
			t.Fatalf("published %v", records)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}
