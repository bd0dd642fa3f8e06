package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

var inboxTopics = map[rules.Inbox]string{
	rules.InboxRules: "ttp.rules", rules.InboxStates: "ttp.rule.state", rules.InboxRetractions: "ttp.retractions",
}

// plane is a registrar without Kafka: it admits and folds what is published.
type plane struct {
	t       testing.TB
	fold    *rules.Fold
	ends    map[rules.Inbox]int64
	history []*schemas.RuleHistory // as read back from the wire
	now     time.Time
}

func newPlane(t testing.TB) *plane {
	return &plane{t: t, fold: rules.NewFold(rules.Options{}), ends: map[rules.Inbox]int64{}, now: noon}
}

// publish publishes value under key; nil is a null.
func (p *plane) publish(inbox rules.Inbox, key string, value []byte) rules.Admission {
	p.t.Helper()
	offset := p.ends[inbox]
	p.ends[inbox]++
	a := p.fold.Admit(rules.Publication{Inbox: inbox, Topic: inboxTopics[inbox], Offset: offset, Key: key, Value: value}, p.now)
	if a.Record != nil {
		p.append(a.Record)
	}
	return a
}

// append writes to the history and folds what a reader of it gets.
func (p *plane) append(change *schemas.RuleHistory) bool {
	p.t.Helper()
	raw, err := schemas.EncodeJSON(change)
	if err != nil {
		p.t.Fatal(err)
	}
	read, err := schemas.Decode[schemas.RuleHistory](raw)
	if err != nil {
		p.t.Fatalf("an admitted record cannot be read back: %v", err)
	}
	p.history = append(p.history, read)
	return p.fold.Apply(int64(len(p.history)-1), read)
}

func (p *plane) rule(key, text string) rules.Admission {
	p.t.Helper()
	return p.publish(rules.InboxRules, key, []byte(text))
}

// expire does what the registrar does when it looks at its clock.
func (p *plane) expire() int {
	due, _ := p.fold.Expired(inboxTopics[rules.InboxStates], p.now)
	for _, change := range due {
		p.append(change)
	}
	return len(due)
}

// ruleText returns a rule that finds a word in a command.
func ruleText(id string, version int, word string) string {
	return ruleWith(id, version, "command|contains: "+word)
}

func ruleWith(id string, version int, test string) string {
	return fmt.Sprintf(`rule_id: %s
rule_version: %d
name: %s
attack_release: enterprise-v19.1
applies_to: [{source_kind: command}]
match: {selection: {%s}}
emits: [{tactic: TA0007, technique_id: T1083, confidence: 0.9}]
`, id, version, strings.ToLower(id), test)
}

func listText(name string, values ...string) string {
	return fmt.Sprintf("list: %s\nvalues: [%s]\n", name, strings.Join(values, ", "))
}

func stateJSON(id, mode string, more string) []byte {
	return fmt.Appendf(nil, `{"rule_id":%q,"mode":%q,"set_at":"2026-04-14T12:00:00Z"%s}`, id, mode, more)
}

// outcome is an admission as a table spells it.
func outcome(a rules.Admission) string {
	switch {
	case a.Record != nil:
		return "admitted: " + a.Record.Change
	case len(a.Refused) > 0:
		var lines []string
		for _, p := range a.Refused {
			lines = append(lines, p.Check+": "+p.Message)
		}
		return "refused: " + strings.Join(lines, " | ")
	}
	return "ignored: " + a.Ignored
}

// expect compares outcomes; want may end early.
func expect(t testing.TB, a rules.Admission, want string) {
	t.Helper()
	if got := outcome(a); !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// finds returns the ids of the rules in force that find something in a line.
func finds(f *rules.Fold, line string) string {
	set, _ := f.Set()
	ev := &match.Event{SourceKind: schemas.KindCommand}
	ev.Base.Add("command", line)
	var ids []string
	for _, finding := range set.Judge(ev, new(rules.Scratch)) {
		if finding.Suppressed == "" {
			ids = append(ids, finding.Rule.ID)
		}
	}
	return strings.Join(ids, " ")
}
