package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/rules/window"
	"github.com/ttpstream/ttpstream/schemas"
)

// correlationText is a correlation of that id; body are the lines under
// correlation, separated by commas.
func correlationText(id, body string) string {
	return fmt.Sprintf("title: C\nid: %s\nlevel: high\nstatus: stable\ntags: [attack.credential-access, attack.t1110.003]\ncorrelation: {%s}\n", id, body)
}

// failed and succeeded are the rules that the tests correlate.
var (
	failed    = strings.Replace(sigmaText("fail", "product: p", "out: failed"), "title: T", "title: T\nname: failed_login", 1)
	succeeded = strings.Replace(sigmaText("ok", "product: p", "out: ok"), "title: T", "title: T\nname: successful_login", 1)
)

func login(out, user, host string) *match.Event {
	return plain("p", "", "", "out", out, "User", user, "Host", host)
}

// spell writes what an event means for correlations.
func spell(matches []Match) []string {
	var out []string
	for _, m := range matches {
		out = append(out, fmt.Sprintf("%s/%d %s %q %q", m.Correlation.ID, m.Place, m.Rule, m.Group, m.Values))
	}
	return out
}

func correlate(s *Set, ev *match.Event, envelope func(string) string) []string {
	scratch := &Scratch{}
	s.Judge(ev, scratch)
	return spell(s.Correlate(ev, scratch, envelope))
}

func TestCorrelate(t *testing.T) {
	t.Parallel()
	set, problems := setOf(t, failed, succeeded,
		correlationText("many", "type: event_count, rules: [fail], group-by: [User], timespan: 5m, condition: {gte: 10}"),
		correlationText("users", "type: value_count, rules: [failed_login, ok], group-by: [Host], timespan: 1h, condition: {gte: 3, field: User}"),
		correlationText("both", "type: temporal, rules: [fail, ok], group-by: [who, attacker_uuid], timespan: 1h, aliases: {who: {fail: User, ok: Host}}"),
	)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if len(set.Correlations()) != 3 || set.Len() != 2 {
		t.Fatalf("%d correlations, %d rules", len(set.Correlations()), set.Len())
	}
	envelope := func(field string) string {
		if field == FieldAttacker {
			return "attacker-1"
		}
		return ""
	}
	for _, c := range []struct {
		ev   *match.Event
		want []string
	}{
		{login("failed", "root", "h"), []string{`both/0 fail ["root" "attacker-1"] []`, `many/0 fail ["root"] []`, `users/0 fail ["h"] ["root"]`}},
		{login("ok", "root", "h"), []string{`both/1 ok ["h" "attacker-1"] []`, `users/1 ok ["h"] ["root"]`}},
		{login("other", "root", "h"), nil},
		{plain("p", "", "", "out", "failed", "Host", "h"), nil},
		{plain("p", "", "", "out", "failed", "User", "a", "User", "b"), []string{`both/0 fail ["a" "attacker-1"] []`, `both/0 fail ["b" "attacker-1"] []`, `many/0 fail ["a"] []`, `many/0 fail ["b"] []`}},
	} {
		got := correlate(set, c.ev, envelope)
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Error(diff)
		}
	}
	disabled, _ := set.With(Change{States: map[string]*State{"fail": {Mode: Disabled}}})
	if got := correlate(disabled, login("failed", "root", "h"), envelope); got != nil {
		t.Errorf("a disabled rule feeds %v", got)
	}
	many := set.Correlations()[1]
	findings := set.Fire(many)
	if len(findings) != 1 || findings[0].Emit.ID() != "T1110.003" || findings[0].Confidence != 0.75 || findings[0].Rule.ID != "many" {
		t.Errorf("%+v", findings)
	}
	clipped, _ := set.With(Change{States: map[string]*State{"many": {Mode: Clipped, ConfidenceMax: 0.1}}})
	if findings := clipped.Fire(many); findings[0].Suppressed != schemas.SuppressedClipped {
		t.Errorf("%+v", findings)
	}
}

