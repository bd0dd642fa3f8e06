package quality

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
)

var update = flag.Bool("update", false, "rewrite golden files")

// say is a judge that answers each command with the tags written in it:
// "T1059.004=0.9 T1105=0.4".
func say(ev Event) ([]Tag, error) {
	var tags []Tag
	for word := range strings.FieldsSeq(ev.Given["command"].(string)) {
		id, confidence, ok := strings.Cut(word, "=")
		if !ok {
			continue
		}
		tag := Tag{Technique: id, Rule: "R1", Confidence: 0.4}
		if confidence == "high" {
			tag.Confidence = 0.9
		}
		tags = append(tags, tag)
	}
	return tags, nil
}

func testCase(id, script string, want ...string) Case {
	return Case{ID: id, Title: id, Want: want, Events: []Event{command(script)}}
}

func TestScoreCounts(t *testing.T) {
	t.Parallel()
	set := &Set{Name: "s", Cases: []Case{
		testCase("exact", "T1059.004=high T1105=low", "T1059.004"),
		testCase("parent", "T1059.006=low", "T1059.004"),
		testCase("parent of an exact wish", "T1059=low", "T1059"),
		testCase("missed", "nothing", "T1059.004"),
		testCase("quiet", "ls"),
		testCase("noisy", "T1083=low T1083=high T1105=low"),
	}}
	result, err := Score(set, say)
	if err != nil {
		t.Fatal(err)
	}
	want := Figures{
		Labelled: 4, Exact: [2]int{2, 1}, Parent: [2]int{3, 1},
		Pairs: [2]int{4, 1}, RightExact: [2]int{2, 1}, RightParent: [2]int{3, 1},
		Harmless: 2, Tagged: [2]int{1, 1}, Tags: [2]int{2, 1},
	}
	if diff := cmp.Diff(want, result.All); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
	if result.Tuned.Labelled+result.Held.Labelled != 4 || result.Tuned.Harmless+result.Held.Harmless != 2 {
		t.Errorf("the parts do not add up: %+v %+v", result.Tuned, result.Held)
	}
	if len(result.Outcomes) != result.Tuned.Labelled+result.Tuned.Harmless {
		t.Errorf("%d outcomes: held-out cases are among them", len(result.Outcomes))
	}
}

func TestOnlySomeTechniquesCountForHarmlessCases(t *testing.T) {
	t.Parallel()
	set := &Set{Only: []string{"T1566"}, Cases: []Case{testCase("a", "T1566.002=high T1036=high")}}
	result, err := Score(set, say)
	if err != nil {
		t.Fatal(err)
	}
	if result.All.Tags != [2]int{1, 1} {
		t.Errorf("tags %v, want the one under T1566", result.All.Tags)
	}
}

func TestAThirdIsHeldOut(t *testing.T) {
	t.Parallel()
	n := 0
	for i := range 3000 {
		c := Case{ID: strings.Repeat("x", i%17) + string(rune('a'+i%26)) + strings.Repeat("y", i/100)}
		c.ID += "-" + strings.Repeat("z", i%7)
		if c.HeldOut() {
			n++
		}
	}
	if n < 700 || n > 1300 {
		t.Errorf("%d of 3000 held out", n)
	}
}

func TestReadAtomic(t *testing.T) {
	t.Parallel()
	const file = `{"technique":"T1070.003","name":"clear","guid":"g1","command":"history -c\n\nrm x"}` + "\n\n"
	for _, want := range []struct {
		byLine bool
		events []Event
	}{
		{false, []Event{command("history -c\n\nrm x")}},
		{true, []Event{command("history -c"), command("rm x")}},
	} {
		cases, err := ReadAtomic(strings.NewReader(file), want.byLine)
		if err != nil {
			t.Fatal(err)
		}
		expected := []Case{{ID: "g1", Title: "T1070.003 clear", Want: []string{"T1070.003"}, Events: want.events}}
		if diff := cmp.Diff(expected, cases); diff != "" {
			t.Errorf("byLine %v (-want +got):\n%s", want.byLine, diff)
		}
	}
	if _, err := ReadAtomic(strings.NewReader(`{"name":"x"}`), false); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a test without technique: %v", err)
	}
}

