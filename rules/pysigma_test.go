package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pySigma returns an interpreter that has pySigma, or skips.
func pySigma(t *testing.T) string {
	t.Helper()
	path := os.Getenv("TTPSTREAM_PYSIGMA")
	if path == "" {
		path = filepath.Join("..", "build", "venv-pysigma", "bin", "python")
	}
	if exec.Command(path, "-c", "import sigma.collection").Run() != nil {
		t.Skipf("SKIPPED %s: no Python with pySigma (TTPSTREAM_PYSIGMA=path of python)", t.Name())
	}
	return path
}

// accepting makes pySigma read a text a line and say whether it accepts it.
const accepting = `
import json, sys
from sigma.collection import SigmaCollection
for line in sys.stdin:
    try:
        rules = SigmaCollection.from_yaml(json.loads(line), resolve_references=False)
        for rule in rules.rules:
            for condition in getattr(getattr(rule, 'detection', None), 'parsed_condition', []):
                condition.parsed
        print('yes')
    except Exception as e:
        print('no ' + str(e).replace('\n', ' ')[:200])
`

// accepted returns which texts pySigma accepts.
func accepted(t *testing.T, python string, texts []string) []bool {
	t.Helper()
	var in bytes.Buffer
	for _, text := range texts {
		line, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command(python, "-c", accepting)
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var yes []bool
	for line := range strings.Lines(string(out)) {
		yes = append(yes, strings.HasPrefix(line, "yes"))
	}
	if len(yes) != len(texts) {
		t.Fatalf("%d answers to %d texts", len(yes), len(texts))
	}
	return yes
}

// oracleTexts are rules that use each modifier, and each pair of modifiers,
// on values of each kind; conditions; correlations; filters; actions.
func oracleTexts() []string {
	const id = "929a690e-bef0-4204-a928-ef5e620d6fcc"
	sigma := func(detection string) string {
		return "title: T\nid: " + id + "\nlogsource: {product: x}\ndetection:\n  " + strings.ReplaceAll(detection, "\n", "\n  ") + "\n"
	}
	var texts []string
	modifiers := []string{
		"contains", "startswith", "endswith", "all", "cased", "neq", "exists", "windash", "re", "i", "base64", "base64offset", "wide", "utf16", "utf16be",
		"lt", "lte", "gt", "gte", "minute", "hour", "day", "week", "month", "year", "cidr", "expand", "fieldref",
	}
	values := []string{"text", "'a*b'", "[a, b]", "7", "true", "null", "''", "10.0.0.0/8", "'%list%'", "['%list%', x]", "' -a'", "[1, 2]"}
	for _, value := range values {
		texts = append(texts, sigma("s: {f: "+value+"}\ncondition: s"))
		for _, a := range modifiers {
			texts = append(texts, sigma("s: {'f|"+a+"': "+value+"}\ncondition: s"), sigma("s: {'|"+a+"': "+value+"}\ncondition: s"))
			for _, b := range modifiers {
				texts = append(texts, sigma("s: {'f|"+a+"|"+b+"': "+value+"}\ncondition: s"))
			}
		}
	}
	for _, condition := range []string{
		"a", "not a", "a and b", "a or b and not c_1", "(a or b) and c_1", "1 of them", "all of them", "any of c_*", "1 of c_*", "all of *_1", "1 of a", "A AND b",
		"not (a and not (b or c_2))", "[a, b]", "a b", "2 of c_*", "a and", "", "none", "1 of x*", "a | count() > 5", "not not a", "all of c_* and 1 of c*", "(a)", "a or (b", "1 of c?1", "c-3",
	} {
		texts = append(texts, sigma("a: {f: 1}\nb: [x, y]\nc_1: [{f: 1}, {g: 2}]\nc_2: {'|all': [x, y]}\nc-3: {f: 2}\ncondition: "+condition))
	}
	for _, body := range []string{
		"{f: {g: x}}", "[[a]]", "{}", "[]", "null", "x", "5", "[x, {f: y}]", "{f: []}", "{'f g': x}", "{'': x}", "{f: x, f: y}", "[{f: x}, [y]]", `{f: '\*\\*'}`,
	} {
		texts = append(texts, sigma("s: "+body+"\ncondition: s"))
	}
	return append(texts, oracleDocuments(id)...)
}

// oracleDocuments are documents of the other kinds, and several in one text.
func oracleDocuments(id string) []string {
	head := "title: T\nid: " + id + "\n"
	var texts []string
	for _, kind := range []string{"event_count", "value_count", "temporal", "temporal_ordered", "value_sum", "value_avg", "value_percentile", "value_median", "other"} {
		for _, condition := range []string{
			"", "{gte: 5}", "{gt: 5, lte: 9}", "{eq: 1}", "{neq: 1, field: f}", "{gte: 5, field: f}", "{gte: 5, field: [f, g]}", "{gte: 5, field: f, percentile: 90}", "a and b", "a and not b", "a and (b or c)", "{}", "5", "{gte: x}", "{gte: 2.5, field: f}",
		} {
			text := head + "correlation:\n  type: " + kind + "\n  rules: [a, b]\n  group-by: [f]\n  timespan: 5m\n"
			if condition != "" {
				text += "  condition: " + condition + "\n"
			}
			texts = append(texts, text)
		}
	}
	for _, timespan := range []string{"1s", "1m", "1h", "1d", "1w", "1M", "1y", "0s", "5", "m", "-1m", "1.5h", "5 m", "99999d"} {
		texts = append(texts, head+"correlation: {type: event_count, rules: [a], timespan: "+timespan+", condition: {gte: 5}}\n")
	}
	for _, rules := range []string{"[a]", "a", "[]", "any", "{a: b}", "[1]"} {
		texts = append(texts,
			head+"logsource: {product: x}\nfilter: {rules: "+rules+", s: {f: x}, condition: not s}\n",
			head+"correlation: {type: event_count, rules: "+rules+", timespan: 5m, condition: {gte: 5}}\n")
	}
	rule := "logsource: {product: x}\ndetection: {s: {f: x}, condition: s}\n"
	return append(texts,
		head+rule, "title: T\n"+rule, head+"logsource: {}\ndetection: {s: {f: x}, condition: s}\n", head+"logsource: {product: x}\n", head+rule+"level: high\nstatus: test\ndate: 2024-01-02\n",
		head+rule+"date: 2024/01/02\n", head+rule+"date: soon\n", head+rule+"level: extreme\n", head+rule+"tags: [attack.t1059]\n", head+rule+"tags: [no_namespace]\n", head+rule+"custom: {a: [b]}\n",
		head+rule+"related: [{id: "+id+", type: similar}]\n", head+rule+"fields: [a, b]\nfalsepositives: [c]\n", head+"logsource: {product: x}\nfilter: {s: {f: x}, condition: not s}\n",
		"action: global\nlogsource: {product: x}\n---\n"+head+"detection: {s: {f: x}, condition: s}\n", head+rule+"---\naction: repeat\ntitle: U\nid: 6f3e2987-db24-4c78-a860-b4f4095a7095\n",
		head+rule+"---\n"+strings.Replace(head+rule, "929a", "829a", 1), head+rule+"---\n", "---\n"+head+rule, head+"detection: {s: {f: x}}\nlogsource: {product: x}\n",
	)
}

// What pySigma accepts we accept, or refuse for a reason that the golden file
// names.
func TestPySigma(t *testing.T) {
	t.Parallel()
	python := pySigma(t)
	texts := oracleTexts()
	yes := accepted(t, python, texts)
	both, theirs, ours := 0, 0, 0
	refusals := map[string]int{}
	example := map[string]string{}
	var order []string
	for i, text := range texts {
		unit, problems := Parse("f", []byte(text), Options{})
		switch {
		case unit != nil && yes[i]:
			both++
		case unit != nil:
			ours++
		case yes[i]:
			theirs++
			reason := reasonOf(problems)
			if refusals[reason]++; refusals[reason] == 1 {
				order = append(order, reason)
				example[reason] = shortest(text)
			}
		}
	}
	t.Logf("%d texts: %d accepted by both, %d by pySigma alone, %d by us alone", len(texts), both, theirs, ours)
	var b strings.Builder
	for _, reason := range order {
		fmt.Fprintf(&b, "%s\n  such as %s\n", reason, example[reason])
	}
	golden(t, "pysigma.golden", b.String())
}

// reasonOf names the first error: its check, and its message without what is
// quoted in it.
func reasonOf(problems Problems) string {
	for _, p := range problems {
		if p.Severity == SeverityError {
			return p.Check + ": " + p.Message
		}
	}
	return "no reason"
}

// shortest returns the line of a text that is about what is tested.
func shortest(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for _, line := range lines {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "s: ") || strings.HasPrefix(line, "correlation: {") || strings.HasPrefix(line, "filter: ") {
			return line
		}
	}
	return lines[len(lines)-1]
}

// pySigma accepts every rule of SigmaHQ, and so do we.
func TestPySigmaOnSigmaHQ(t *testing.T) {
	t.Parallel()
	python := pySigma(t)
	var texts []string
	files := sigmaHQ(t)
	for _, f := range files {
		texts = append(texts, string(f.text))
	}
	for i, yes := range accepted(t, python, texts) {
		if unit, problems := Parse(files[i].name, files[i].text, Options{}); yes && unit == nil {
			t.Errorf("%s: %v", files[i].name, problems)
		}
	}
}
