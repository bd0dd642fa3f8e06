package rules

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// golden compares with a file under testdata, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test ./rules -update rewrites it)\n%s", path, diff)
	}
}

// detect is a Sigma rule with that detection.
func detect(detection string) string {
	return "title: T\nid: h\nlogsource: {product: x}\ndetection:\n  " + strings.ReplaceAll(detection, "\n", "\n  ") + "\n"
}

// bomb is a few lines that stand for a billion values.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 10; i++ {
		item := fmt.Sprintf("*a%d, ", i-1)
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.Repeat(item, 10))
	}
	return b.String() + detect("s: {f: *a9}\ncondition: s")
}

// windashes is a detection whose values windash and lists of fields multiply.
func windashes() string {
	values := make([]string, 200)
	for i := range values {
		values[i] = fmt.Sprintf("' -a -b -c%d'", i)
	}
	return detect("s: {'f|windash|contains': [" + strings.Join(values, ", ") + "]}")
}

// hostile returns documents that must be refused, or do no harm, by name.
func hostile() []struct{ name, text string } {
	return []struct{ name, text string }{
		{"truncated in a key", detect("s: {f: x}")[:60]},
		{"truncated in a quote", "title: 'T"},
		{"truncated in a bracket", "title: T\ndetection: {s: {f: ["},
		{"truncated after the detection", "title: T\nid: h\nlogsource: {product: x}\ndetection:\n"},
		{"alias bomb", bomb()},
		{"recursive anchor", "title: T\nid: h\nlogsource: {product: x}\ndetection: &d {s: *d}"},
		{"a regex of 10 MB", detect("s: {'f|re': '" + strings.Repeat("a?", 5<<20) + "'}")},
		{"a regex of 100 kB", detect("s: {'f|re': '" + strings.Repeat("a?", 50<<10) + "'}")},
		{"a regex that repeats repetitions", detect("s: {'f|re': '((((a{1,100}){1,100}){1,100}){1,100})'}")},
		{"a regex that backtracks", detect("s: {'f|re': '(a+)+$'}")},
		{"lookaround", detect("s: {'f|re': '(?<!a)b'}")},
		{"a backreference", detect(`s: {'f|re': '(a)\1'}`)},
		{"a thousand brackets", detect("s: {f: " + strings.Repeat("[", 1000) + "}")},
		{"deep lists", "title: T\nid: h\nlogsource: {product: x}\ndetection:\n  s:\n    " + strings.Repeat("- ", 100) + "x"},
		{"a condition of brackets", detect("s: {f: x}\ncondition: " + strings.Repeat("(", 100) + "s" + strings.Repeat(")", 100))},
		{"a long condition", detect("s: {f: x}\ncondition: " + strings.Repeat("s and ", 2000) + "s")},
		{"many selections", detect(many("s%d: {f: x}\n", 300) + "condition: 1 of s*")},
		{"many keys", many("k%d: v\n", 5000)},
		{"many values", detect("s: {f: [" + strings.Repeat("x, ", 21_000) + "x]}")},
		{"values that windash multiplies", windashes()},
		{"duplicate keys", detect("s: {f: x}\ns: {f: y}\ncondition: s")},
		{"duplicate fields", detect("s: {f: x, f: y}")},
		{"a title that is a map", "title: {a: b}\nid: h\nlogsource: {product: x}\ndetection: {s: {f: x}}"},
		{"an id that is a list", "title: T\nid: [h]\nlogsource: {product: x}\ndetection: {s: {f: x}}"},
		{"a log source that is a list", "title: T\nid: h\nlogsource: [x]\ndetection: {s: {f: x}}"},
		{"a detection that is a text", "title: T\nid: h\nlogsource: {product: x}\ndetection: x"},
		{"a condition that is a map", detect("s: {f: x}\ncondition: {a: b}")},
		{"a value that is a map", detect("s: {f: {g: x}}")},
		{"tags that are a map", detect("s: {f: x}") + "tags: {a: b}\n"},
		{"modifiers that are nonsense", detect("s: {'f|contains|startswith|re|base64': x}")},
		{"a timeframe", detect("s: {f: x}\ntimeframe: 5m\ncondition: s | count() > 5")},
		{"a correlation of everything", "title: C\nid: h\ncorrelation: {type: event_count, rules: [" + many("r%d, ", 300) + "], timespan: 1s, condition: {gte: 1}}"},
		{"a count without end", "title: C\nid: h\ncorrelation: {type: event_count, rules: [r], timespan: 1s, condition: {gte: 1.0e300}}"},
		{"a timespan without end", "title: C\nid: h\ncorrelation: {type: event_count, rules: [r], timespan: 99999999999999999999d, condition: {gte: 1}}"},
		{"a filter of nothing", "title: F\nid: h\nlogsource: {product: x}\nfilter: {}"},
		{"a scalar", "42"},
		{"a list", "[a, b]"},
		{"nothing", ""},
		{"a null", "~"},
		{"binary", "\x7fELF\x02\x01\x01\x00"},
		{"UTF-16", "\xff\xfet\x00i\x00"},
		{"tabs", "title: T\n\tid: h"},
		{"a tag", "title: !!python/object/apply:os.system [id]"},
		{"a merge key", "a: &a {b: c}\nd: {<<: *a}"},
		{"too many documents", strings.Repeat(detect("s: {f: x}")+"---\n", 100)},
		{"an id with a path", strings.Replace(detect("s: {f: x}"), "id: h", "id: ../../etc/passwd", 1)},
		{"an endless date", detect("s: {f: x}") + "date: " + strings.Repeat("9", 300) + "\n"},
	}
}

