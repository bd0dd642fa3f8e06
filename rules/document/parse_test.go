package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// show writes a node in a line: kinds by their brackets, places behind @.
func show(n *Node) string {
	var b strings.Builder
	var walk func(n *Node)
	walk = func(n *Node) {
		switch n.Kind {
		case KindList:
			b.WriteString("[")
			for i, item := range n.Items {
				if i > 0 {
					b.WriteString(" ")
				}
				walk(item)
			}
			b.WriteString("]")
		case KindMap:
			b.WriteString("{")
			for i, key := range n.Keys {
				if i > 0 {
					b.WriteString(" ")
				}
				fmt.Fprintf(&b, "%s:", key.Text)
				walk(n.Values[i])
			}
			b.WriteString("}")
		case KindText:
			fmt.Fprintf(&b, "%q", n.Text)
		case KindNull:
			b.WriteString("null")
		default:
			b.WriteString(n.Text)
		}
		fmt.Fprintf(&b, "@%d:%d", n.Line, n.Column)
	}
	walk(n)
	return b.String()
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"a: b", `{a:"b"@1:4}@1:1`},
		{"\uFEFFa: b", `{a:"b"@1:4}@1:1`},
		{"a: {b: [c, 'd']}", `{a:{b:["c"@1:9 "d"@1:12]@1:8}@1:4}@1:1`},
		{"- a\n- - b\n  - c: d", `["a"@1:3 ["b"@2:5 {c:"d"@3:8}@3:5]@2:3]@1:1`},
		{"é: [日本, x]", `{é:["日本"@1:5 "x"@1:9]@1:4}@1:1`},
		{"n: [1, -2, 1.50, 0777, 0x1f, 1_000, .5, +1, 1e3, .inf]", `{n:[1@1:5 -2@1:8 1.50@1:12 "0777"@1:18 "0x1f"@1:24 "1_000"@1:30 ".5"@1:37 "+1"@1:41 "1e3"@1:45 ".inf"@1:50]@1:4}@1:1`},
		{"n: [true, False, yes, null, ~, '']", `{n:[true@1:5 False@1:11 "yes"@1:18 null@1:23 null@1:29 ""@1:32]@1:4}@1:1`},
		{"n:\nm: 2024-01-02", `{n:null@1:3 m:"2024-01-02"@2:4}@1:1`},
		{"a: |\n  x\n  y\nb: >-\n  x\n  y", `{a:"x\ny\n"@1:4 b:"x y"@4:4}@1:1`},
		{`a: "x\ty\u0000"`, `{a:"x\ty\x00"@1:4}@1:1`},
		{"a: &x {b: c}\nd: [*x, *x]", `{a:{b:"c"@1:11}@1:7 d:[{b:"c"@1:11}@2:5 {b:"c"@1:11}@2:9]@2:4}@1:1`},
		{"# only\na: b # comment\n", `{a:"b"@2:4}@2:1`},
		{"a: b: c", "f:1:4: a colon and a space inside a plain text (put the text into quotes)"},
		{"a: [b", "f:1:4: the bracket that opens here is not closed"},
		{"a: 1\nb: 2\na: 3\nb: 4", "f:3:1: key \"a\" is there already, at line 1 (remove one of them)\nf:4:1: key \"b\" is there already, at line 2 (remove one of them)"},
		{"a: !!str b", "f:1:4: tags are not supported (write the value without !!str)"},
		{"a: &x {b: c}\nd:\n  <<: *x", "f:3:3: merge keys are not supported (write the entries out)"},
		{"%YAML 1.2\n---\na: b", "f:1:1: directives are not supported"},
		{"? a\n: b", `f:1:1: keys of the form "? key" are not supported (write key: value)`},
		{"a: *x", "f:1:4: alias *x has no anchor above it in this document"},
		{"a: &x [*x]", "f:1:8: alias *x has no anchor above it in this document"},
		{"", "f: no document"},
		{"# nothing\n", "f: no document"},
		{"a: b\n---\n---\nc: d", `{a:"b"@1:4}@1:1`},
		{"a: \x01", "f:1:4: control character U+0001 (in a quoted text, write it as an escape)"},
		{"a: b\nc: é\xff", "f:2:5: byte 0xff is not UTF-8 (in a quoted text, write it as an escape)"},
		{strings.Repeat("[", 40), "f:1:34: nested more than 32 deep"},
		{strings.Repeat("- ", 40) + "a", "f:1:67: nested more than 32 deep"},
		{strings.Repeat("a", MaxBytes+1), "f: text of 524289 bytes, at most 524288 (split it into several files)"},
		{strings.Repeat("- a\n", MaxNodes+1), "f:20000:3: more than 20000 nodes, aliases unfolded (split the text into several files)"},
		{manyKeys(MaxKeys + 1), "f:4097:1: more than 4096 keys (split the text into several files)"},
		{strings.Repeat("a: b\n", 1000), strings.TrimSuffix(repeated(maxProblems+1), "\n")},
		{strings.Repeat("---\na: b\n", MaxDocuments+1), "f: 65 documents, at most 64"},
	} {
		docs, problems := Parse("f", []byte(c.in))
		got := problems.Error()
		if len(problems) == 0 {
			got = show(docs[0])
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%.60q: %s", c.in, diff)
		}
	}
}

