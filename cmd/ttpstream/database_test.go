package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checksums are of the content of each table of a database that nobody has
// open.
func checksums(t testing.TB, path string) map[string]string {
	t.Helper()
	store, err := openStore(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	audit, err := store.Audit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, difference := range audit.Differences {
		t.Errorf("%s: %s", path, difference)
	}
	return audit.Checksums
}

// The same log again changes no rollup, and a database that was deleted comes
// back as it was.
func TestDatabaseIsAFunctionOfTheTopics(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(data, "ledger.db")
	once := func() map[string]string {
		t.Helper()
		if c := runChild(t, nil, "up", "--once", "--data", data, "--port", "0", filepath.Join("demo", "cowrie.json.gz")); c.code != exitDone {
			t.Fatalf("code %d\n%s", c.code, c.stderr())
		}
		return checksums(t, path)
	}
	first := once()
	if len(first) == 0 || strings.HasPrefix(first["ttp_tag"], "0 rows") {
		t.Fatalf("checksums: %v", first)
	}
	if diff := cmp.Diff(first, once()); diff != "" {
		t.Errorf("after the same log again:\n%s", diff)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(first, once()); diff != "" {
		t.Errorf("after the database was deleted:\n%s", diff)
	}
}

// The first event after the first start on an empty directory is judged under
// all rules, those of the directory too; a rule file written while it runs is
// in force without anybody asking, and one that is broken changes nothing.
func TestUpPublishesItsRuleDirectory(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	dir := t.TempDir()
	write := func(name, text string) { t.Helper(); writeFileText(t, filepath.Join(dir, name), text) }
	rule := func(id, command string) string {
		return strings.NewReplacer("X9001", id, "no-such-command-9001", command).Replace(harmless)
	}
	write("first.yaml", rule("MINE1", "first-command"))
	up := startUp(ctx, t, "--rules", dir, writeTemp(t, "log.json", commandLine(1, "first-command")))
	up.eventually(ctx, t, "tags?rule=MINE1&min_confidence=0.3", `"rule_id":"MINE1"`)

	write("second.yaml", "rule_id: MINE2\nrule_version")
	write("third.yaml", rule("MINE3", "third-command"))
	up.eventually(ctx, t, "rules/MINE3", `"in_force":true`)
	write("second.yaml", rule("MINE2", "second-command"))
	up.eventually(ctx, t, "rules/MINE2", `"in_force":true`)
	if err := os.Remove(filepath.Join(dir, "third.yaml")); err != nil {
		t.Fatal(err)
	}
	up.eventually(ctx, t, "rules/MINE3", `"in_force":false`)
}

// commandLine is a line of a Cowrie log.
func commandLine(second int, command string) string {
	return strings.NewReplacer("SS", string(rune('0'+second/10))+string(rune('0'+second%10)), "COMMAND", command).Replace(
		`{"eventid":"cowrie.command.input","input":"COMMAND","session":"0123456789ab","src_ip":"198.51.100.9","sensor":"s","timestamp":"2026-03-01T00:00:SS.000000Z"}` + "\n")
}

// A projector that is stopped, replaced and let go again writes nothing more:
// tags and rollups are as if it had never been.
func TestSuspendedProjectorIsFenced(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	up := startUp(ctx, t)
	path := filepath.Join(t.TempDir(), "ledger.db")
	flags := []string{"--brokers", up.broker}
	project := func() *child {
		return startChild(t, nil, append([]string{"project", "--database", "sqlite:" + path}, flags...)...)
	}
	ingest := func(log string) {
		t.Helper()
		if c := runChild(t, nil, append([]string{"ingest", log}, flags...)...); c.code != exitDone {
			t.Fatal(c.stderr())
		}
	}
	first := project()
	first.must(ctx, "everything on the topics is in the database")
	if err := first.command.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	log := writeTemp(t, "log.json", commandLine(1, "cat /etc/shadow")+commandLine(2, "crontab -r")+commandLine(3, "history -c"))
	ingest(log)
	want := undisturbed(t, log)
	up.holds(ctx, t, want)
	second := project()
	second.must(ctx, "everything on the topics is in the database") // the first has lost its partitions
	if err := first.command.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	more := writeTemp(t, "more.json", commandLine(4, "cat /etc/passwd"))
	ingest(more)
	all := undisturbed(t, writeTemp(t, "all.json", readText(t, log)+readText(t, more)))
	up.holds(ctx, t, all)
	project().must(ctx, "everything on the topics is in the database")
	for _, c := range []*child{first, second} {
		c.interrupt()
		c.wait(ctx)
	}
	up.leave(t)
	recount(ctx, t, path, all)
}
