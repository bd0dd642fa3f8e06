package sigma

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/match"
)

var update = flag.Bool("update", false, "rewrite golden files")

// The table of all fields that pipelines map, for people.
func TestPipelines(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, p := range Pipelines() {
		fmt.Fprintf(&b, "%s\n  %s\n", p.Name, p.Doc)
		for _, source := range p.Logsources {
			fmt.Fprintf(&b, "  product/category/service %s\n", Spell(source))
		}
		fmt.Fprintf(&b, "  facts of %v, keywords in %s\n", p.Kinds, strings.Join(p.Raw, ", "))
		for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
			fmt.Fprintf(&b, "    %-18s %s\n", name, spellSource(p, name))
		}
	}
	path := filepath.Join("testdata", "pipelines.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

func spellSource(p Pipeline, name string) string {
	source := p.Fields[name]
	parts := slices.Clone(source.Fields)
	for _, field := range source.Programs {
		parts = append(parts, field+" as a program's path")
	}
	for _, v := range source.Values {
		parts = append(parts, "always "+v.String())
	}
	if len(parts) == 0 {
		return "absent"
	}
	return strings.Join(parts, ", ")
}

func TestViews(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source   match.Logsource
		taxonomy string
		want     string
	}{
		{match.Logsource{Product: "linux", Category: "process_creation"}, "", "events linux/process_creation"},
		{match.Logsource{Category: "process_creation"}, "", "events linux/process_creation"},
		{match.Logsource{Product: "windows", Category: "process_creation"}, "", "events"},
		{match.Logsource{Product: "linux"}, "", "events linux"},
		{match.Logsource{Product: "linux", Service: "auditd"}, "", "events linux/auditd"},
		{match.Logsource{Product: "linux", Service: "sshd"}, "", "events"},
		{match.Logsource{Category: "proxy"}, "", "events webserver and proxy"},
		{match.Logsource{Product: "opencanary", Category: "application"}, "", "events"},
		{match.Logsource{Product: "linux", Category: "process_creation"}, "ecs", "events"},
	} {
		var names []string
		for _, v := range Views(c.source, c.taxonomy) {
			names = append(names, v.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s of taxonomy %q: %s, want %s", Spell(c.source), c.taxonomy, got, c.want)
		}
	}
}
