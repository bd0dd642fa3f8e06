package processors

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// hostile returns a thousand publications, none of which may change a rule:
// the first are the more devious ones.
func hostile() []topology.Message {
	good := ruleText("R1", 1, "one")
	var all []topology.Message
	rule := func(key, text string) {
		all = append(all, topology.Message{Topic: topology.Rules, Key: key, Value: []byte(text)})
	}
	for _, text := range hostileTexts(good) {
		rule("R1", text)
	}
	for _, key := range []string{"", "R2", "r1", " R1", "R1\x00", "\xff\xfe", "list/R1", strings.Repeat("R1", 5_000)} {
		rule(key, good)
		all = append(all, null(topology.Rules, key), null(topology.RuleState, key), null(topology.Retractions, key))
	}
	for _, topic := range []topology.Topic{topology.RuleState, topology.Retractions} {
		for _, value := range []string{"", "null", "[]", "0", `{"rule_id":"R1"}`, `{"rule_id":7}`, good, "\xff", strings.Repeat("[", 100_000),
			`{"rule_id":"R1","mode":"disabled","set_at":"1970-01-01T00:00:00Z"}`,
			`{"rule_id":"R1","mode":"clipped","set_at":"2026-04-14T12:00:00Z"}`,
			`{"rule_id":"R1","mode":"disabled","set_at":"2026-04-14T12:00:00Z","reason":"` + strings.Repeat("x", 600_000) + `"}`,
			`{"rule_id":"R1","mode":"disabled","set_at":"2026-04-14T12:00:00Z","later":"` + strings.Repeat("x", 600_000) + `"}`} {
			all = append(all, topology.Message{Topic: topic, Key: "R1", Value: []byte(value)})
		}
	}
	for i := 0; len(all) < 1000; i++ { // cut off, and spoilt by one byte, at every place
		at := 1 + i/2%(len(good)-1)
		if i%2 == 0 {
			rule("R1", good[:at])
		} else {
			rule("R1", good[:at]+string([]byte{byte(i*7%32) | 0x80})+good[at:])
		}
	}
	return all
}

// hostileTexts returns what is no good under the id of a rule in force.
func hostileTexts(good string) []string {
	texts := []string{
		"", "\n", "---\n---\n", "null", "[]", "{}", "7", "rule_id", "rule_id: R1", "\x00", "\xef\xbb\xbf", "%YAML 1.2\n---\n" + good,
		strings.Repeat("#", 600_000) + "\n" + good, good + strings.Repeat("# x\n", 150_000), strings.Repeat("{a: ", 100_000), strings.Repeat("- ", 150_000),
		strings.Repeat("[", 300_000), strings.Repeat("a: &a [*a, *a]\n", 10), strings.Repeat("---\n"+good, 100), good + "---\n" + good,
		"a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\n" +
			"d: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e]\n",
		strings.Replace(good, "one", "two", 1), strings.Replace(good, "rule_version: 1", "rule_version: 0", 1),
		strings.Replace(good, "command|contains: one", "command|re: '((a{1,900}){1,900}){1,900}'", 1),
		strings.Replace(good, "command|contains: one", "command|re: '(?P<'", 1),
		strings.Replace(good, "command|contains: one", "command|contains|expand: '%nowhere%'", 1),
		strings.Replace(good, "T1083", "T9999", 1), strings.Replace(good, "v19.1", "v99", 1), strings.Replace(good, "0.9", ".nan", 1),
		"list: R1\nvalues: [x]\n", "title: a Sigma rule\ndetection: {a: {b: c}, condition: a}\n",
	}
	for i, line := range strings.SplitAfter(strings.TrimSpace(good), "\n") {
		name, _, _ := strings.Cut(line, ":")
		texts = append(texts, good+line) // the key twice
		for _, value := range []string{"", "null", "[]", "{}", "[[1]]", "{a: b}", "!!binary aGk=", "-1", "1e400", "'\x07'", strings.Repeat("9", 400)} {
			lines := strings.SplitAfter(good, "\n")
			lines[i] = name + ": " + value + "\n"
			texts = append(texts, strings.Join(lines, ""))
		}
	}
	var unknown strings.Builder
	for i := range 400 {
		fmt.Fprintf(&unknown, "%q: x\n", fmt.Sprintf("unknown%d%s", i, strings.Repeat("\u2028\u0001", 40)))
	}
	return append(texts, good+unknown.String())
}

