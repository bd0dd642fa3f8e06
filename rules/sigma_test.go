package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// sigmaText is a Sigma rule of that id whose selection is the lines given.
func sigmaText(id, logsource, selection string) string {
	return fmt.Sprintf("title: T\nid: %s\nstatus: stable\nlevel: high\ndate: 2024-01-02\ntags: [attack.execution, attack.t1059.004]\nlogsource: {%s}\ndetection:\n  s: {%s}\n  condition: s\n", id, logsource, selection)
}

// command is the event of one simple command, as the lifter makes it.
func command(path, name string, args ...string) *match.Event {
	ev := &match.Event{SourceKind: schemas.KindCommand, Logsource: match.Logsource{Product: "linux", Category: "process_creation"}}
	ev.Base.Add("command", strings.Join(append([]string{path}, args...), " "))
	scope := ev.NewScope()
	scope.Add("cmd.path", path)
	scope.Add("cmd.name", name)
	scope.AddAll("cmd.args", args)
	scope.Add("cmd.line", strings.Join(append([]string{name}, args...), " "))
	return ev
}

// plain is an event of a log source with the fields as they are.
func plain(product, category, service string, fields ...string) *match.Event {
	ev := &match.Event{Logsource: match.Logsource{Product: product, Category: category, Service: service}}
	for i := 0; i < len(fields); i += 2 {
		ev.Base.Add(fields[i], fields[i+1])
	}
	return ev
}

func setOf(t testing.TB, texts ...string) (*Set, Problems) {
	t.Helper()
	var units []*Unit
	for i, text := range texts {
		unit, problems := Parse(fmt.Sprint("f", i), []byte(text), Options{})
		if unit == nil {
			t.Fatalf("%s\n%v", text, problems)
		}
		units = append(units, unit)
	}
	return NewSet(units, nil, 0)
}

// matched returns the ids of the rules that hold.
func matched(s *Set, ev *match.Event) string {
	scratch := &Scratch{}
	s.Judge(ev, scratch)
	var ids []string
	for _, rule := range s.Matched(scratch) {
		ids = append(ids, rule.ID)
	}
	return strings.Join(ids, " ")
}

func TestSigmaRule(t *testing.T) {
	t.Parallel()
	u := mustParse(t, sigmaText("s1", "product: linux, category: process_creation", "Image|endswith: /curl"))
	rule := u.Rules[0]
	if u.ID != "s1" || rule.Version != 20240102 || rule.Name != "T" || !rule.Sigma || rule.AttackRelease == "" || rule.Hash != u.Hash {
		t.Errorf("%+v", rule)
	}
	want := []Emit{{Tactic: "TA0002", TechniqueID: "T1059", SubTechniqueID: "T1059.004", Confidence: 0.75, Reason: "from the rule's level and status"}}
	got := slices.Clone(rule.Emits)
	got[0].Node = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	set, _ := NewSet([]*Unit{u}, map[string]State{"s1": {Mode: Clipped, ConfidenceMax: 0.5}}, 0)
	findings := set.Judge(command("curl", "curl", "http://x"), &Scratch{})
	if len(findings) != 1 || findings[0].Confidence != 0.5 || len(findings[0].Hits) == 0 {
		t.Errorf("%+v", findings)
	}
}

