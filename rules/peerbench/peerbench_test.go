package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const readerRule = `title: Reader
id: 11111111-1111-4111-8111-111111111111
logsource: {product: linux, category: process_creation}
detection:
  selection: {CommandLine|contains: /etc/shadow}
  filter: {User: nobody}
  condition: selection and not filter
`

// The peers that are libraries are called rightly: they find what is there.
func TestSigmaGoAgrees(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.yml"), []byte(readerRule), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := loadRules(dir, filepath.Join(t.TempDir(), "rules"))
	if err != nil || len(set.rules) != 1 {
		t.Fatal(err, set)
	}
	events, err := writeEvents(filepath.Join(t.TempDir(), "events"), []string{"ls", "cat /etc/shadow"}, 5)
	if err != nil || len(events) != 2 {
		t.Fatal(err, len(events))
	}
	g := newSigmaGo(set)
	found, failed, _, err := g.run(events)
	if err != nil || len(failed) > 0 {
		t.Fatal(err, failed)
	}
	ours, err := inProcess(set, events)
	if err != nil {
		t.Fatal(err)
	}
	if differ := difference(ours, found); len(differ) > 0 || len(ours) != 1 {
		t.Errorf("%d matches, differences: %v", len(ours), differ)
	}
}

func TestExpressionTable(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: takes ten seconds")
	}
	commands, err := readCommands("../../../shared/data/samples/commands/benign_nl2bash_dev_MIT.txt")
	if err != nil {
		t.Skipf("SKIPPED %s: the sample commands are not beside the project", t.Name())
	}
	var out strings.Builder
	if err := expressionTable(&out, commands); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
}

func TestDifference(t *testing.T) {
	t.Parallel()
	a, b := pairs{{1, "x"}: true, {2, "x"}: true}, pairs{{2, "x"}: true, {3, "y"}: true}
	if got := strings.Join(difference(a, b), "; "); got != "x only ours: 1; y only theirs: 1" {
		t.Error(got)
	}
}
