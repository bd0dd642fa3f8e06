package processors

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// patience bounds what a test waits for something that should come: far more
// than a busy machine needs, so that only what never comes fails.
const patience = time.Minute

func patient(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

// clock is a clock that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// plane is the rule plane on a broker: what clients publish, and whoever runs.
type plane struct {
	t        *testing.T
	c        topology.Cluster
	clock    *clock
	producer *topology.Producer
}

// newPlane provisions the topics of the rule plane, and more.
func newPlane(t *testing.T, c topology.Cluster, more ...topology.Topic) *plane {
	t.Helper()
	topologytest.Provision(t, c, append(more, topology.Rules, topology.RuleState, topology.Retractions,
		topology.RuleHistory, topology.RuleStatus, topology.Tagged)...)
	return &plane{t: t, c: c, clock: &clock{at: noon}, producer: topologytest.Producer(t, c)}
}

// publish publishes and returns the last record's offset.
func (p *plane) publish(messages ...topology.Message) int64 {
	p.t.Helper()
	written, err := p.producer.ProduceSync(patient(p.t), messages...)
	if err != nil {
		p.t.Fatal(err)
	}
	return written[len(written)-1].Offset
}

func ruleMessage(id string, version int, word string) topology.Message {
	return topology.Message{Topic: topology.Rules, Key: id, Value: []byte(ruleText(id, version, word))}
}

func null(topic topology.Topic, key string) topology.Message {
	return topology.Message{Topic: topic, Key: key}
}

func stateMessage(id, mode, more string) topology.Message {
	value := fmt.Appendf(nil, `{"rule_id":%q,"mode":%q,"set_at":"2026-04-14T12:00:00Z"%s}`, id, mode, more)
	return topology.Message{Topic: topology.RuleState, Key: id, Value: value}
}

// ruleText returns a rule that finds a word in a command.
func ruleText(id string, version int, word string) string {
	return fmt.Sprintf(`rule_id: %s
rule_version: %d
name: %s
attack_release: enterprise-v19.1
applies_to: [{source_kind: command}]
match: {selection: {command|contains: %s}}
emits: [{tactic: TA0007, technique_id: T1083, confidence: 0.9}]
`, id, version, strings.ToLower(id), word)
}

// records returns what is in a topic, a partition after the other.
func (p *plane) records(topic topology.Topic) (all []topology.Record) {
	p.t.Helper()
	reader, err := topology.NewReader(patient(p.t), p.c, topic, topology.From{})
	if err != nil {
		p.t.Fatal(err)
	}
	defer reader.Close()
	err = reader.ReadToEnd(patient(p.t), func(r topology.Record) error { all = append(all, r); return nil })
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

// await reads a topic from its start until a record is what the test waits
// for.
func (p *plane) await(topic topology.Topic, done func(topology.Record) bool) {
	p.t.Helper()
	reader, err := topology.NewReader(patient(p.t), p.c, topic, topology.From{})
	if err != nil {
		p.t.Fatal(err)
	}
	defer reader.Close()
	for {
		records, err := reader.Poll(patient(p.t))
		if err != nil {
			p.t.Fatalf("waiting for a record of %s: %v", topic, err)
		}
		if slices.ContainsFunc(records, done) {
			return
		}
	}
}

// history returns the changes in ttp.rule.history that can be decoded.
func (p *plane) history() (changes []*schemas.RuleHistory) {
	p.t.Helper()
	for _, record := range p.records(topology.RuleHistory) {
		if change, err := schemas.Decode[schemas.RuleHistory](record.Value); err == nil {
			changes = append(changes, change)
		}
	}
	return changes
}

// refusals returns what ttp.rule.status says of refused publications, by key;
// what was taken back is nil.
func (p *plane) refusals() map[string]*schemas.RuleStatus {
	p.t.Helper()
	refused := map[string]*schemas.RuleStatus{}
	for _, record := range p.records(topology.RuleStatus) {
		key, ok := strings.CutPrefix(record.Key, registrarInstance+"/")
		if !ok {
			continue
		}
		refused[key] = nil
		if record.Value == nil {
			continue
		}
		status, err := schemas.Decode[schemas.RuleStatus](record.Value)
		if err != nil {
			p.t.Fatalf("a status that nobody can read: %v", err)
		}
		refused[key] = status
	}
	return refused
}

// finds returns the rules in force that find something in a line.
func finds(set *rules.Set, line string) string {
	ev := &match.Event{SourceKind: schemas.KindCommand}
	ev.Base.Add("command", line)
	var ids []string
	for _, finding := range set.Judge(ev, new(rules.Scratch)) {
		if finding.Suppressed == "" {
			ids = append(ids, fmt.Sprintf("%s/%d", finding.Rule.ID, finding.Rule.Version))
		}
	}
	return strings.Join(ids, " ")
}