// Rules judge events of their own log source, as facts or as they are, and no
// others.
func TestSigmaRouting(t *testing.T) {
	t.Parallel()
	set, problems := setOf(t,
		sigmaText("linux", "product: linux, category: process_creation", "Image|endswith: /curl"),
		sigmaText("windows", "product: windows, category: process_creation", "Image|endswith: curl"),
		sigmaText("absent", "product: windows, category: process_creation", "Image: null"),
		sigmaText("unnamed", "product: linux, category: process_creation", "Image: null"),
		sigmaText("any", "category: process_creation", "CommandLine|contains: http"),
		sigmaText("auditd", "product: linux, service: auditd", "type: EXECVE, a0: curl, a1|startswith: http"),
		sigmaText("log", "product: linux", "'|re': 'curl\\s+http'"),
		sigmaText("web", "category: webserver", "cs-uri-query|contains: '${jndi:'"),
	)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	request := &match.Event{SourceKind: schemas.KindHTTPRequest}
	request.Base.Add("http.query", "x=${JNDI:ldap://h}")
	for _, c := range []struct {
		name string
		ev   *match.Event
		want string
	}{
		{"a command", command("curl", "curl", "http://h"), "any auditd linux log"},
		{"a Linux process without image", plain("linux", "process_creation", ""), "unnamed"},
		{"a Linux process", plain("linux", "process_creation", "", "Image", "/usr/bin/curl", "CommandLine", "curl http://h"), "any linux log"},
		{"a Windows process", plain("windows", "process_creation", "", "Image", `C:\curl`), "windows"},
		{"a Windows process without image", plain("windows", "process_creation", "", "CommandLine", `http`), "absent any"},
		{"an audit record", plain("linux", "", "auditd", "type", "EXECVE", "a0", "curl", "a1", "http://h"), "auditd"},
		{"a request", request, "web"},
		{"a request as it is", plain("", "webserver", "", "cs-uri-query", "${jndi:x"), "web"},
		{"of no log source", plain("", "", "", "Image", "/curl"), ""},
		{"a login", &match.Event{SourceKind: schemas.KindAuthAttempt}, ""},
	} {
		if got := matched(set, c.ev); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The image of a command that is called by its bare name lies in one of the
// usual directories.
func TestSigmaImage(t *testing.T) {
	t.Parallel()
	const process = "product: linux, category: process_creation"
	for _, c := range []struct {
		selection string
		yes, no   []string
	}{
		{"Image|endswith: /curl", []string{"curl", "/usr/bin/curl", "./curl", "/tmp/curl"}, []string{"xcurl", "/tmp/xcurl"}},
		{"Image|endswith: [/curl, /wget]", []string{"wget"}, []string{"nc"}},
		{"Image: /usr/bin/curl", []string{"curl", "/usr/bin/curl"}, []string{"/tmp/curl", "wget"}},
		{"Image: /bin/sh", []string{"sh", "/bin/sh"}, []string{"/usr/bin/sh"}},
		{"Image|contains: /nc", []string{"nc", "ncat", "/opt/nc"}, []string{"sync"}},
		{"Image|startswith: /tmp/", []string{"/tmp/x"}, []string{"tmp", "x"}},
		{"Image|startswith: /usr/bin/", []string{"x", "/usr/bin/x"}, []string{"/tmp/x", "./x"}},
		{"Image: '*/py*on?'", []string{"python3", "/x/pylon2"}, []string{"python"}},
		{"Image|endswith|cased: /Curl", []string{"Curl"}, []string{"curl"}},
		{"Image|exists: true", []string{"x"}, nil},
		{"User|exists: false", []string{"x"}, nil},
		{"User: root", nil, []string{"x"}},
		{"Image|re: '/curl$'", []string{"/x/curl"}, []string{"curl"}},
	} {
		set, problems := setOf(t, sigmaText("r", process, c.selection))
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for want, paths := range map[bool][]string{true: c.yes, false: c.no} {
			for _, path := range paths {
				if got := matched(set, command(path, path[strings.LastIndexByte(path, '/')+1:])) == "r"; got != want {
					t.Errorf("%s of %s: %v", c.selection, path, got)
				}
			}
		}
	}
}

func TestUnrouted(t *testing.T) {
	t.Parallel()
	unit, problems := Parse("f", []byte(sigmaText("r", "product: windows", "Image: x")), Options{Unrouted: true})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	set, _ := NewSet([]*Unit{unit}, nil, 0)
	if got := matched(set, plain("", "", "", "Image", "x")); got != "r" {
		t.Errorf("%q", got)
	}
	if got := matched(set, command("x", "x")); got != "" {
		t.Errorf("facts of a command are judged by a rule for Windows: %q", got)
	}
	unit, _ = Parse("f", []byte(sigmaText("l", "product: linux, category: process_creation", "Image|endswith: /x")), Options{Unrouted: true})
	set, _ = NewSet([]*Unit{unit}, nil, 0)
	for _, ev := range []*match.Event{command("x", "x"), plain("windows", "", "", "Image", "/x")} {
		if got := matched(set, ev); got != "l" {
			t.Errorf("%+v: %q", ev, got)
		}
	}
}

// A rule without a technique matches and says nothing.
func TestNoTechnique(t *testing.T) {
	t.Parallel()
	set, _ := setOf(t, strings.Replace(sigmaText("r", "product: windows", "Image: x"), "attack.t1059.004", "cve.2024-1", 1))
	scratch := &Scratch{}
	if findings := set.Judge(plain("windows", "", "", "Image", "x"), scratch); len(findings) != 0 || len(set.Matched(scratch)) != 1 {
		t.Errorf("%v, %d matched", findings, len(set.Matched(scratch)))
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	const text = "action: global\ntitle: T\nlogsource: {product: x}\nlevel: high\ndetection: {condition: s}\n" +
		"---\nid: a\ndetection: {s: {f: 1}}\n---\nid: b\nlevel: low\nlogsource: {service: y}\ndetection: {s: {f: 2}}\n" +
		"---\naction: reset\n---\ntitle: U\nid: c\nlogsource: {product: z}\ndetection: {s: {f: 3}}\n" +
		"---\naction: repeat\nid: d\nlogsource: {product: w}\n"
	u := mustParse(t, text)
	var got []string
	for _, r := range u.Rules {
		got = append(got, fmt.Sprintf("%s %s %s %+v", r.ID, r.Name, r.Level, r.Logsource))
	}
	want := []string{
		"a T high {Category: Product:x Service:}", "b T high {Category: Product:x Service:y}",
		"c U  {Category: Product:z Service:}", "d U  {Category: Product:w Service:}",
	}
	if diff := cmp.Diff(want, got); diff != "" || u.ID != "a" {
		t.Errorf("unit %s\n%s", u.ID, diff)
	}
	for text, want := range map[string]string{
		"action: global\ntitle: T": "f:1:1: there is no rule behind the global document",
		"action: repeat\ntitle: T": "f:1:9: action repeat: there is no document before it",
		"action: run\ntitle: T":    `f:1:9: unknown action "run", want global, reset or repeat`,
	} {
		if _, problems := Parse("f", []byte(text), Options{}); problems.Error() != want {
			t.Errorf("%s: %v", text, problems)
		}
	}
}

// filterText is a filter for rules of one product that leaves out where g is x.
func filterText(id, rules, product string) string {
	return fmt.Sprintf("title: F\nid: %s\nlogsource: {product: %s}\nfilter:\n  rules: %s\n  s: {g: x}\n  condition: not s\n", id, product, rules)
}

func TestSetFilters(t *testing.T) {
	t.Parallel()
	named := strings.Replace(sigmaText("r2", "product: p, category: c", "f: 1"), "title: T", "title: T\nname: second", 1)
	texts := []string{sigmaText("r1", "product: p", "f: 1"), named, sigmaText("r3", "product: q", "f: 1")}
	clean, filtered := plain("p", "c", "", "f", "1"), plain("p", "c", "", "f", "1", "g", "x")
	for _, c := range []struct{ rules, product, want string }{
		{"[r1]", "p", "r2"},
		{"[second]", "p", "r1"},
		{"[r1, r2, nobody]", "p", ""},
		{"any", "p", ""},
		{"any", "q", "r1 r2"},
		{"[r1]", "q", "r1 r2"},
	} {
		set, problems := setOf(t, append(texts, filterText("f", c.rules, c.product))...)
		if len(problems) > 0 || set.Len() != 3 {
			t.Fatal(problems)
		}
		if got := matched(set, filtered); got != c.want {
			t.Errorf("rules %s of %s: %q, want %q", c.rules, c.product, got, c.want)
		}
		if got := matched(set, clean); got != "r1 r2" {
			t.Errorf("rules %s of %s: %q where the filter is not about", c.rules, c.product, got)
		}
		// Without the filter the rules are as they were.
		without, _ := set.With(Change{Remove: []string{"f"}})
		if got := matched(without, filtered); got != "r1 r2" {
			t.Errorf("without the filter: %q", got)
		}
	}
	// A filter that needs a list waits for it, and the rule goes on.
	waiting := strings.Replace(filterText("f", "any", "p"), "g: x", "g|expand: '%gs%'", 1)
	set, problems := setOf(t, append(texts, waiting)...)
	if len(problems) != 1 || problems[0].Check != "match/list" || matched(set, filtered) != "r1 r2" {
		t.Errorf("%v", problems)
	}
	list := mustParse(t, "list: gs\nvalues: [x]\n")
	if set, problems = set.With(Change{Put: []*Unit{list}}); len(problems) > 0 || matched(set, filtered) != "" {
		t.Errorf("%v", problems)
	}
}

// Facts pass a filter in the names that the rule's events have.
func TestFilterOnFacts(t *testing.T) {
	t.Parallel()
	filter := "title: F\nid: f\nlogsource: {product: linux}\nfilter: {rules: [r], s: {CommandLine|contains: harmless}, condition: not s}\n"
	set, _ := setOf(t, sigmaText("r", "product: linux, category: process_creation", "Image|endswith: /curl"), filter)
	if got := matched(set, command("curl", "curl", "harmless")); got != "" {
		t.Errorf("%q", got)
	}
	if got := matched(set, command("curl", "curl", "harm")); got != "r" {
		t.Errorf("%q", got)
	}
}
