package rules_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
)

// said is one thing that a client may publish.
type said struct {
	inbox rules.Inbox
	key   string
	value []byte
}

// sayings is a small world in which publications meet: three rules, one of
// them with a second rule and a list in its text, a list on its own, states
// and retractions, good ones and others.
func sayings() []said {
	var all []said
	rule := func(key, text string) { all = append(all, said{rules.InboxRules, key, []byte(text)}) }
	for version := 1; version <= 3; version++ {
		for _, word := range []string{"one", "two"} {
			rule("R1", ruleText("R1", version, word))
			rule("R2", ruleWith("R2", version, "command|contains|expand: '%words%'"))
			rule("A", ruleText("A", version, word)+"---\n"+ruleText("B", version, word)+"---\n"+listText("own", word))
		}
	}
	rule("A", ruleText("A", 3, "three"))
	rule("B", ruleText("B", 2, "one"))
	rule("R3", ruleWith("R3", 1, "command|cidr|expand: '%words%'"))
	rule("R4", ruleWith("R4", 1, "command|contains|expand: '%own%'"))
	rule("list/words", listText("words", "one", "two"))
	rule("list/words", listText("words", "10.0.0.0/8"))
	for version := 1; version <= 2; version++ {
		rule("s1", sigmaRuleText("s1", version))
		rule("c", sigmaCorrelation("c", "s1", fmt.Sprintf("gte: %d", version)))
	}
	rule("d", sigmaCorrelation("d", "c", "gte: 2"))
	rule("c", sigmaCorrelation("c", "d", "gte: 2"))
	rule("d", sigmaCorrelation("d", "c", "lt: 2"))
	rule("f", "title: F\nid: f\nlogsource: {product: linux}\nfilter: {rules: any, s: {g|expand: '%words%'}, condition: not s}\n")
	rule("R1", "rule_id: R1")
	rule("R2", "")
	for _, key := range []string{"R1", "R2", "A", "B", "s1", "c", "d", "f", "list/words", "nothing"} {
		all = append(all, said{rules.InboxRules, key, nil})
	}
	for i, id := range []string{"R1", "A", "R9"} {
		all = append(all, said{rules.InboxStates, id, nil},
			said{rules.InboxStates, id, stateJSON(id, "disabled", "")},
			said{rules.InboxStates, id, stateJSON(id, "enabled", "")},
			said{rules.InboxStates, id, stateJSON(id, "clipped", fmt.Sprintf(`,"confidence_max":0.5,"expires_at":"2026-04-14T1%d:30:00Z"`, 2+i))})
	}
	for _, more := range []string{"", `,"restore":true`, `,"sequence":1`} {
		all = append(all, said{rules.InboxRetractions, "rule/R1", fmt.Appendf(nil, `{"target":"rule","rule_id":"R1","set_at":"2026-04-14T12:00:00Z"%s}`, more)})
	}
	return all
}

// revision is a record of the history at its offset. The offsets of the logs
// below have gaps, as a foreign transaction leaves them.
type revision struct {
	at     int64
	change *schemas.RuleHistory
}

const gap = 1000

// draw publishes anything in any order, while the clock goes on, and returns
// what the registrar wrote and the fold that it worked with.
func draw(rt *rapid.T, t *testing.T, menu []said) (log []revision, registrar *rules.Fold) {
	p := newPlane(t)
	for range rapid.SampledFrom([]int{5, 40, 100}).Draw(rt, "publications") {
		s := rapid.SampledFrom(menu).Draw(rt, "publication")
		p.publish(s.inbox, s.key, s.value)
		p.now = p.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "minutes")) * time.Minute)
		p.expire()
	}
	for i, change := range p.history {
		log = append(log, revision{int64(i), change})
	}
	return log, p.fold
}

func foldOf(log []revision) *rules.Fold {
	f := rules.NewFold(rules.Options{})
	for _, r := range log {
		f.Apply(r.at, r.change)
	}
	return f
}

// view is all that can be seen of a fold.
type view struct {
	Revision    int64
	Units       map[string]string // id to hash
	InForce     []string
	Held        []string
	Problems    string
	States      map[string]rules.StateInForce
	Highest     map[string]rules.Published
	Retractions map[string]rules.RetractionInForce
	Inboxes     map[string]int64
	Finds       string
}

func look(f *rules.Fold) view {
	set, problems := f.Set()
	v := view{
		Revision: set.Revision(), Units: map[string]string{}, Held: slices.Sorted(maps.Keys(set.Held())), Problems: problems.Error(),
		States: f.States(), Highest: map[string]rules.Published{}, Retractions: map[string]rules.RetractionInForce{}, Inboxes: map[string]int64{},
		Finds: finds(f, "one") + "; " + finds(f, "two"),
	}
	for _, unit := range set.Units() {
		v.Units[unit.ID] = unit.Hash
	}
	for _, rule := range set.Rules() {
		v.InForce = append(v.InForce, fmt.Sprintf("%s version %d %s", rule.ID, rule.Version, set.State(rule.ID).Mode))
	}
	for _, id := range []string{"R1", "R2", "R3", "R4", "A", "B"} {
		if p, ok := f.Highest(id); ok {
			v.Highest[id] = p
		}
	}
	if r, ok := f.Retraction("rule/R1"); ok {
		v.Retractions["rule/R1"] = r
	}
	for _, topic := range inboxTopics {
		v.Inboxes[topic] = f.InboxOffset(topic)
	}
	return v
}

