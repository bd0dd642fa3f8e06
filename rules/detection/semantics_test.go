package detection

import (
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// What detections mean: one entry is one sentence of the format.
var semantics = []struct {
	name, detection string
	yes, no         []string
}{
	{"a value is compared without regard to case", "s: {f: WGet}", []string{"f: wget", "f: WGET", "f: [x, wget]"}, []string{"f: wget2", "g: wget", "f: ''"}},
	{"entries of a map must all hold", "s: {f: a, g: b}", []string{"{f: a, g: b}"}, []string{"f: a", "g: b"}},
	{"values of an entry are alternatives", "s: {f: [a, b]}", []string{"f: a", "f: b"}, []string{"f: c"}},
	{"maps of a list are alternatives", "s: [{f: a}, {g: b}]", []string{"f: a", "g: b"}, []string{"f: b"}},
	{"wildcards", "s: {f: 'a*b?d'}", []string{"f: abcd", "f: a/b.d", "f: AxxBcD"}, []string{"f: abd", "f: xabcd"}},
	{"escaped wildcards", `s: {f: 'a\*b\?'}`, []string{"f: a*b?"}, []string{"f: axbx"}},
	{"a backslash before a letter is a backslash", `s: {f|endswith: '\cmd.exe'}`, []string{`f: 'C:\cmd.exe'`}, []string{"f: cmd.exe"}},
	{"contains, startswith, endswith", "s: {f|contains: b, g|startswith: c, h|endswith: d}", []string{"{f: abc, g: cd, h: cd}"}, []string{"{f: abc, g: xc, h: cd}"}},
	{"wildcards under a modifier", "s: {f|contains: 'a*c'}", []string{"f: xabcx"}, []string{"f: xcax"}},
	{"all", "s: {f|contains|all: [a, b]}", []string{"f: xaxb", "f: [xa, bx]"}, []string{"f: a"}},
	{"cased", "s: {f|cased: Ab, g|contains|cased: Cd}", []string{"{f: Ab, g: xCdx}"}, []string{"{f: ab, g: xCdx}", "{f: Ab, g: xcdx}"}},
	{"re is case-sensitive and not anchored", "s: {f|re: 'b[0-9]+'}", []string{"f: ab12"}, []string{"f: B1"}},
	{"re with flags", "s: {f|re|i|s: '^a.b$'}", []string{`f: "A\nB"`}, []string{`f: "xa\nb"`}},
	{"re with m", "s: {f|re|m: '^b$'}", []string{`f: "a\nb\nc"`}, []string{"f: ab"}},
	{"exists", "s: {f|exists: true}", []string{"f: x", "f: null"}, []string{"g: x"}},
	{"exists: false", "s: {f|exists: false}", []string{"g: x"}, []string{"f: x", "f: null"}},
	{"null", "s: {f: null}", []string{"g: x", "f: null"}, []string{"f: ''", "f: x"}},
	{"null or empty", "s: {f: [null, '']}", []string{"g: x", "f: ''"}, []string{"f: x"}},
	{"an empty value", "s: {f: ''}", []string{"f: ''"}, []string{"g: x", "f: null", "f: x"}},
	{"a star alone is any value", "s: {f: '*'}", []string{"f: x", "f: ''"}, []string{"f: null", "g: x"}},
	{"numbers", "s: {f|lt: 10, g|gte: 2.5}", []string{"{f: 9, g: 2.5}", "{f: '9', g: 3}"}, []string{"{f: 10, g: 3}", "{f: x, g: 3}"}},
	{"lte and gt", "s: {f|lte: 10, g|gt: 2}", []string{"{f: 10, g: 3}"}, []string{"{f: 10, g: 2}"}},
	{"a number equals its text", "s: {f: 22}", []string{"f: 22", "f: '22'"}, []string{"f: 220"}},
	{"a number as it was written, and as facts spell it", "s: {f: 1.50}", []string{"f: '1.50'", "f: 1.5"}, []string{"f: 15"}},
	{"digits that are no number stay as they are", "s: {f: 0777}", []string{"f: '0777'"}, []string{"f: 511", "f: 777"}},
	{"truth values", "s: {f: true}", []string{"f: true", "f: 'True'"}, []string{"f: false"}},
	{"cidr", "s: {f|cidr: [10.0.0.0/8, '2001:db8::/32']}", []string{"f: 10.1.2.3", "f: '2001:db8::1'", "f: '10.1.2.3:80'"}, []string{"f: 11.1.2.3", "f: x"}},
	{"neq", "s: {f|neq: a}", []string{"f: b", "g: a"}, []string{"f: A", "f: [a, b]"}},
	{"neq of several is none of them", "s: {f|neq: [a, b]}", []string{"f: c"}, []string{"f: a", "f: b"}},
	{"neq with contains", "s: {f|contains|neq: a}", []string{"f: b"}, []string{"f: xax"}},
	{"keywords look into the raw text", "s: [evil, 'b*d']", []string{"command: an EVIL line", "command: abcd"}, []string{"f: evil", "command: good"}},
	{"all keywords", "s: {'|all': [a, b]}", []string{"command: xaxb"}, []string{"command: a"}},
	{"keywords beside maps", "s: [evil, {f: a}]", []string{"command: evil", "f: a"}, []string{"f: evil"}},
	{"a plain text is a keyword", "s: evil", []string{"command: an evil line"}, []string{"command: x"}},
	{"keyword expressions", "s: {'|re': '^a+$'}", []string{"command: aaa"}, []string{"command: baa"}},
	{"pattern", `pattern: 'wget\s+http'`, []string{"command: wget  http://x"}, []string{"command: WGET  http://x"}},
	{"patterns", "pattern: [a+b, c+d]", []string{"command: xaab", "command: cd"}, []string{"command: ac"}},
	{"pattern is a selection", "pattern: a+b\nf: {command|contains: help}\ncondition: pattern and not f", []string{"command: aab"}, []string{"command: aab --help"}},
	{"and, or, not, brackets", "a: {f: 1}\nb: {f: 2}\nc: {g: 3}\ncondition: (a or b) and not c", []string{"f: 1", "f: 2"}, []string{"{f: 1, g: 3}", "g: 4"}},
	{"and binds tighter than or", "a: {f: 1}\nb: {g: 2}\nc: {h: 3}\ncondition: a or b and c", []string{"f: 1", "{g: 2, h: 3}"}, []string{"g: 2"}},
	{"not binds tightest", "a: {f: 1}\nb: {g: 2}\ncondition: not a and b", []string{"g: 2"}, []string{"{f: 1, g: 2}"}},
	{"1 of", "s_a: {f: 1}\ns_b: {g: 2}\nt: {h: 3}\ncondition: 1 of s_*", []string{"f: 1", "g: 2"}, []string{"h: 3"}},
	{"any of is 1 of", "s_a: {f: 1}\ns_b: {g: 2}\ncondition: any of s_*", []string{"f: 1"}, []string{"h: 3"}},
	{"all of", "s_a: {f: 1}\ns_b: {g: 2}\ncondition: all of s_*", []string{"{f: 1, g: 2}"}, []string{"f: 1"}},
	{"all of them but _", "a: {f: 1}\nb: {g: 2}\n_c: {h: 3}\ncondition: all of them or _c", []string{"{f: 1, g: 2}", "h: 3"}, []string{"f: 1"}},
	{"1 of them", "a: {f: 1}\nb: {g: 2}\ncondition: 1 of them", []string{"f: 1"}, []string{"h: 3"}},
	{"_ is counted when asked for", "_a: {f: 1}\n_b: {g: 2}\ncondition: all of _*", []string{"{f: 1, g: 2}"}, []string{"f: 1"}},
	{"stars anywhere in a name", "a_x: {f: 1}\nb_x: {g: 2}\nab: {h: 3}\ncondition: 1 of *_x or all of a*b", []string{"f: 1", "g: 2", "h: 3"}, []string{"i: 4"}},
	{"words of a condition in any case", "a: {f: 1}\nb: {g: 2}\ncondition: NOT a AND (b OR 1 OF a*)", []string{"g: 2"}, []string{"f: 1"}},
	{"several conditions are alternatives", "a: {f: 1}\nb: {g: 2}\ncondition: [a, b]", []string{"f: 1", "g: 2"}, []string{"h: 3"}},
	{"a percent sign without expand is itself", "s: {f: '%shells%'}", []string{"f: '%shells%'"}, []string{"f: sh"}},
	{"expand", "s: {f|expand: '%shells%'}", []string{"f: sh", "f: BASH"}, []string{"f: '%shells%'", "f: x"}},
	{"expand inside a text", "s: {f|expand|startswith: '/bin/%shells% -'}", []string{"f: /bin/sh -c"}, []string{"f: /bin/ksh -c", "f: sh"}},
	{"expand beside values", `s: {f|expand: ['%shells%', 'x\%%shells%']}`, []string{"f: bash", "f: x%bash"}, []string{"f: x"}},
	{"two lists in a value", "s: {f|expand: '%dirs%/%shells%'}", []string{"f: /tmp/sh", "f: /dev/shm/bash"}, []string{"f: /tmp/ksh"}},
	{"wildcards in a list", "s: {f|expand: '%globs%'}", []string{"f: abc"}, []string{"f: bc"}},
	{"numbers in a list", "s: {f|expand: '%ports%'}", []string{"f: 22", "f: '2222'"}, []string{"f: 23"}},
	{"all of a list", "s: {f|contains|all|expand: '%shells%'}", []string{"f: bash", "f: [xsh, xbash]"}, []string{"f: sh"}},
	{"networks in a list", "s: {f|cidr|expand: '%nets%'}", []string{"f: 10.1.1.1"}, []string{"f: 11.1.1.1"}},
}

func TestSemantics(t *testing.T) {
	t.Parallel()
	lists := map[string][]*document.Node{
		"shells": nodes(t, "[sh, bash]"), "dirs": nodes(t, "[/tmp, /dev/shm]"), "globs": nodes(t, "['a*']"),
		"ports": nodes(t, "[22, 2222]"), "nets": nodes(t, "[10.0.0.0/8]"),
	}
	lookup := func(name string) ([]*document.Node, bool) { l, ok := lists[name]; return l, ok }
	for _, c := range semantics {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			r := &document.Reader{}
			e := parse(t, c.detection, native).Compile(r, lookup)
			if e == nil {
				t.Fatal(r.Problems())
			}
			engine := match.Build([]match.Condition{{Targets: []match.Target{{}}, Expr: e}})
			for want, events := range map[bool][]string{true: c.yes, false: c.no} {
				for _, text := range events {
					ev := event(t, text)
					if match.Holds(e, ev) != want {
						t.Errorf("%s\nof %s: %v, want %v", c.detection, text, !want, want)
					}
					if got := len(engine.Match(ev, &match.Scratch{})) == 1; got != want {
						t.Errorf("%s\nof %s: the engine says %v", c.detection, text, got)
					}
				}
			}
		})
	}
}

func TestSeveralRawFields(t *testing.T) {
	t.Parallel()
	e := parse(t, "s: [a, b]", Options{Raw: []string{"x", "y"}}).Compile(&document.Reader{}, noLists)
	for text, want := range map[string]bool{"x: a": true, "y: zbz": true, "z: a": false} {
		if got := match.Holds(e, event(t, text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestUnused(t *testing.T) {
	t.Parallel()
	d := parse(t, "a: {f: 1}\nb: {f: 2}\nc_1: {f: 3}\nc_2: {f: 4}\ncondition: a and 1 of c*", native)
	unused := d.Unused()
	if len(unused) != 1 || unused[0].Name != "b" {
		t.Errorf("unused: %v", unused)
	}
}