func TestReadCommands(t *testing.T) {
	t.Parallel()
	cases, err := ReadCommands(strings.NewReader("$ ls -l\n\nid\r\n"))
	if err != nil || len(cases) != 2 {
		t.Fatalf("%v, %v", cases, err)
	}
	if diff := cmp.Diff(command("ls -l"), cases[0].Events[0]); diff != "" {
		t.Error(diff)
	}
}

func TestReadRequests(t *testing.T) {
	t.Parallel()
	const file = `{"rule_id":1,"test_id":2,"method":"GET","uri":"/a?b=c","headers":{"User-Agent":"x","Host":"h"},"data":"d","expect_ids":[9]}
{"rule_id":1,"test_id":3,"encoded_request":"UE9TVCAveCBIVFRQLzEuMQ0KSG9zdDogYQ0KDQp5","expect_ids":[]}`
	cases, err := ReadRequests(strings.NewReader(file))
	if err != nil || len(cases) != 2 {
		t.Fatalf("%v, %v", cases, err)
	}
	want := map[string]any{
		"method": "GET", "path": "/a", "query": "b=c", "body": "d", "user_agent": "x", "host": "h",
		"headers": []map[string]any{{"name": "Host", "value": "h"}, {"name": "User-Agent", "value": "x"}},
	}
	if diff := cmp.Diff(want, cases[0].Events[0].Given); diff != "" {
		t.Error(diff)
	}
	if given := cases[1].Events[0].Given; given["method"] != "POST" || given["path"] != "/x" || given["body"] != "y" || cases[1].Want != nil {
		t.Errorf("%v", cases[1])
	}
}

func TestReadBrowsers(t *testing.T) {
	t.Parallel()
	cases, err := ReadBrowsers(strings.NewReader(`{"userAgent":"u","webdriver":true,"platform":"p","screen":{"width":3,"height":2}}`))
	if err != nil || len(cases) != 1 {
		t.Fatalf("%v, %v", cases, err)
	}
	fingerprint := cases[0].Events[0].Given["fingerprint"].(map[string]any)
	if fingerprint["webdriver"] != true || fingerprint["screen_width"] != 3 || cases[0].Want != nil {
		t.Errorf("%v", fingerprint)
	}
}

// The report is read by people: the golden file shows what they see.
func TestReport(t *testing.T) {
	t.Parallel()
	attacks := &Set{Name: "attacks", Cases: []Case{
		testCase("a", "T1059.004=high T1105=low", "T1059.004"), testCase("b", "T1105=low", "T1070.003"),
		testCase("c", "", "T1003.008"), testCase("d", "T1046=high", "T1046"),
	}}
	harmless := &Set{Name: "harmless", Cases: []Case{testCase("ls `x`", "ls"), testCase("history -c", "T1070.003=high"), testCase("f", "T1083=low"), testCase("g", "")}}
	var results []*Result
	for _, set := range []*Set{attacks, harmless} {
		result, err := Score(set, say)
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, result)
	}
	var b bytes.Buffer
	if err := WriteReport(&b, results, Listing{Misses: 10, Noise: 10, Harmless: 10}); err != nil {
		t.Fatal(err)
	}
	const file = "testdata/report.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites):\n%s", file, diff)
	}
}

func TestJudgeLiftsAndAsks(t *testing.T) {
	t.Parallel()
	unit, problems := rules.Parse("r.yaml", []byte(`rule_id: R1
rule_version: 1
name: history
description: x
attack_release: enterprise-v19.1
applies_to: [{source_kind: command}]
match: {a: {cmd.name: history}, condition: a}
emits: [{tactic: TA0005, technique_id: T1070, sub_technique_id: T1070.003, confidence: 0.9}]
`), rules.Options{})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	set, problems := rules.NewSet([]*rules.Unit{unit}, nil, 0)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	judge := NewJudge(set)
	tags, err := judge(command("sudo history -c"))
	if diff := cmp.Diff([]Tag{{Technique: "T1070.003", Confidence: 0.9, Rule: "R1"}}, tags); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := judge(Event{Kind: schemas.KindCommand, Given: map[string]any{"nope": 1}}); err == nil {
		t.Error("an event that cannot be lifted is judged")
	}
}
