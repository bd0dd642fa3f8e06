package match

import (
	"strings"
	"testing"
)

func TestPredicates(t *testing.T) {
	t.Parallel()
	like := func(p string) *Predicate { return Like("f", ParsePattern(p), false) }
	cased := func(p string) *Predicate { return Like("f", ParsePattern(p), true) }
	re := func(e, flags string) *Predicate {
		p, err := Regex("f", e, flags)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	cidr := func(n string) *Predicate {
		p, err := CIDR("f", n)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		p       *Predicate
		yes, no []Value
	}{
		{like("wget"), []Value{Text("wget"), Text("WGET")}, []Value{Text("wget2"), Text("")}},
		{like(""), []Value{Text("")}, []Value{Text("x"), Number(0)}},
		{like("22"), []Value{Text("22"), Number(22)}, []Value{Number(22.5)}},
		{like("TRUE"), []Value{Bool(true), Text("true")}, []Value{Bool(false)}},
		{like("*TMP*"), []Value{Text("/tmp/x")}, []Value{Text("/var")}},
		{like("*"), []Value{Text(""), Number(1)}, nil},
		{cased("Wget"), []Value{Text("Wget")}, []Value{Text("wget")}},
		{cased("*Tmp*"), []Value{Text("/Tmp/")}, []Value{Text("/tmp/")}},
		{re("^a.c$", ""), []Value{Text("abc")}, []Value{Text("ABC"), Text("a\nc")}},
		{re("^a.c$", "is"), []Value{Text("ABC"), Text("a\nc")}, []Value{Text("xabc")}},
		{re("^b$", "m"), []Value{Text("a\nb\nc")}, []Value{Text("ab")}},
		{re("^2", ""), []Value{Number(22)}, []Value{Number(122)}},
		{cidr("10.0.0.0/8"), []Value{Text("10.1.2.3"), Text("10.1.2.3:80"), Text("::ffff:10.1.2.3"), Text("[::ffff:10.1.2.3]:80")},
			[]Value{Text("11.0.0.1"), Text("10.1.2"), Text("a.b.c.d"), Text("10.1.2.3 "), Number(10)}},
		{cidr("::ffff:10.0.0.0/104"), []Value{Text("10.1.2.3")}, []Value{Text("11.1.2.3")}},
		{cidr("2001:db8::/32"), []Value{Text("2001:db8::1"), Text("2001:DB8::1%eth0"), Text("[2001:db8::1]:443")}, []Value{Text("2001:db9::1"), Text("10.0.0.1")}},
		{cidr("192.0.2.7"), []Value{Text("192.0.2.7")}, []Value{Text("192.0.2.8")}},
		{Compare("f", OpLess, 10), []Value{Number(9), Text("9.5")}, []Value{Number(10), Text("ten"), Bool(true)}},
		{Compare("f", OpLessEqual, 10), []Value{Number(10)}, []Value{Number(10.5)}},
		{Compare("f", OpGreater, 10), []Value{Number(11)}, []Value{Number(10)}},
		{Compare("f", OpGreaterEqual, 10), []Value{Text("10")}, []Value{Number(9)}},
	} {
		for _, v := range c.yes {
			if ok, _ := c.p.matches(v, nil); !ok {
				t.Errorf("%v %q does not hold for %q", c.p.op, c.p.source, v.String())
			}
		}
		for _, v := range c.no {
			if ok, _ := c.p.matches(v, nil); ok {
				t.Errorf("%v %q holds for %q", c.p.op, c.p.source, v.String())
			}
		}
	}
}

func TestConstructorsRefuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ expression, flags string }{
		{"(", ""}, {"a", "x"}, {`(?=a)`, ""}, {`\1`, ""}, {strings.Repeat("a", MaxPatternBytes+1), ""}, {"(a{1000}){1000}", ""},
	} {
		if _, err := Regex("f", c.expression, c.flags); err == nil {
			t.Errorf("%.20q with flags %q was accepted", c.expression, c.flags)
		}
	}
	for _, n := range []string{"", "10.0.0.0/33", "10.0.0", "x/8", "10.0.0.0/"} {
		if _, err := CIDR("f", n); err == nil {
			t.Errorf("network %q was accepted", n)
		}
	}
}

func TestNeeds(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		`wget`:                    "wget",
		`(?i)WGET`:                "wget",
		`^/etc/(passwd|shadow)$`:  "/etc/passwd /etc/shadow",
		`(curl|wget)\s`:           "curl wget",
		`.*`:                      "",
		`a|bcd`:                   "",
		`(abc)?`:                  "",
		`(abc)+x`:                 "abc",
		`(abc){2,3}`:              "abcabc",
		`[ab]cdef[gh]`:            "acdefg acdefh bcdefg bcdefh",
		"\uFFFDabc":               "",
		`\bchmod\b.*\+x`:          "chmod",
		`(a.*b)|(c.*d)`:           "",
		`/dev/(tcp|udp)/[0-9.]+/`: "/dev/tcp/ /dev/udp/",
		`[Ww]get`:                 "wget",
		`https?://x`:              "https://x http://x",
		`a[0-9]bc|def`:            "bc def",
	} {
		got := ""
		if needs := regexNeeds(expression); len(needs) > 0 {
			got = strings.Join(needs[0], " ")
		}
		if got != want {
			t.Errorf("%s needs %q, want %q", expression, got, want)
		}
	}
}
