package detection

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// sigmaOptions are what rules of others are read with.
var sigmaOptions = Options{Raw: []string{match.AnyField}, Sigma: true}

// conformance holds the sentences of Sigma's specification, v2.1, one or more
// an entry: what a detection finds and what it leaves alone.
var conformance = []struct {
	name, detection string
	yes, no         []string
}{
	// Rules specification: general, wildcards, escapes.
	{"values are case-insensitive strings", "s: {f: Foo}", []string{"f: foo", "f: FOO"}, []string{"f: fo"}},
	{"? is one character", "s: {f: 'prog?.exe'}", []string{"f: progA.exe", "f: progé.exe"}, []string{"f: prog.exe", "f: progAB.exe"}},
	{"* is any number of characters", "s: {f: 'antivirus_V*.exe'}", []string{"f: antivirus_V1.exe", "f: antivirus_V21.2.1.exe", "f: antivirus_V.exe"}, []string{"f: antivirus_V1.exe2"}},
	{"a plain backslash", `s: {f: 'C:\x'}`, []string{`f: 'C:\x'`}, []string{`f: 'C:\\x'`}},
	{"a plain backslash, doubled", `s: {f: 'C:\\x'}`, []string{`f: 'C:\x'`}, []string{`f: 'C:\\x'`}},
	{"an escaped wildcard", `s: {f: 'a\*b\?c'}`, []string{`f: 'a*b?c'`}, []string{"f: axbxc", `f: 'a\*b\?c'`}},
	{"a backslash and a wildcard", `s: {f: 'C:\\*'}`, []string{`f: 'C:\anything'`, `f: 'C:\'`}, []string{"f: 'C:*'", "f: 'C:x'"}},
	{"a backslash and a plain star", `s: {f: 'C:\\\*'}`, []string{`f: 'C:\*'`}, []string{`f: 'C:\x'`}},
	{"three backslashes are two", `s: {f: 'a\\\b'}`, []string{`f: 'a\\b'`}, []string{`f: 'a\b'`}},
	{"four backslashes are two", `s: {f: 'a\\\\b'}`, []string{`f: 'a\\b'`}, []string{`f: 'a\b'`}},
	{"a backslash at the end", `s: {f|endswith: '\'}`, []string{`f: 'a\'`}, []string{"f: a"}},

	// Lists, maps, lists of maps, keywords.
	{"keywords are alternatives over the whole message", "k: [EVILSERVICE, 'svchost.exe -n evil']", []string{"a: x evilservice y", "b: 'svchost.exe -n EVIL'"}, []string{"a: good"}},
	{"all keywords", "k: {'|all': [one, two]}", []string{"a: one and two", "{a: one, b: two}"}, []string{"a: one"}},
	{"keywords under re", "k: {'|re': 'ev[i1]l'}", []string{"a: an ev1l"}, []string{"a: an evol"}},
	{"keywords at the beginning of a value", "k: {'|startswith': evil}", []string{"a: evil one"}, []string{"a: one evil"}},
	{"a keyword with wildcards", "k: ['ev*l']", []string{"a: the evil one"}, []string{"a: ev"}},
	{"a keyword that is a number", "k: [4688]", []string{"a: id 4688 x", "a: 4688"}, []string{"a: 468"}},
	{"keywords that must not be there", "k: {'|neq': [one, two]}", []string{"a: three"}, []string{"a: one", "b: two"}},
	{"keywords in Base64", "k: {'|base64offset|contains': '/bin/bash'}", []string{"a: " + b64("x/bin/bash")}, []string{"a: /bin/bash"}},
	{"a list of maps", "s: [{f|endswith: '\\example.exe'}, {g|contains: Test}]", []string{`f: 'C:\example.exe'`, "g: a test"}, []string{"f: Test"}},
	{"a list of maps and keywords", "s: [word, {f: 1}]", []string{"x: a word", "f: 1"}, []string{"f: 2"}},
	{"a map is a conjunction of alternatives", "s: {EventLog: Security, EventID: [517, 1102]}", []string{"{EventLog: security, EventID: 517}", "{EventLog: Security, EventID: '1102'}"}, []string{"{EventLog: Security, EventID: 5}", "EventID: 517"}},
	{"names of fields have case, and may have spaces", "s: {'Event ID': 1}", []string{"Event ID: 1"}, []string{"event id: 1"}},
	{"hexadecimal text", "s: {f: '0x17'}", []string{"f: '0X17'"}, []string{"f: 23"}},

	// Null, empty, existence.
	{"an empty value", "s: {f: ''}", []string{"f: ''"}, []string{"f: null", "g: 1", "f: x"}},
	{"null", "s: {f: null}", []string{"f: null", "g: 1"}, []string{"f: ''", "f: x"}},
	{"not null", "s: {g: 1}\nn: {f: null}\ncondition: s and not n", []string{"{g: 1, f: x}", "{g: 1, f: ''}"}, []string{"g: 1", "{g: 1, f: null}"}},
	{"exists looks at presence alone", "s: {f|exists: true}", []string{"f: x", "f: ''", "f: null"}, []string{"g: 1"}},
	{"exists: false", "s: {f|exists: false}", []string{"g: 1"}, []string{"f: null"}},
	{"exists and neq", "s: {f|exists|neq: true}", []string{"g: 1"}, []string{"f: x"}},
	{"any value", "s: {f: '*'}", []string{"f: x", "f: ''"}, []string{"f: null", "g: 1"}},

	// Modifiers, generic.
	{"startswith, endswith", "s: {f|startswith: ad, g|endswith: in}", []string{"{f: ADmin, g: admIN}"}, []string{"{f: xad, g: in}"}},
	{"contains|all", "s: {f|contains|all: [a, b]}", []string{"f: b and a"}, []string{"f: a"}},
	{"all on one value is that value", "s: {f|contains|all: a}", []string{"f: xax"}, []string{"f: b"}},
	{"startswith and endswith are contains", "s: {f|startswith|endswith: a, g|contains|contains: b}", []string{"{f: xax, g: xbx}"}, []string{"{f: x, g: b}"}},
	{"all twice is all", "s: {f|contains|all|all: [a, b]}", []string{"f: ab"}, []string{"f: a"}},
	{"contains before wide", "s: {f|contains|wide: a}", []string{`f: "xa\0y"`}, []string{"f: xay"}},
	{"expand without a list", "s: {f|expand: a}", []string{"f: a"}, []string{"f: b"}},
	{"cased", "s: {f|cased: Foo}", []string{"f: Foo"}, []string{"f: foo"}},
	{"cased with contains and wildcards", "s: {f|contains|cased: 'A*B'}", []string{"f: xAyBz"}, []string{"f: xaybz"}},
	{"cased truth value", "s: {f|cased: True}", []string{"f: true"}, []string{"f: TRUE!"}},
	{"neq", "s: {f|neq: a}", []string{"f: b", "g: 1"}, []string{"f: A"}},
	{"neq on numbers", "s: {f|neq: 5}", []string{"f: 6"}, []string{"f: 5"}},
	{"neq|all is not all of them", "s: {f|contains|all|neq: [a, b]}", []string{"f: a", "f: c"}, []string{"f: ab"}},
	{"neq of a comparison", "s: {f|gt|neq: 5}", []string{"f: 5", "f: x"}, []string{"f: 6"}},

	// Strings: windash, expressions.
	{"windash", "s: {f|windash|contains: ' -enc '}", []string{"f: x -enc y", "f: x /enc y", "f: x –enc y", "f: x —enc y", "f: x ―ENC y"}, []string{"f: x enc y", "f: x +enc y"}},
	{"windash from a slash", "s: {f|contains|windash: ' /c '}", []string{"f: x -c y", "f: x ―c y"}, []string{"f: x c y"}},
	{"windash leaves inner dashes alone", "s: {f|windash: '-param-name'}", []string{"f: /param-name", "f: -param-name"}, []string{"f: -param/name"}},
	{"windash on several", "s: {f|windash|contains: '-a -b'}", []string{"f: /a -b", "f: -a /b", "f: –a —b"}, []string{"f: a b"}},
	{"windash and all", "s: {f|contains|all|windash: [' -a', ' -b']}", []string{"f: x /a /b", "f: x -b –a"}, []string{"f: x /a"}},
	{"windash with a wildcard", "s: {f|windash: '*-a*'}", []string{"f: x /a y"}, []string{"f: x a y"}},
	{"re", `s: {f|re: '^a.*[0-9]{2}$'}`, []string{"f: axx12"}, []string{"f: Axx12", "f: axx1"}},
	{"re|i", `s: {f|re|i: '^a.*[0-9]{2}$'}`, []string{"f: Axx12"}, []string{"f: axx1"}},
	{"re|m", `s: {f|re|m: '^b$'}`, []string{`f: "a\nb\nc"`}, []string{"f: ab"}},
	{"re|s", `s: {f|re|s: 'a.b'}`, []string{`f: "a\nb"`}, []string{"f: ab"}},
	{"re without s", `s: {f|re: 'a.b'}`, []string{"f: axb"}, []string{`f: "a\nb"`}},
	{"re|i|m|s", `s: {f|re|i|m|s: '^B.C$'}`, []string{`f: "a\nb\nc\nd"`}, []string{`f: "a\nb c d"`}},
	{"flags by their long names", `s: {f|re|ignorecase|dotall: 'a.b'}`, []string{`f: "A\nB"`}, []string{"f: ab"}},
	{"re|startswith", `s: {f|re|startswith: 'a|b'}`, []string{"f: ax", "f: bx"}, []string{"f: xa"}},
	{"re|endswith", `s: {f|re|endswith: 'a|b'}`, []string{"f: xa", "f: xb"}, []string{"f: ax"}},
	{"re|contains", `s: {f|re|contains: 'a+b'}`, []string{"f: xaaby"}, []string{"f: b"}},
	{"re on every value of a list", `s: {f|re: [a+$, b+$]}`, []string{"f: xa", "f: xb"}, []string{"f: c"}},
	{"re keeps backslashes", `s: {f|re: '\\\\'}`, []string{`f: 'a\\b'`}, []string{`f: 'a\b'`}},

	// Strings: encodings.
	{"base64", "s: {f|base64: foobar}", []string{"f: " + b64("foobar")}, []string{"f: foobar"}},
	{"base64|contains", "s: {f|base64|contains: foobar}", []string{"f: x" + b64("foobar") + "y"}, []string{"f: " + b64("xfoobar")}},
	{"base64offset|contains", "s: {f|base64offset|contains: foobar}", []string{"f: " + b64("foobar"), "f: " + b64("xfoobary"), "f: " + b64("xyfoobarz"), "f: " + b64("xyzfoobar")}, []string{"f: " + b64("fobar")}},
	{"base64 of an escaped wildcard", `s: {f|base64: 'a\*b'}`, []string{"f: " + b64("a*b")}, []string{"f: " + b64(`a\*b`)}},
	{"wide|base64offset|contains", "s: {f|wide|base64offset|contains: ping}", []string{"f: " + b64(le("xping -n")), "f: " + b64("x"+le("ping"))}, []string{"f: " + b64("ping")}},
	{"utf16le is wide", "s: {f|utf16le|base64offset|contains: ping}", []string{"f: " + b64(le("ping"))}, []string{"f: " + b64("ping")}},
	{"utf16be", "s: {f|utf16be|base64: cmd}", []string{"f: " + b64(be("cmd"))}, []string{"f: " + b64(le("cmd"))}},
	{"utf16 begins with a byte order mark", "s: {f|utf16|base64: cmd}", []string{"f: " + b64("\xff\xfe"+le("cmd"))}, []string{"f: " + b64(le("cmd"))}},
	{"utf16 beyond ASCII", "s: {f|wide|base64: hé}", []string{"f: " + b64(le("hé"))}, []string{"f: " + b64("hé")}},
	{"windash before an encoding", "s: {f|windash|wide|base64offset|contains: ' -enc'}", []string{"f: " + b64(le("x /enc y"))}, []string{"f: " + b64(le("x enc y"))}},
	{"base64 twice", "s: {f|base64|base64: foobar}", []string{"f: " + b64(b64("foobar"))}, []string{"f: " + b64("foobar")}},
	{"encoded, cased", "s: {f|base64|cased: foobar}", []string{"f: " + b64("foobar")}, []string{"f: " + strings.ToLower(b64("foobar"))}},

	// Numbers, dates, addresses.
	{"lt", "s: {f|lt: 10}", []string{"f: 9", "f: '9.5'", "f: -3"}, []string{"f: 10", "f: x", "g: 1"}},
	{"lte, gt, gte", "s: {a|lte: 1, b|gt: 2, c|gte: 3}", []string{"{a: 1, b: 3, c: 3}"}, []string{"{a: 2, b: 3, c: 3}", "{a: 1, b: 2, c: 3}", "{a: 1, b: 3, c: 2}"}},
	{"comparisons with several values", "s: {f|gt: [10, 5]}", []string{"f: 6"}, []string{"f: 5"}},
	{"minute, hour, day", "s: {t|minute: 7, t|hour: 23, t|day: 24}", []string{"t: '2026-11-24T23:07:59Z'", "t: 2026-11-24 23:07:01.5"}, []string{"t: '2026-11-24T22:07:59Z'", "t: x", "u: 1"}},
	{"week, month, year", "s: {t|week: 48, t|month: 11, t|year: 2026}", []string{"t: '2026-11-24T00:00:00Z'", "t: '2026/11/23'"}, []string{"t: '2026-11-30'", "t: '2025-11-24'"}},
	{"dates as seconds and milliseconds", "s: {t|hour: 1}", []string{"t: 1795482000", "t: 1795482000123", "t: '1795482000'"}, []string{"t: 1795492000"}},
	{"a date is not converted", "s: {t|hour: 3}", []string{"t: '2026-11-24T03:00:00+05:00'"}, []string{"t: '2026-11-24T22:00:00Z'"}},
	{"a part of a date may be compared", "s: {t|hour|gte: 22}", []string{"t: '2026-11-24T23:00:00Z'"}, []string{"t: '2026-11-24T21:59:00Z'"}},
	{"several hours", "s: {t|hour: [1, 2]}", []string{"t: '2026-11-24T02:00:00Z'"}, []string{"t: '2026-11-24T03:00:00Z'"}},
	{"not that hour", "s: {t|hour|neq: 3}", []string{"t: '2026-11-24T02:00:00Z'", "u: 1"}, []string{"t: '2026-11-24T03:00:00Z'"}},
	{"no date of that day", "s: {t|day: 30}", nil, []string{"t: '2026-02-30'"}},
	{"cidr, IPv4", "s: {f|cidr: 192.168.0.0/16}", []string{"f: 192.168.1.1"}, []string{"f: 192.169.0.1", "f: x"}},
	{"cidr, IPv6", "s: {f|cidr: 'fe80::/10'}", []string{"f: 'fe80::1'", "f: 'febf::1'"}, []string{"f: 'fec0::1'", "f: 10.0.0.1"}},
	{"cidr, several", "s: {f|cidr: [10.0.0.0/8, '::1/128']}", []string{"f: 10.2.3.4", "f: '::1'"}, []string{"f: '::2'"}},

	// fieldref, expand.
	{"fieldref", "s: {f|fieldref: g}", []string{"{f: a, g: A}", "{f: 5, g: '5'}"}, []string{"{f: a, g: b}", "f: a", "g: a"}},
	{"fieldref and neq", "s: {f|fieldref|neq: g}", []string{"{f: a, g: b}", "f: a"}, []string{"{f: a, g: a}"}},
	{"fieldref, startswith", "s: {f|fieldref|startswith: g}", []string{"{f: abc, g: ab}"}, []string{"{f: abc, g: bc}"}},
	{"fieldref, endswith, contains", "s: {f|fieldref|endswith: g, f|fieldref|contains: h}", []string{"{f: abc, g: bc, h: b}"}, []string{"{f: abc, g: ab, h: b}"}},
	{"fieldref, cased", "s: {f|fieldref|cased: g}", []string{"{f: a, g: a}"}, []string{"{f: a, g: A}"}},
	{"fieldref of several fields", "s: {f|fieldref: [g, h]}", []string{"{f: a, g: x, h: a}"}, []string{"{f: a, g: x, h: y}"}},
	{"fieldref among several values", "s: {f|fieldref: g}", []string{"{f: [x, a], g: [b, a]}"}, []string{"{f: [x, a], g: [b, c]}"}},
	{"a placeholder is literal without expand", "s: {f: '%servers%'}", []string{"f: '%SERVERS%'"}, []string{"f: srv1"}},
	{"a placeholder is a list of patterns", "s: {f|expand: '%servers%'}", []string{"f: srv1", "f: db"}, []string{"f: x", "f: '%servers%'"}},
	{"an escaped percent sign", `s: {f|expand: '\%plain%servers%'}`, []string{"f: '%plainsrv7'"}, []string{"f: plainsrv7"}},
	{"contains|expand, expand|contains", "s: {f|contains|expand: '%servers%', g|expand|contains: '%servers%'}", []string{"{f: a db x, g: xsrv9}"}, []string{"{f: a db x, g: x}"}},
	{"re|expand", "s: {f|re|expand: '^%servers%[.]x$'}", []string{"f: srv12.x", "f: db.x"}, []string{"f: db.xy", "f: dbax"}},
	{"base64offset and expand", "s: {f|expand|base64offset|contains: 'my%words%'}", []string{"f: " + b64("x mypass y")}, []string{"f: " + b64("x pass y")}},

	// Conditions.
	{"1 of them leaves _ out", "_a: {f: 1}\nb: {g: 1}\ncondition: 1 of them", []string{"g: 1"}, []string{"f: 1"}},
	{"1 of a pattern", "sel_a: {f: 1}\nsel_b: {g: 1}\nx: {h: 1}\ncondition: 1 of sel_*", []string{"f: 1", "g: 1"}, []string{"h: 1"}},
	{"all of a pattern and not 1 of another", "sel_a: {f: 1}\nsel_b: {g: 1}\nfil_a: {h: 1}\nfil_b: {i: 1}\ncondition: all of sel* and not 1 of fil*", []string{"{f: 1, g: 1}"}, []string{"f: 1", "{f: 1, g: 1, h: 1}", "{f: 1, g: 1, i: 1}"}},
	{"not binds tighter than and, and tighter than or", "a: {f: 1}\nb: {g: 1}\nc: {h: 1}\ncondition: a or not b and c", []string{"f: 1", "h: 1"}, []string{"{g: 1, h: 1}", "i: 1"}},
	{"x of binds tighter than not", "a1: {f: 1}\na2: {g: 1}\nb: {h: 1}\ncondition: not all of a* and b", []string{"{h: 1, f: 1}"}, []string{"{h: 1, f: 1, g: 1}"}},
	{"a list of conditions", "a: {f: 1}\nb: {g: 1}\ncondition: [a, b]", []string{"f: 1", "g: 1"}, []string{"h: 1"}},
}

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func le(text string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		out.WriteByte(byte(unit))
		out.WriteByte(byte(unit >> 8))
	}
	return out.String()
}