// The fields of facts are found under the names that Sigma has for them, in
// the scope that matched.
func TestCorrelateFacts(t *testing.T) {
	t.Parallel()
	set, problems := setOf(t, sigmaText("dl", "product: linux, category: process_creation", "Image|endswith: [/curl, /wget]"),
		correlationText("kinds", "type: value_count, rules: [dl], group-by: [session_id], timespan: 5m, condition: {gte: 2, field: Image}"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	ev := command("echo", "echo")
	scope := ev.NewScope()
	scope.Add("cmd.path", "/usr/bin/wget")
	scope.Add("cmd.name", "wget")
	got := correlate(set, ev, func(field string) string { return "s-" + field })
	if diff := cmp.Diff([]string{`kinds/0 dl ["s-session_id"] ["/usr/bin/wget"]`}, got); diff != "" {
		t.Error(diff)
	}
}

// A text of a correlation and its rules speaks with one voice, unless it asks
// for more.
func TestCorrelationText(t *testing.T) {
	t.Parallel()
	text := correlationText("outer", "type: temporal_ordered, rules: [many, successful_login], group-by: [User], timespan: 10m") +
		"---\n" + strings.Replace(correlationText("inner", "type: event_count, rules: [failed_login], group-by: [User, Host], timespan: 10m, condition: {gte: 10}"), "title: C", "title: C\nname: many", 1) +
		"---\n" + failed + "---\n" + succeeded
	set, problems := setOf(t, text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	scratch := &Scratch{}
	if findings := set.Judge(login("failed", "root", "h"), scratch); len(findings) != 0 || len(set.Matched(scratch)) != 1 {
		t.Errorf("a rule of a correlation speaks for itself: %v", findings)
	}
	inner, outer := set.Correlations()[0], set.Correlations()[1]
	if diff := cmp.Diff([]string{`outer/0 inner ["root"] []`}, spell(set.Chain(inner, []string{"root", "h"}))); diff != "" {
		t.Error(diff)
	}
	if got := set.Fire(inner); len(got) != 0 {
		t.Errorf("the inner correlation speaks for itself: %v", got)
	}
	if got := set.Fire(outer); len(got) != 1 {
		t.Errorf("the outer correlation says %v", got)
	}
	generating := strings.ReplaceAll(text, "timespan: 10m", "timespan: 10m, generate: true")
	set, _ = setOf(t, generating)
	if findings := set.Judge(login("failed", "root", "h"), scratch); len(findings) != 1 || len(set.Fire(inner)) != 0 {
		t.Errorf("generate: %v", findings)
	}
}

func TestCorrelationsThatDoNotResolve(t *testing.T) {
	t.Parallel()
	count := "type: event_count, timespan: 5m, condition: {gte: 2}, "
	other := strings.Replace(sigmaText("x", "product: p", "f: 1"), "title: T", "title: T\nname: failed_login", 1)
	for _, c := range []struct {
		texts []string
		want  string
	}{
		{[]string{correlationText("c", count+"rules: [nobody]")}, `f0:6:77: correlation c: there is no rule "nobody" (publish that rule first)`},
		{[]string{failed, other, correlationText("c", count+"rules: [failed_login]")}, `f2:6:77: correlation c: 2 rules are called "failed_login": refer to one by its id (publish that rule first)`},
		{[]string{correlationText("c", count+"rules: [c]")}, `f0:6:77: correlation c: it refers to itself (publish that rule first)`},
		{[]string{correlationText("a", count+"rules: [b]"), correlationText("b", count+"rules: [a]")},
			"f0:1:1: correlation a refers to itself by way of others\nf1:1:1: correlation b refers to itself by way of others"},
		{[]string{failed, succeeded, correlationText("c", "type: temporal, timespan: 5m, rules: [fail, ok], group-by: [who], aliases: {who: {fail: User}}")},
			"f2:6:59: correlation c: alias who says nothing of rule ok (publish that rule first)"},
		{[]string{failed, correlationText("a", count+"rules: [fail], group-by: [Host]"), correlationText("b", count+"rules: [a], group-by: [User]")},
			"f2:6:77: correlation b: User is not what correlation a groups by, so its windows have none (publish that rule first)"},
		// What one that is held back would have fed is held back with it.
		{[]string{correlationText("a", count+"rules: [nobody]"), correlationText("b", count+"rules: [a]")},
			"f0:6:77: correlation a: there is no rule \"nobody\" (publish that rule first)\nf1:6:77: correlation b: there is no rule \"a\" (publish that rule first)"},
	} {
		set, problems := setOf(t, c.texts...)
		if diff := cmp.Diff(c.want, problems.Error()); diff != "" {
			t.Error(diff)
		}
		if n := len(set.Held()); n == 0 {
			t.Errorf("%s: nothing is held back", c.want)
		}
	}
}

func TestMatchValue(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, values := range [][]string{nil, {"a"}, {"a", "b"}, {"a b"}, {"a", "", "b"}, {`a" "b`, "c"}, {"a", `b" "c`}} {
		if text := (Match{Values: values}).Value(); seen[text] {
			t.Errorf("%q gives %q, as another list does", values, text)
		} else {
			seen[text] = true
		}
	}
}

// From events to a window: ten failures of one user within five minutes, the
// events in any order.
func TestFromEventsToWindow(t *testing.T) {
	t.Parallel()
	set, _ := setOf(t, failed, correlationText("many", "type: event_count, rules: [fail], group-by: [User], timespan: 5m, condition: {gte: 3}"))
	c := set.Correlations()[0]
	if err := c.Live(); err != nil {
		t.Fatal(err)
	}
	asked := c.Spec()
	if !asked.PerOwner {
		t.Error("nobody is grouped by, and no owner is reported")
	}
	spec, err := window.Decode(asked.Encode())
	if err != nil {
		t.Fatal(err)
	}
	evaluator, err := window.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]*window.State{}
	var hits []window.Hit
	scratch := &Scratch{}
	start := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	for i, minute := range []int{6, 2, 4, 30} {
		ev := login("failed", "root", "h")
		set.Judge(ev, scratch)
		for _, m := range set.Correlate(ev, scratch, nil) {
			key := strings.Join(m.Group, "\x00")
			if states[key] == nil {
				states[key] = &window.State{}
			}
			at := start.Add(time.Duration(minute) * time.Minute)
			hits = evaluator.Add(states[key], window.Match{Time: at.UnixMilli(), ID: [16]byte{byte(i)}, Place: m.Place, Value: m.Value()}, hits)
		}
	}
	want := []window.Hit{{Bucket: start.Add(5 * time.Minute).UnixMilli()}}
	if !slices.Equal(hits, want) {
		t.Errorf("%v, want %v", hits, want)
	}
}
