package facts

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules/match"
)

// samples is where recorded inputs lie on machines that have them. They are no
// part of the project.
const samples = "../../../shared/data/samples"

// TestLiftSamples lifts every command of the recorded inputs and prints how
// many of them are shell.
func TestLiftSamples(t *testing.T) {
	t.Parallel()
	for _, source := range []struct {
		pattern string
		command func(line string) string
	}{
		{"cowrie/*.jsonl", jsonField("input")},
		{"commands/benign_nl2bash_dev_MIT.txt", func(line string) string { return strings.TrimPrefix(line, "$ ") }},
		{"commands/atomic_linux_dev_MIT.jsonl", jsonField("command")},
	} {
		t.Run(filepath.Dir(source.pattern)+"/"+filepath.Ext(source.pattern), func(t *testing.T) {
			t.Parallel()
			files, _ := filepath.Glob(filepath.Join(samples, source.pattern))
			if len(files) == 0 {
				t.Skipf("SKIPPED: no samples at %s", filepath.Join(samples, source.pattern))
			}
			for _, file := range files {
				liftFile(t, file, source.command)
			}
		})
	}
}

func jsonField(name string) func(line string) string {
	return func(line string) string {
		var record map[string]any
		if json.Unmarshal([]byte(line), &record) != nil {
			return ""
		}
		command, _ := record[name].(string)
		return command
	}
}

func liftFile(t *testing.T, path string, command func(string) string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines, simple, shell, commands, secrets, layers int
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		line := command(scanner.Text())
		if line == "" {
			continue
		}
		e := checkLift(t, line)
		lines++
		commands += len(e.Scopes)
		if plain(line) {
			simple++
			if !agree(line) {
				t.Errorf("read in another way than the grammar does: %q", line)
			}
		}
		secrets += len(e.Secrets)
		parse, _ := e.Base.Lookup("command.parse")
		if parse[0] == match.Text("shell") {
			shell++
		} else if testing.Verbose() {
			t.Logf("no shell: %.120q", line)
		}
		if truncated, _ := e.Base.Lookup("command.truncated"); truncated[0] == match.Bool(true) {
			t.Errorf("truncated: %.120q", line)
		}
		if depth, _ := e.Base.Lookup("command.depth"); depth[0] != match.Number(0) {
			layers++
		}
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d lines, %d shell (%d plain), %d fallback, %d commands, %d with layers, %d secrets",
		filepath.Base(path), lines, shell, simple, lines-shell, commands, layers, secrets)
}