func many(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// longest is how long one hostile text may take. The worst takes 50 ms; the
// bound is what a machine under other load needs with the race detector on, and
// far below what a text without bounds would take.
const longest = time.Minute

// Hostile documents are refused for a reason, in bounded time.
func TestHostileDocuments(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, h := range hostile() {
		start := time.Now()
		unit, problems := Parse("f", []byte(h.text), Options{})
		if took := time.Since(start); took > longest {
			t.Errorf("%s took %s", h.name, took)
		}
		fmt.Fprintf(&b, "%s\n", h.name)
		if unit != nil {
			fmt.Fprintln(&b, "  loads")
		} else if !problems.Has(SeverityError) {
			t.Errorf("%s is refused without a reason", h.name)
		}
		for i, p := range problems {
			if i == 3 {
				fmt.Fprintf(&b, "  and %d more\n", len(problems)-i)
				break
			}
			fmt.Fprintf(&b, "  %s %s\n", p.Check, clipLine(p.String()))
		}
	}
	golden(t, "hostile.golden", b.String())
}

func clipLine(s string) string {
	s = strings.ReplaceAll(s, "\n", `\n`)
	if len(s) > 160 {
		return s[:160] + "…"
	}
	return s
}

// A good rule cut off anywhere, or with a byte gone wrong, is refused or is a
// rule; nothing breaks.
func TestDamagedRules(t *testing.T) {
	t.Parallel()
	good := sigmaText("r", "product: linux, category: process_creation", "Image|endswith|windash: [/curl, 'x -a'], '|all': [a, b]") +
		"---\n" + correlationText("c", "type: temporal, rules: [r, s], group-by: [User], timespan: 5m, aliases: {a: {r: b, s: d}}")
	for i := range len(good) {
		for _, text := range []string{good[:i], good[:i] + "\x00" + good[i+1:], good[:i] + ":" + good[i+1:], good[:i] + good[i+1:]} {
			unit, problems := Parse("f", []byte(text), Options{})
			if (unit == nil) != problems.Has(SeverityError) {
				t.Fatalf("%q: unit %v, %v", text, unit, problems)
			}
			if slices.ContainsFunc(problems, func(p Problem) bool { return p.Check == "yaml/internal" }) {
				t.Fatalf("%q: %v", text, problems)
			}
			if unit != nil {
				NewSet([]*Unit{unit}, nil, 0)
			}
		}
	}
}