// A thousand publications that are no good, one after the other: each is
// refused with a reason or ignored, and the good rules stay in force.
func TestHostilePublicationsChangeNothing(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		good := p.publish(ruleMessage("R1", 1, "one"), ruleMessage("R9", 1, "one"))
		var mu sync.Mutex
		refused := map[string]*schemas.RuleStatus{}
		r := p.registrar(func(r *Registrar) {
			r.refusals = func(s *schemas.RuleStatus) {
				mu.Lock()
				defer mu.Unlock()
				refused[fmt.Sprintf("%s/0/%d", s.InboxTopic, s.InboxOffset)] = s
			}
		})
		p.decided(topology.Rules, good, r)
		follower := p.follower("f")
		messages := hostile()
		for i := range messages {
			messages[i].Headers = []topology.Header{{Key: schemas.HeaderSource, Value: []byte(strings.Repeat("\xff", 5_000))}}
		}
		written, err := p.producer.ProduceSync(patient(t), messages...)
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range written {
			topic := map[string]topology.Topic{"ttp.rules": topology.Rules, "ttp.rule.state": topology.RuleState, "ttp.retractions": topology.Retractions}[record.Topic]
			p.decided(topic, record.Offset, r)
		}
		ignored := 0
		mu.Lock()
		for i, record := range written {
			switch status := refused[record.Where()]; {
			case status != nil && len(status.Problems) > 0 && status.Problems[0].Message != "":
			case messages[i].Value == nil && status == nil:
				ignored++
			default:
				t.Errorf("neither refused with a reason nor ignored: %s, key %.20q, %.200q", record.Where(), record.Key, messages[i].Value)
			}
		}
		mu.Unlock()
		t.Logf("%d publications: %d refused, %d ignored", len(written), len(refused), ignored)
		p.decided(topology.Rules, p.publish(ruleMessage("R9", 2, "one")), r)
		follower.reach(t, 2)
		if got := finds(follower.Load(), "one"); got != "R1/1 R9/2" || changes(p.history()) != "rule R1, rule R9, rule R9" {
			t.Errorf("in force: %s; history: %s", got, changes(p.history()))
		}
		if got := r.failures(); got != "" {
			t.Errorf("the registrar stumbled: %s", got)
		}
		p.refusals() // every status can be read
	})
}

// The smallest record that a broker may be set to take holds every refusal,
// and a rule that is larger in the history than it was in the inbox is
// refused, not a reason to stop for ever.
func TestSmallRecordsAreNoReasonToStop(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		large := topologytest.Producer(t, c) // a foreign client knows no limit of ours
		c.MaxRecordBytes = 16 << 10
		p := newPlane(t, c)
		fits := ruleText("R1", 1, "one") + "# " + strings.Repeat(`"\`, 7_000)
		unknown := strings.Repeat("\u2028", 2_000)
		texts := map[string]string{
			"R1": fits, "R2": "rule_id: R2\n'" + strings.Repeat(`<>\`, 4_000) + "': x\n",
			strings.Repeat("\x01", 4_000): "list: " + unknown,
		}
		var last int64
		for key, text := range texts {
			written, err := large.ProduceSync(patient(t), topology.Message{Topic: topology.Rules, Key: key, Value: []byte(text)})
			if err != nil {
				t.Fatal(err)
			}
			last = written[0].Offset
		}
		r := p.registrar()
		p.decided(topology.Rules, last, r)
		refusals := p.refusals()
		if status := refusals["R1"]; status == nil || !strings.Contains(status.Problems[0].Message, "record is too large: ttp.rule.history takes 16384 bytes") {
			t.Errorf("R1: %+v", status)
		}
		if len(refusals) != 3 || r.failures() != "" {
			t.Errorf("%d refused; %s", len(refusals), r.failures())
		}
	})
}
