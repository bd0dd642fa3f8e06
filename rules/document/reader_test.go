package document

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readerOf(t *testing.T, text string) (*Reader, *Map) {
	t.Helper()
	docs, problems := Parse("f", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r := &Reader{File: "f"}
	return r, r.Map(docs[0], "rule")
}

func TestReader(t *testing.T) {
	t.Parallel()
	r, m := readerOf(t, "name: x\nversion: 3\nconfidence: 0.5\nlist: [a, 2, true]\nsingle: a\nlevel: high\ncode: 0777\n")
	if m.NeedText("name", 10) != "x" || m.NeedInt("version", 1, 9) != 3 || m.NeedFloat("confidence") != 0.5 ||
		m.OneOf("level", "low", "high") != "high" || m.Text("code", 4) != "0777" || m.Text("none", 1) != "" || m.Int("none2", 7, 9) != 7 {
		t.Error("a value came out wrong")
	}
	if diff := cmp.Diff([][]string{{"a", "2", "true"}, {"a"}, nil}, [][]string{m.Texts("list", 4), m.Texts("single", 4), m.Texts("none", 4)}); diff != "" {
		t.Error(diff)
	}
	m.Done()
	if len(r.Problems()) > 0 {
		t.Error(r.Problems())
	}
}

func TestReaderProblems(t *testing.T) {
	t.Parallel()
	r, m := readerOf(t, strings.Join([]string{
		"name: ''", "version: 1.5", "number: x", "texts: {a: b}", "items: [[a], b]", "level: hihg", "long: abcdef",
		"huge: 99", "vresion: 1", "map: [a]", "list: a",
	}, "\n"))
	m.NeedText("name", 10)
	m.NeedInt("version", 1, 9)
	if !math.IsNaN(m.NeedFloat("number")) || !math.IsNaN(m.NeedFloat("missing")) {
		t.Error("no number is a number")
	}
	m.Texts("texts", 4)
	m.Texts("items", 4)
	m.OneOf("level", "low", "high")
	m.Text("long", 4)
	m.Int("huge", 1, 9)
	list, _ := m.Get("list")
	r.List(list, "list")
	sub, _ := m.Get("map")
	r.Map(sub, "map").Done()
	m.Done()
	want := strings.Join([]string{
		"f:1:1: rule: missing is missing",
		"f:1:7: name is empty",
		"f:2:10: version: want a whole number, not a number",
		"f:3:9: number: want a number, not a text",
		"f:4:8: texts: want a list, not a map",
		"f:5:9: items: want a text, not a list",
		`f:6:8: level: unknown value "hihg", want one of low, high (did you mean high?)`,
		"f:7:7: long: 6 bytes, at most 4",
		"f:8:7: huge: 99 is not from 1 to 9",
		`f:9:1: rule: unknown key "vresion" (did you mean version?)`,
		"f:10:6: map: want a map, not a list",
		"f:11:7: list: want a list, not a text",
	}, "\n")
	if diff := cmp.Diff(want, r.Problems().Error()); diff != "" {
		t.Error(diff)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	choices := []string{"contains", "startswith", "cmd.name", "cmd.names"}
	for in, want := range map[string]string{
		"contain": "contains", "containts": "contains", "cotnains": "contains", "cmd.nam": "cmd.name",
		"zzz": "", "": "", strings.Repeat("x", 100): "",
	} {
		if got := Nearest(in, choices); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