func same(t *rapid.T, what string, want, got *rules.Fold) {
	t.Helper()
	if diff := cmp.Diff(look(want), look(got)); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// Whatever is published: who reads the history holds what the registrar held,
// all of it is in force, and where the reader rested does not matter.
func TestEverybodyFoldsTheSame(t *testing.T) {
	t.Parallel()
	menu := sayings()
	rapid.Check(t, func(rt *rapid.T) {
		log, registrar := draw(rt, t, menu)
		whole := foldOf(log)
		same(rt, "the registrar's own fold and one of the history", registrar, whole)
		if v := look(whole); v.Problems != "" {
			rt.Fatalf("admitted, but not in force: %s", v.Problems)
		}
		rest := rapid.IntRange(0, len(log)).Draw(rt, "rest")
		halves := foldOf(log[:rest])
		halves.Set() // a set in between must leave no trace
		for _, r := range log[rest:] {
			halves.Apply(r.at, r.change)
		}
		same(rt, "in one and in two", whole, halves)
	})
}

// A registrar that has lost its turn may go on writing what it had admitted:
// its records, anywhere behind the first ones, change nothing. Neither do
// expiries of states that are no longer in force.
func TestRepeatedRecordsChangeNothing(t *testing.T) {
	t.Parallel()
	menu := sayings()
	rapid.Check(t, func(rt *rapid.T) {
		log, _ := draw(rt, t, menu)
		spread := make([]revision, len(log))
		for i, r := range log {
			spread[i] = revision{int64(i * gap), r.change}
		}
		doubled := make([]revision, 0, 2*len(log))
		for i, r := range spread {
			doubled = append(doubled, r)
			for n := range rapid.IntRange(0, 3).Draw(rt, "repeats") {
				earlier := spread[rapid.IntRange(0, i).Draw(rt, "which")]
				doubled = append(doubled, revision{r.at + int64(n) + 1, earlier.change})
			}
		}
		for i, r := range spread {
			if r.change.Change == schemas.ChangeExpiry {
				doubled = append(doubled, revision{spread[len(spread)-1].at + 10 + int64(i), r.change})
			}
		}
		if len(spread) > 0 { // so that both folds end at one revision
			last := revision{int64(len(spread) * gap), spread[0].change}
			spread, doubled = append(spread, last), append(doubled, last)
		}
		same(rt, "without and with repeated records", foldOf(spread), foldOf(doubled))
	})
}

func TestApplySaysWhetherItChangedAnything(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	p.rule("R1", ruleText("R1", 1, "one"))
	p.publish(rules.InboxStates, "R1", stateJSON("R1", "disabled", `,"expires_at":"2026-04-14T13:00:00Z"`))
	p.now = noon.Add(time.Hour)
	p.expire()
	f := rules.NewFold(rules.Options{})
	for i, change := range p.history {
		if !f.Apply(int64(i), change) {
			t.Errorf("%s changed nothing", change.Change)
		}
	}
	for i, change := range p.history {
		if f.Apply(int64(len(p.history)+i), change) {
			t.Errorf("%s again changed something", change.Change)
		}
	}
	if f.Revision() != int64(2*len(p.history)-1) {
		t.Errorf("revision %d; a record that changes nothing still has one", f.Revision())
	}
}

// A text that this program cannot read, although a registrar could, leaves the
// last good one in force; the version that it took stays taken.
func TestATextFromTheFutureLeavesTheLastGoodOneInForce(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	p.rule("R1", ruleText("R1", 1, "one"))
	p.append(&schemas.RuleHistory{
		Change: schemas.ChangeRule, Key: "R1", Content: "rule_id: R1\nquantum: true\n", Version: 2, Hash: strings.Repeat("a", 64),
		InboxTopic: "ttp.rules", InboxOffset: 1, AdmittedAt: noon,
	})
	p.ends[rules.InboxRules] = 2
	_, problems := p.fold.Set()
	if got := finds(p.fold, "one"); got != "R1" || !strings.Contains(problems.Error(), "quantum") {
		t.Errorf("in force %q, problems %v", got, problems)
	}
	expect(t, p.rule("R1", ruleText("R1", 2, "two")), "refused: version: R1: version 2 was published with other content")
	expect(t, p.rule("R1", ruleText("R1", 3, "two")), "admitted: rule")
	if _, problems := p.fold.Set(); len(problems) > 0 {
		t.Errorf("still said: %v", problems)
	}
}
