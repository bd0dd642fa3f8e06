package rules

import (
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/schemas"
)

// maxTests bounds the tests of one rule.
const maxTests = 1000

// readTests reads the tests of a rule of which emits and targets are read.
func readTests(r *document.Reader, n *document.Node, rule *Rule) []Test {
	items := r.List(n, "tests")
	if len(items) > maxTests {
		r.Errorf(n, "rule/limit", "", "tests: %d, at most %d", len(items), maxTests)
		return nil
	}
	tests := make([]Test, 0, len(items))
	for _, item := range items {
		tests = append(tests, readTest(r, item, rule))
	}
	return tests
}

func readTest(r *document.Reader, item *document.Node, rule *Rule) Test {
	m := r.Map(item, "tests")
	t := Test{Node: item, Name: m.Text("name", maxShort), SourceKind: testKind(m, rule)}
	if given, ok := m.Need("given"); ok {
		if given.Kind != document.KindMap || len(given.Keys) == 0 {
			r.Errorf(given, "rule/kind", "", "given: want a map of the event's fields")
		} else {
			t.Given, _ = given.Value().(map[string]any)
		}
	}
	if tags, ok := m.Need("tags"); ok {
		t.Tags = r.Texts(tags, "tags", maxShort)
		checkTags(r, tags, t.Tags, rule)
	}
	m.Done()
	return t
}

// testKind returns the source kind of a test: its own, else the first that the
// rule applies to.
func testKind(m *document.Map, rule *Rule) schemas.SourceKind {
	if kind := m.OneOf("source_kind", kindNames()...); kind != "" {
		return schemas.SourceKind(kind)
	}
	for _, t := range rule.Targets {
		if t.SourceKind != "" {
			return t.SourceKind
		}
	}
	return ""
}

// checkTags refuses what no run of the test could give.
func checkTags(r *document.Reader, at *document.Node, tags []string, rule *Rule) {
	var emitted []string
	for _, e := range rule.Emits {
		emitted = append(emitted, e.ID())
	}
	for i, tag := range tags {
		switch {
		case tag == "": // reported already
		case !techniqueID.MatchString(tag):
			r.Errorf(at.Items[i], "rule/value", "", "tags: %q is not the id of a technique", tag)
		case slices.Contains(tags[:i], tag):
			r.Errorf(at.Items[i], "rule/value", "", "tags: %s is there twice", tag)
		case !slices.Contains(emitted, tag) && len(emitted) > 0:
			r.Errorf(at.Items[i], "rule/test", "it emits "+strings.Join(emitted, ", "), "tags: the rule never emits %s", tag)
		}
	}
}
