package match

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestHits(t *testing.T) {
	t.Parallel()
	re, err := Regex("command", `-p\s*\S+`, "i")
	if err != nil {
		t.Fatal(err)
	}
	net, err := CIDR("cmd.hosts", "198.51.100.0/24")
	if err != nil {
		t.Fatal(err)
	}
	expr := And{
		Or{is("cmd.name", "curl"), is("cmd.name", "WGET"), is("cmd.args", "-O*")},
		Not{is("cmd.args", "--help")},
		re, net, Exists("cmd.hosts"), is("cmd.line", "*KERNEL*"), Compare("cmd.index", OpLess, 2),
	}
	ev := &Event{}
	ev.Base.Add("command", "ls; wget -P  /tmp 198.51.100.7")
	ev.NewScope().Add("cmd.name", "ls")
	scope := ev.NewScope()
	scope.Add("cmd.name", "wget")
	scope.Add("cmd.args", "x")
	scope.Add("cmd.args", "-Oy")
	scope.Add("cmd.hosts", "198.51.100.7:80")
	scope.Add("cmd.line", "a \u212Aernel module")
	scope.AddInt("cmd.index", 1)
	want := []Hit{
		{"cmd.name", "wget", "WGET"},
		{"cmd.args", "-O", "-O*"},
		{"command", "-P  /tmp", `(?i)-p\s*\S+`},
		{"cmd.hosts", "198.51.100.7:80", "198.51.100.0/24"},
		{"cmd.hosts", "198.51.100.7:80", "exists"},
		{"cmd.line", "\u212Aernel", "*KERNEL*"},
		{"cmd.index", "1", "2"},
	}
	engine := Build([]Condition{{Targets: everything, Expr: expr}})
	if diff := cmp.Diff(want, engine.Hits(0, ev)); diff != "" {
		t.Error(diff)
	}
	if got := engine.Hits(0, &Event{}); got != nil {
		t.Errorf("hits without a match: %v", got)
	}
}

func TestHitsMaskSecrets(t *testing.T) {
	t.Parallel()
	re, err := Regex("f", `pass=\S+`, "")
	if err != nil {
		t.Fatal(err)
	}
	named, err := Regex("f", `(hunter2|letmein)`, "i")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("s3cret", 100)
	for _, c := range []struct {
		p       *Predicate
		text    string
		secrets []string
		want    Hit
	}{
		{is("f", "*chpasswd*"), "echo root:hunter2 | chpasswd", []string{"hunter2"}, Hit{"f", "chpasswd", "*chpasswd*"}},
		{re, "login pass=hunter2 now", []string{"hunter2"}, Hit{"f", "pass=***", `pass=\S+`}},
		{is("f", "hunter2"), "hunter2", []string{"hunter2"}, Hit{"f", "***", "***"}},
		{is("f", "*hunt*"), "x hunter2 y", []string{"hunter2"}, Hit{"f", "***", "***"}},
		{is("f", "*er2 y*"), "x hunter2 y", []string{"hunter2"}, Hit{"f", "*** y", "***"}},
		{named, "x Hunter2 y", []string{"Hunter2"}, Hit{"f", "***", "(?i)(***|letmein)"}},
		{is("f", "x*y"), "x aaaaaaa y", []string{"aaaaaa"}, Hit{"f", "x *** y", "x*y"}},
		{is("f", "x*y"), "x abcdefgh y", []string{"abcdef", "bcdefg", "cdefgh"}, Hit{"f", "x *** y", "x*y"}},
		{is("f", "*cat*"), "cat a=a aa", []string{"a"}, Hit{"f", "cat", "*cat*"}},
		{is("f", "c*a"), "cat a=a aa", []string{"a"}, Hit{"f", "cat ***=*** aa", "c****"}},
		{is("f", "*cat*"), "a cat", []string{""}, Hit{"f", "***", "***"}},
		{re, "login pass=hunter2 now", []string{""}, Hit{"f", "***", "***"}},
		{is("f", "*"), long + " tail", []string{long}, Hit{"f", "*** tail", "*"}},
	} {
		ev := &Event{Secrets: c.secrets}
		ev.Base.Add("f", c.text)
		engine := Build([]Condition{{Targets: everything, Expr: c.p}})
		if diff := cmp.Diff([]Hit{c.want}, engine.Hits(0, ev)); diff != "" {
			t.Errorf("%s on %q: %s", c.p.source, c.text, diff)
		}
	}
}

func TestHitsLeakNoSecret(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringOfN(rapid.SampledFrom([]rune("abAB")), 6, 8, -1).Draw(t, "secret")
		ev := genEvent(t)
		around := genWord.Draw(t, "before") + secret + genWord.Draw(t, "after")
		ev.Base.Add("a", around)
		if len(ev.Scopes) > 0 {
			ev.Scopes[0].Add("b", around)
		}
		ev.Secrets = []string{secret}
		engine := Build([]Condition{{Targets: everything, Expr: genExpr(t, 3)}, {Targets: everything, Expr: is("a", "*"+secret[:3]+"*")}})
		for i := range engine.Len() {
			for _, hit := range engine.Hits(i, ev) {
				if strings.Contains(hit.Value+" "+hit.Pattern, secret) {
					t.Fatalf("secret %q in %+v", secret, hit)
				}
			}
		}
	})
}

func TestHitsAreBounded(t *testing.T) {
	t.Parallel()
	var parts Or
	ev := &Event{}
	for i := range 2 * MaxHits {
		letters := strings.Repeat("é", i+1)
		parts = append(parts, is("f", "*"+letters+"*"))
	}
	ev.Base.Add("f", "\xff"+strings.Repeat("é", 1000))
	parts = append(Or{is("f", "*")}, parts...)
	hits := Build([]Condition{{Targets: everything, Expr: parts}}).Hits(0, ev)
	if len(hits) != MaxHits {
		t.Errorf("%d hits, want %d", len(hits), MaxHits)
	}
	for _, h := range hits {
		if len(h.Value) > MaxHitBytes || !utf8.ValidString(h.Value) {
			t.Errorf("value %q", h.Value)
		}
	}
}

func TestMaskingIsLinear(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a", MaxValueBytes)
	got, found := mask(text, 0, len(text), []string{text[:len(text)/2], "a"})
	if !found || got != masked {
		t.Errorf("%v %.20q", found, got)
	}
}