// manyKeys is a map of n keys.
func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: v\n", i)
	}
	return b.String()
}

// repeated is what is said of n repetitions of a key.
func repeated(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "f:%d:1: key \"a\" is there already, at line 1 (remove one of them)\n", i+2)
	}
	return b.String()
}

func TestParseDocuments(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"a: 1\n---\nb: 2", "---\na: 1\n---\nb: 2\n", "a: 1\n...\n---\nb: 2\n...\n", "a: 1\n--- # second\nb: 2\n---\n",
		"--- {a: 1}\n--- {b: 2}",
	} {
		docs, problems := Parse("f", []byte(text))
		if len(problems) > 0 || len(docs) != 2 || docs[1].Keys[0].Text != "b" {
			t.Errorf("%q: %d documents, %v", text, len(docs), problems)
		}
	}
}

func TestAliasBomb(t *testing.T) {
	t.Parallel()
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		item := fmt.Sprintf("*a%d", i-1)
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Join([]string{item, item, item, item, item, item, item, item, item, item}, ", "))
	}
	_, problems := Parse("f", []byte(bomb))
	if len(problems) != 1 || problems[0].Check != "yaml/limit" {
		t.Errorf("problems: %v", problems)
	}
}

func TestNodeAt(t *testing.T) {
	t.Parallel()
	docs, problems := Parse("f", []byte("a: é and x\nb: 'é and x'\nc: \"é\\tx\"\nd: |\n  é and x\ne: é\n  and x\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for key, want := range map[string]string{"a": "1:6", "b": "2:7", "c": "3:4", "d": "4:4", "e": "6:4"} {
		n, _ := docs[0].Get(key)
		line, column := n.At(3)
		if got := fmt.Sprintf("%d:%d", line, column); got != want {
			t.Errorf("%s: byte 3 at %s, want %s", key, got, want)
		}
	}
}

func TestNodeValue(t *testing.T) {
	t.Parallel()
	docs, problems := Parse("f", []byte("{a: [x, 1, 1.5, true, null, 12345678901234567890, 0777], b: {c: d}}"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := map[string]any{
		"a": []any{"x", int64(1), 1.5, true, nil, 12345678901234567890.0, "0777"},
		"b": map[string]any{"c": "d"},
	}
	if diff := cmp.Diff(any(want), docs[0].Value()); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a: b", "- a\n- {b: [c, 'd', \"e\"]}", "a: &x |\n  y\nb: *x", "a: 1\n---\nb: 2\n...", "? a\n: b", "a: !!str b",
		"a: {b: c,}\n", "- - - a", "a:\n- b\n-\n", "'a': \"\\x41\"", "a: >-\n\n  x\n\n   y\n", "\ufeff# c\na: b\r\nc: d\r\n",
		"&", "[a: &k ", "- - &a\n  b: 'c\n   d'\n- *a", "{a: [b, {c}], ? d}", "a: |2+\n    x\n\n", "a\n b: c", "\"a\\\n b\": c",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		docs, problems := Parse("f", text)
		if (len(docs) == 0) == (len(problems) == 0) {
			t.Fatalf("%d documents and problems %v", len(docs), problems)
		}
		for _, p := range problems {
			if p.File != "f" || p.Check == "" || p.Check == "yaml/internal" || p.Message == "" || p.Line < 0 || p.Column < 0 {
				t.Fatalf("problem %+v", p)
			}
		}
		nodes := 0
		for _, doc := range docs {
			check(t, doc, 0, &nodes)
		}
		if nodes > MaxNodes {
			t.Fatalf("%d nodes", nodes)
		}
	})
}

func check(t *testing.T, n *Node, depth int, nodes *int) {
	if *nodes++; depth > MaxDepth+1 {
		t.Fatalf("depth %d", depth)
	}
	if len(n.Keys) != len(n.Values) || n.Scalar() && len(n.Keys)+len(n.Items) > 0 {
		t.Fatalf("node %+v", n)
	}
	n.At(len(n.Text) / 2)
	for _, kids := range [][]*Node{n.Items, n.Keys, n.Values} {
		for _, kid := range kids {
			check(t, kid, depth+1, nodes)
		}
	}
}

// Long texts of one idea each. None may take long.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, part := range []string{
		"[", "{", "- ", "a: ", "? ", "a\n", "'", "''", `\"`, "a: |\n", "#\n", "*a ", "&a ", "!a ", "---\n", "\n", " ", "\t",
		"a: b\n", "é", "@", "[],", "<<: ", "%a\n", "x: &a [*a]\n", "|", ">", "a:\n ", "\r", "{a: [",
	} {
		text := strings.Repeat(part, MaxBytes/len(part))
		if docs, problems := Parse("f", []byte(text)); len(docs) == 0 && len(problems) == 0 {
			t.Errorf("%q: neither documents nor problems", part)
		}
	}
}
