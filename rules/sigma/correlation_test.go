package sigma

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/document"
)

func correlation(t testing.TB, body string) (*Correlation, document.Problems) {
	t.Helper()
	r := &document.Reader{File: "f"}
	c := ReadCorrelation(r, doc(t, "title: C\nid: c\ncorrelation:\n  "+strings.ReplaceAll(body, "\n", "\n  ")+"\n"), Options{Catalogue: catalogue(t, "")})
	return c, r.Problems()
}

// The forms that the specification shows, and what they ask for.
func TestCorrelations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, want string }{
		{"type: event_count\nrules: [a]\ngroup-by: [Host]\ntimespan: 1h\ncondition: {gte: 100}",
			`[a] [Host] [] {"type":"event_count","timespan":3600000000000,"rules":1,"bounds":[{"op":"gte","value":100}]}`},
		{"type: event_count\nrules: a\ngroup-by: Host\ntimespan: 90m\ncondition: {gt: 100, lte: 200}",
			`[a] [Host] [] {"type":"event_count","timespan":5400000000000,"rules":1,"bounds":[{"op":"gt","value":100},{"op":"lte","value":200}]}`},
		{"type: value_count\nrules: [a]\ngroup-by: [Host, Station]\ntimespan: 1d\ncondition: {field: User, gte: 100}",
			`[a] [Host Station] [User] {"type":"value_count","timespan":86400000000000,"rules":1,"bounds":[{"op":"gte","value":100}]}`},
		{"type: value_count\nrules: [a]\ntimespan: 1d\ncondition: {field: [User, Domain], neq: 1}",
			`[a] [] [User Domain] {"type":"value_count","timespan":86400000000000,"rules":1,"bounds":[{"op":"neq","value":1}]}`},
		{"type: temporal\nrules: [a, b, c]\ngroup-by: [Host, User]\ntimespan: 5m",
			`[a b c] [Host User] [] {"type":"temporal","timespan":300000000000,"rules":3}`},
		{"type: temporal\nrules: [a, b, c]\ntimespan: 30s\ncondition: {gte: 2}",
			`[a b c] [] [] {"type":"temporal","timespan":30000000000,"rules":3,"bounds":[{"op":"gte","value":2}]}`},
		{"type: temporal\ntimespan: 30s\ncondition: a and (b or not c)",
			`[a b c] [] [] {"type":"temporal","timespan":30000000000,"rules":3,"expr":{"and":[{"rule":1},{"or":[{"rule":2},{"not":{"rule":3}}]}]}}`},
		{"type: temporal_ordered\nrules: [many, one]\ngroup-by: [User]\ntimespan: 1h\ngenerate: true",
			`[many one] [User] [] {"type":"temporal_ordered","timespan":3600000000000,"rules":2} generate`},
		{"type: value_sum\nrules: [a]\ntimespan: 1h\ncondition: {field: bytes, gt: 1000000}",
			`[a] [] [bytes] {"type":"value_sum","timespan":3600000000000,"rules":1,"bounds":[{"op":"gt","value":1000000}]}`},
		{"type: value_avg\nrules: [a]\ntimespan: 24h\ncondition: {field: bytes, gt: 500.5}",
			`[a] [] [bytes] {"type":"value_avg","timespan":86400000000000,"rules":1,"bounds":[{"op":"gt","value":500.5}]}`},
		{"type: value_percentile\nrules: [a]\ntimespan: 24h\ncondition: {field: image, lte: 1}",
			`[a] [] [image] {"type":"value_percentile","timespan":86400000000000,"rules":1,"bounds":[{"op":"lte","value":1}]}`},
		{"type: value_percentile\nrules: [a]\ntimespan: 1w\ncondition: {field: n, lte: 1, percentile: 95}",
			`[a] [] [n] {"type":"value_percentile","timespan":604800000000000,"rules":1,"bounds":[{"op":"lte","value":1}],"percentile":95}`},
		{"type: value_median\nrules: [a]\ntimespan: 1h\ncondition: {field: n, eq: 1}",
			`[a] [] [n] {"type":"value_median","timespan":3600000000000,"rules":1,"bounds":[{"op":"eq","value":1}]}`},
	} {
		got, problems := correlation(t, c.body)
		if len(problems) > 0 {
			t.Errorf("%s\n%v", c.body, problems)
			continue
		}
		text := fmt.Sprintf("%v %v %v %s", got.Rules, got.GroupBy, got.Fields, got.Window.Encode())
		if got.Generate {
			text += " generate"
		}
		if diff := cmp.Diff(c.want, text); diff != "" {
			t.Errorf("%s\n%s", c.body, diff)
		}
	}
}