func be(text string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		out.WriteByte(byte(unit >> 8))
		out.WriteByte(byte(unit))
	}
	return out.String()
}

func conformanceLists(t testing.TB) Lists {
	lists := map[string][]*document.Node{
		"servers": nodes(t, "['srv*', db]"), "words": nodes(t, "[pass, key]"),
	}
	return func(name string) ([]*document.Node, bool) { l, ok := lists[name]; return l, ok }
}

func TestConformance(t *testing.T) {
	t.Parallel()
	lists := conformanceLists(t)
	for _, c := range conformance {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			r := &document.Reader{}
			d, problems := tryParse(t, c.detection, sigmaOptions)
			if d == nil {
				t.Fatal(problems)
			}
			e := d.Compile(r, lists)
			if e == nil {
				t.Fatal(r.Problems())
			}
			engine := match.Build([]match.Condition{{Targets: []match.Target{{}}, Expr: e}})
			for want, events := range map[bool][]string{true: c.yes, false: c.no} {
				for _, text := range events {
					ev := event(t, text)
					if got := match.Holds(e, ev); got != want {
						t.Errorf("%s\nof %s: %v, want %v", c.detection, text, got, want)
					}
					got := len(engine.Match(ev, &match.Scratch{})) == 1
					if got != want {
						t.Errorf("%s\nof %s: the engine says %v", c.detection, text, got)
					}
				}
			}
		})
	}
}
