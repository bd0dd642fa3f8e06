package detection

import (
	"testing"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// native is what native rules for commands allow.
var native = Options{Raw: []string{"command"}, Pattern: true}

// parse reads a detection that must be good.
func parse(t testing.TB, text string, opts Options) *Detection {
	t.Helper()
	d, problems := tryParse(t, text, opts)
	if d == nil || len(problems) > 0 {
		t.Fatalf("%s\n%v", text, problems)
	}
	return d
}

func tryParse(t testing.TB, text string, opts Options) (*Detection, document.Problems) {
	t.Helper()
	docs, problems := document.Parse("f", []byte(text))
	if len(problems) > 0 {
		t.Fatalf("%s\n%v", text, problems)
	}
	r := &document.Reader{File: "f"}
	d := Parse(r, docs[0], opts)
	return d, r.Problems()
}

// nodes reads a YAML list as the values of a value list.
func nodes(t testing.TB, text string) []*document.Node {
	t.Helper()
	docs, problems := document.Parse("list", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return docs[0].Items
}

// event reads a YAML map as the base of an event.
func event(t testing.TB, text string) *match.Event {
	t.Helper()
	docs, problems := document.Parse("event", []byte(text))
	if len(problems) > 0 {
		t.Fatalf("%s\n%v", text, problems)
	}
	ev := &match.Event{}
	for i, key := range docs[0].Keys {
		values := docs[0].Values[i].Items
		if docs[0].Values[i].Scalar() {
			values = []*document.Node{docs[0].Values[i]}
		}
		for _, v := range values {
			add(&ev.Base, key.Text, v)
		}
	}
	return ev
}

func add(f *match.Fields, name string, v *document.Node) {
	switch n, isNumber := v.Float(); {
	case v.Kind == document.KindNull:
		f.AddNull(name)
	case isNumber:
		f.AddFloat(name, n)
	case v.Kind == document.KindBool:
		b, _ := v.Bool()
		f.AddBool(name, b)
	default:
		f.Add(name, v.Text)
	}
}

var noLists = func(string) ([]*document.Node, bool) { return nil, false }