func TestAliases(t *testing.T) {
	t.Parallel()
	c, problems := correlation(t, "type: temporal\nrules: [a, b]\ngroup-by: [ip, Host]\ntimespan: 10s\naliases: {ip: {a: destination.ip, b: source.ip}, only: {a: x}}")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, want := range []struct {
		name, field string
		rule        int
	}{{"ip", "destination.ip", 0}, {"ip", "source.ip", 1}, {"Host", "Host", 1}, {"only", "", 1}} {
		if got, err := c.Field(want.name, want.rule); got != want.field || (err != nil) != (want.field == "") {
			t.Errorf("%s in rule %d is %q, %v", want.name, want.rule, got, err)
		}
	}
	if got := c.Spell(); got != "temporal in 10s" {
		t.Error(got)
	}
}

func TestCorrelationProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, want string }{
		{"type: x\nrules: [a]\ntimespan: 1h\ncondition: {gte: 1}", `f:4:9: type: unknown value "x", want one of event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile, value_median`},
		{"type: event_count\ntimespan: 1h\ncondition: {gte: 1}", "f:4:3: correlation: rules is missing"},
		{"type: event_count\nrules: []\ntimespan: 1h\ncondition: {gte: 1}", "f:5:10: correlation: rules: name them"},
		{"type: event_count\nrules: [a, a]\ntimespan: 1h\ncondition: {gte: 1}", `f:5:14: correlation: rule "a" is there already`},
		{"type: event_count\nrules: [a]\ncondition: {gte: 1}", "f:4:3: correlation: timespan is missing"},
		{"type: event_count\nrules: [a]\ntimeframe: 1h\ncondition: {gte: 1}", "f:6:14: correlation: timeframe (call it timespan)"},
		{"type: event_count\nrules: [a]\ntimespan: 1Y\ncondition: {gte: 1}", `f:6:13: correlation: timespan "1Y" (write 30s, 5m, 2h or 1d, at most 366d)`},
		{"type: event_count\nrules: [a]\ntimespan: 0s\ncondition: {gte: 1}", `f:6:13: correlation: timespan "0s" (write 30s, 5m, 2h or 1d, at most 366d)`},
		{"type: event_count\nrules: [a]\ntimespan: 999999d\ncondition: {gte: 1}", `f:6:13: correlation: timespan "999999d" (write 30s, 5m, 2h or 1d, at most 366d)`},
		{"type: event_count\nrules: [a]\ntimespan: 1h", "f:4:3: correlation: condition is missing"},
		{"type: event_count\nrules: [a]\ntimespan: 1h\ncondition: {}", "f:7:14: condition: no comparison (write gte: 5)"},
		{"type: event_count\nrules: [a]\ntimespan: 1h\ncondition: {gte: many}", "f:7:20: condition: gte wants a number, not a text"},
		{"type: event_count\nrules: [a]\ntimespan: 1h\ncondition: {ge: 1}", "f:7:14: condition: no comparison (write gte: 5)\nf:7:15: condition: unknown key \"ge\""},
		{"type: event_count\nrules: [a]\ntimespan: 1h\ncondition: {gte: 1, field: x}", "f:7:14: condition: event_count looks at no field (use value_count)"},
		{"type: value_count\nrules: [a]\ntimespan: 1h\ncondition: {gte: 1}", "f:7:14: condition: field is missing"},
		{"type: value_sum\nrules: [a]\ntimespan: 1h\ncondition: {gte: 1, field: [a, b]}", "f:7:14: condition: value_sum takes one field"},
		{"type: value_sum\nrules: [a]\ntimespan: 1h\ncondition: {gte: 1, field: a, percentile: 5}", "f:7:45: condition: percentile belongs to value_percentile and is a number from 0 to 100"},
		{"type: event_count\nrules: [a]\ntimespan: 1h\ncondition: a and b", "f:7:14: condition: words over rules need type temporal or temporal_ordered"},
		{"type: temporal_ordered\nrules: [a, b]\ntimespan: 1h\ncondition: a and b", "f:7:14: condition: words over rules say nothing of an order (use type temporal, or leave the condition out)"},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\ncondition: a and c", "f:7:14: condition: rules does not name c"},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\ncondition: a or a", "f:5:14: condition does not speak of rule b"},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\ncondition: a and (b", "f:7:14: condition: want )"},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\ncondition: a b", "f:7:14: condition: want and, or, or the end, not b"},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\ncondition: and a", "f:7:14: condition: want the name of a rule, not and"},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\naliases: {x: {c: y}}", `f:7:17: alias x: the correlation does not refer to a rule "c"`},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\naliases: {x: y}", "f:7:16: aliases: x: want a map, not a text"},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\ngroup-by: [x, x]", `f:7:13: group-by: field "x" is there twice`},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\ngenerate: maybe", "f:7:13: generate: want true or false, not a text"},
		{"type: temporal\nrules: [a, b]\ntimespan: 1h\ngroup_by: [x]", `f:7:3: correlation: unknown key "group_by" (did you mean group-by?)`},
	} {
		_, problems := correlation(t, c.body)
		if diff := cmp.Diff(c.want, problems.Error()); diff != "" {
			t.Errorf("%s\n%s", c.body, diff)
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	const head = "title: F\nid: f\nlogsource: {product: linux}\nfilter:\n"
	for _, c := range []struct{ body, want string }{
		{"  rules: [a, b]\n  s: {f: x}\n  condition: not s", "[a b] false"},
		{"  rules: a\n  s: {f: x}\n  condition: not s", "[a] false"},
		{"  rules: any\n  s: {f: x}\n  condition: not s", "[] true"},
		{"  rules: []\n  s: {f: x}\n  condition: not s", "[] true"},
		{"  rules: [a]\n  s: {f: x}\n  condition: s", "f:7:14: warning: the rules will match only what the filter's condition holds for (to leave those events out, write not s)"},
		{"  rules: [a]\n  s: {f: x}", "f:5:3: filter: want one condition"},
		{"  s: {f: x}\n  condition: not s", "f:5:3: filter: rules is missing (name the rules, or write rules: any)"},
		{"  rules: {a: b}\n  s: {f: x}\n  condition: not s", "f:5:10: filter: rules: want a list, not a map"},
		{"  rules: ['']\n  s: {f: x}\n  condition: not s", "f:5:11: filter: rules: want an id or a name"},
		{"  rules: [a]\n  s: {f|foo: x}\n  condition: not s", `f:6:9: unknown modifier "foo"`},
	} {
		r := &document.Reader{File: "f"}
		f := ReadFilter(r, doc(t, head+c.body))
		got := r.Problems().Error()
		if got == "" {
			got = fmt.Sprint(f.Rules, " ", f.Any)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s\n%s", c.body, diff)
		}
	}
	r := &document.Reader{File: "f"}
	if ReadFilter(r, doc(t, "title: F\nid: f\nlogsource: {product: x}\nfilter: x")); r.Problems().Error() != "f:4:9: filter: want a map, not a text" {
		t.Error(r.Problems())
	}
}

// Nothing that anybody writes makes a reader panic.
func FuzzRead(f *testing.F) {
	f.Add([]byte(base))
	f.Add([]byte("title: C\ncorrelation: {type: temporal, rules: [a, b], timespan: 5m, condition: a and not (b or c), aliases: {x: {a: y}}}"))
	f.Add([]byte("title: F\nlogsource: {product: x}\nfilter: {rules: any, s: {'a|re': b}, condition: not s}"))
	f.Add([]byte("action: global\ntitle: x\n---\ndetection: {s: x}\n---\naction: repeat\nid: y\n---\naction: reset"))
	c := catalogue(f, "")
	f.Fuzz(func(t *testing.T, text []byte) {
		docs, problems := document.Parse("f", text)
		if len(problems) > 0 {
			return
		}
		r := &document.Reader{File: "f"}
		for _, doc := range Actions(r, docs) {
			if doc.Kind != document.KindMap {
				continue
			}
			opts := Options{Catalogue: c}
			ReadRule(r, doc, opts)
			ReadCorrelation(r, doc, opts)
			ReadFilter(r, doc)
		}
		for _, p := range r.Problems() {
			if p.File != "f" || p.Check == "" || p.Message == "" || p.Line < 0 {
				t.Fatalf("%+v", p)
			}
		}
	})
}
