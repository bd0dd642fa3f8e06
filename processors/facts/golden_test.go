package facts

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestLiftCommandGolden shows the facts of each line of testdata/*.in, where ⏎
// stands for a line break and ## begins a heading.
func TestLiftCommandGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.in")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata/*.in: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".in"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var shown strings.Builder
			for line := range strings.Lines(string(raw)) {
				line = strings.TrimSuffix(line, "\n")
				switch {
				case line == "" || strings.HasPrefix(line, "## "):
					shown.WriteString(line + "\n")
				default:
					fmt.Fprintf(&shown, "$ %s\n%s\n", line, show(lifted(multiline(line))))
				}
			}
			golden(t, strings.TrimSuffix(file, ".in")+".golden", shown.String())
		})
	}
}

func multiline(line string) string { return strings.ReplaceAll(line, "⏎", "\n") }

func lifted(command string) *match.Event {
	out := new(match.Event)
	LiftCommand(&schemas.CommandEvent{Command: command}, out)
	return out
}

// show tells an event as a person would want to read it: what is the usual
// case is left out.
func show(e *match.Event) string {
	var b strings.Builder
	for _, f := range e.Base.All() {
		switch text := join(f); f.Name + "=" + text {
		case "command.depth=0", `command.parse="shell"`, "command.truncated=false", "command.count=1":
		default:
			if f.Name != "command" && f.Name != "command.names" {
				fmt.Fprintf(&b, "    %s: %s\n", f.Name, text)
			}
		}
	}
	if len(e.Secrets) > 0 {
		fmt.Fprintf(&b, "    secrets: %q\n", e.Secrets)
		values, _ := e.Base.Lookup("command")
		fmt.Fprintf(&b, "    shown as: %q\n", Excerpt(values[0].String(), e.Secrets, 256))
	}
	for i := range e.Scopes {
		showScope(&b, &e.Scopes[i])
	}
	return b.String()
}

func showScope(b *strings.Builder, f *match.Fields) {
	name, _ := f.Lookup("cmd.name")
	args, _ := f.Lookup("cmd.args")
	fmt.Fprintf(b, "  - %s", name[0])
	for _, arg := range args {
		fmt.Fprintf(b, " %q", arg)
	}
	b.WriteByte('\n')
	for _, field := range f.All() {
		text := join(field)
		switch field.Name + "=" + text {
		case "cmd.depth=0", "cmd.background=false", "cmd.subst=false", "cmd.path=" + fmt.Sprintf("%q", name[0]):
			continue
		}
		switch field.Name {
		case "cmd.name", "cmd.args", "cmd.index", "cmd.line", "cmd.flags", "cmd.operands", "cmd.assign_names":
		default:
			fmt.Fprintf(b, "      %s: %s\n", strings.TrimPrefix(field.Name, "cmd."), text)
		}
	}
}

func join(f match.Field) string {
	var texts []string
	for _, v := range f.Values {
		if v.Kind() == match.KindText {
			texts = append(texts, fmt.Sprintf("%q", v.String()))
		} else {
			texts = append(texts, v.String())
		}
	}
	return strings.Join(texts, " ")
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites):\n%s", path, diff)
	}
}
