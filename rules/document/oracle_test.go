package document

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python returns an interpreter that has PyYAML, as pySigma's environment
// does, or skips.
func python(t *testing.T) string {
	t.Helper()
	path := os.Getenv("TTPSTREAM_PYSIGMA")
	if path == "" {
		path = filepath.Join("..", "..", "build", "venv-pysigma", "bin", "python")
	}
	if exec.Command(path, "-c", "import yaml").Run() != nil {
		t.Skipf("SKIPPED %s: no Python with PyYAML (TTPSTREAM_PYSIGMA=path of python)", t.Name())
	}
	return path
}

// reading makes PyYAML read a text a line: each scalar as text, maps as lists
// of pairs behind "%map", null for what it refuses.
const reading = `
import json, sys, yaml
def plain(n):
    if isinstance(n, yaml.ScalarNode):
        return None if n.style in (None, '') and n.value in ('', '~', 'null', 'Null', 'NULL') else n.value
    if isinstance(n, yaml.SequenceNode):
        return [plain(x) for x in n.value]
    return ['%map'] + [[plain(k) or '', plain(v)] for k, v in n.value]
for line in sys.stdin:
    try:
        print(json.dumps([d for d in (plain(d) for d in yaml.compose_all(json.loads(line), Loader=yaml.BaseLoader)) if d is not None]))
    except (yaml.YAMLError, TypeError, RecursionError):
        print('null')
`

// ask returns what PyYAML makes of texts.
func ask(t *testing.T, python string, texts []string) []string {
	t.Helper()
	var in bytes.Buffer
	for _, text := range texts {
		line, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command(python, "-c", reading)
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// ours spells our reading as the oracle does.
func ours(docs []*Node) string {
	all := make([]any, len(docs))
	for i, doc := range docs {
		all[i] = spelt(doc)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func spelt(n *Node) any {
	switch n.Kind {
	case KindNull:
		return nil
	case KindList:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = spelt(item)
		}
		return list
	case KindMap:
		list := []any{"%map"}
		for i, key := range n.Keys {
			list = append(list, []any{key.Text, spelt(n.Values[i])})
		}
		return list
	}
	return n.Text
}

// canonical writes JSON as Go does.
func canonical(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// What both read, both read alike: 20,000 texts made of what matters in YAML,
// the same ones every time.
func TestReadsAsPyYAML(t *testing.T) {
	t.Parallel()
	path := python(t)
	pieces := strings.Split(`a~b~c: ~a: ~b: ~- ~⏎~⏎~⏎  ~⏎    ~⏎ ~ ~'x'~"y"~"~'~[~]~{~}~, ~,~: ~:~#~ #~|⏎~>⏎~|-⏎~>+⏎~x y~&k ~*k~---⏎~...⏎~⏎⏎~"a\n"~"\~-~?~null~a:~⏎- ~⏎  - ~⏎  a: ~⏎b: ~|2⏎~%~>-⏎   ~⏎   z`, "~")
	random := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, 20_000)
	for i := range texts {
		for range 1 + random.IntN(14) {
			texts[i] += strings.ReplaceAll(pieces[random.IntN(len(pieces))], "⏎", "\n")
		}
	}
	compareReadings(t, path, texts, 2000)
}

// compareReadings fails where both sides read a text and not alike; at least
// so many must have been read by both.
func compareReadings(t *testing.T, python string, texts []string, least int) {
	t.Helper()
	equal := 0
	for i, theirs := range ask(t, python, texts) {
		docs, problems := Parse("f", []byte(texts[i]))
		switch {
		case theirs == "null" || len(problems) > 0:
		case canonical(t, theirs) != canonical(t, ours(docs)):
			t.Errorf("%q\nours   %s\ntheirs %s", texts[i], ours(docs), theirs)
		default:
			equal++
		}
	}
	if equal < least {
		t.Errorf("only %d of %d texts were read by both", equal, len(texts))
	}
	t.Logf("%d of %d texts read by both, alike", equal, len(texts))
}
