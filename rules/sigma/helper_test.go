package sigma

import (
	"testing"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// doc reads one document that must be good YAML.
func doc(t testing.TB, text string) *document.Node {
	t.Helper()
	docs, problems := document.Parse("f", []byte(text))
	if len(problems) > 0 {
		t.Fatalf("%s\n%v", text, problems)
	}
	return docs[0]
}

func catalogue(t testing.TB, release string) Catalogue {
	t.Helper()
	c, err := attack.Release(release)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// base is a rule to which tests add lines.
const base = "title: T\nid: i\nlogsource: {product: linux}\ndetection: {s: {f: x}}\n"

func rule(t testing.TB, text, release string) (*Rule, document.Problems) {
	t.Helper()
	r := &document.Reader{File: "f"}
	rule := ReadRule(r, doc(t, text), Options{Catalogue: catalogue(t, release)})
	return rule, r.Problems()
}
