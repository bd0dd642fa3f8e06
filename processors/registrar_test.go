package processors

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// Compaction leaves the last text of a key, whatever it is worth. The history
// knows better.
func TestTheLastGoodVersionSurvivesCompactionAndRestart(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		first := p.registrar()
		broken := topology.Message{Topic: topology.Rules, Key: "R1", Value: []byte("rule_id: R1\nrule_version: 2\nmatch: {")}
		offset := p.publish(ruleMessage("R1", 1, "one"), broken)
		p.decided(topology.Rules, offset, first)
		first.stop()

		topologytest.DropBefore(t, c, topology.Rules, offset)
		topologytest.ForgetGroup(t, c, topology.RegistrarGroup)
		if left := p.records(topology.Rules); len(left) != 1 || left[0].Offset != offset {
			t.Fatalf("the inbox still holds %v", left)
		}
		second := p.registrar()
		p.decided(topology.Rules, offset, second)
		if got := finds(p.follower("f").Load(), "one"); got != "R1/1" {
			t.Errorf("in force after the restart: %q", got)
		}
		p.decided(topology.Rules, p.publish(ruleMessage("R1", 1, "other")), second)
		status := p.refusals()["R1"]
		if status == nil || !strings.Contains(status.Problems[0].Message, "version 1 was published with other content") {
			t.Errorf("the restarted registrar has forgotten the good version: %+v", status)
		}
		if status != nil && (status.Problems[0].Line != 2 || status.InboxTopic != "ttp.rules" || status.InboxOffset != offset+1) {
			t.Errorf("the refusal does not say where: %+v", status)
		}
	})
}

func TestARemovedRulesNumberStaysTakenAfterARestart(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		first := p.registrar()
		p.decided(topology.Rules, p.publish(ruleMessage("R1", 3, "one"), null(topology.Rules, "R1"), ruleMessage("R1", 3, "other")), first)
		first.stop()
		second, follower := p.registrar(), p.follower("f")
		p.decided(topology.Rules, p.publish(ruleMessage("R1", 3, "another")), second)
		if got := finds(follower.Load(), "one other another"); got != "" {
			t.Errorf("in force: %q", got)
		}
		p.decided(topology.Rules, p.publish(ruleMessage("R1", 3, "one")), second)
		follower.reach(t, second.Revision())
		if got := finds(follower.Load(), "one other another"); got != "R1/3" {
			t.Errorf("with the same content again in force: %q", got)
		}
		if got := changes(p.history()); got != "rule R1, removal R1, rule R1" {
			t.Errorf("history: %s", got)
		}
	})
}

// changes spells a history.
func changes(history []*schemas.RuleHistory) string {
	var words []string
	for _, change := range history {
		words = append(words, change.Change+" "+change.Key)
	}
	return strings.Join(words, ", ")
}

// Three registrars run, one is active; whoever it is, the state is reverted
// once.
func TestAStateExpiresOnceWithThreeRegistrars(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		registrars := []*running{p.registrar(), p.registrar(), p.registrar()}
		follower := p.follower("f")
		p.decided(topology.Rules, p.publish(ruleMessage("R1", 1, "one")), registrars...)
		active := p.decided(topology.RuleState, p.publish(stateMessage("R1", "disabled", `,"expires_at":"2026-04-14T13:00:00Z"`)), registrars...)
		follower.reach(t, 1)
		if got := finds(follower.Load(), "one"); got != "" {
			t.Errorf("disabled, and yet %q", got)
		}
		p.clock.set(noon.Add(time.Hour))
		follower.reach(t, 2)
		if got := finds(follower.Load(), "one"); got != "R1/1" {
			t.Errorf("after it expired in force: %q", got)
		}
		// The turn passes on, twice, and each looks at the clock.
		for version := 2; len(registrars) > 1; version++ {
			active.stop()
			registrars = slices.DeleteFunc(registrars, func(r *running) bool { return r == active })
			active = p.decided(topology.Rules, p.publish(ruleMessage("R1", version, "one")), registrars...)
		}
		p.decided(topology.Rules, p.publish(ruleMessage("R2", 1, "two")), active)
		if got := changes(p.history()); got != "rule R1, state R1, expiry R1, rule R1, rule R1, rule R2" {
			t.Errorf("history: %s", got)
		}
	})
}

func TestAStateThatExpiredWhileNobodyRanIsRevertedAtStart(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		first := p.registrar()
		p.decided(topology.Rules, p.publish(ruleMessage("R1", 1, "one")), first)
		p.decided(topology.RuleState, p.publish(stateMessage("R1", "disabled", `,"expires_at":"2026-04-14T13:00:00Z"`)), first)
		first.stop()
		p.clock.set(noon.Add(24 * time.Hour))
		late := p.publish(stateMessage("R1", "disabled", `,"expires_at":"2026-04-14T14:00:00Z"`))
		second, follower := p.registrar(), p.follower("f")
		p.decided(topology.RuleState, late, second)
		follower.reach(t, 2)
		if got := changes(p.history()); got != "rule R1, state R1, expiry R1" || finds(follower.Load(), "one") != "R1/1" {
			t.Errorf("history: %s", got)
		}
		if status := p.refusals()["R1"]; status == nil || status.Problems[0].Message != "expires_at 2026-04-14T14:00:00Z is past" {
			t.Errorf("a state that had expired on arrival: %+v", status)
		}
	})
}

// A transaction's marker takes an offset that no reader ever sees. Whoever
// waits for the end of a topic, or counts offsets, meets it.
func TestForeignTransactionsDoNoHarm(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		topologytest.Transact(t, c, false, ruleMessage("R1", 1, "aborted"))
		topologytest.Transact(t, c, true, ruleMessage("R1", 1, "committed"), ruleMessage("R2", 1, "committed"))
		topologytest.Transact(t, c, false, ruleMessage("R3", 1, "aborted"))
		r := p.registrar()
		p.decided(topology.Rules, p.publish(ruleMessage("R4", 1, "plain")), r)
		topologytest.Transact(t, c, false, ruleMessage("R5", 1, "aborted"), null(topology.Rules, "R1"))
		topologytest.Transact(t, c, true, ruleMessage("R6", 1, "committed"))
		follower := p.follower("f")
		follower.reach(t, 3)
		if got := finds(follower.Load(), "aborted committed plain"); got != "R1/1 R2/1 R4/1 R6/1" {
			t.Errorf("in force: %s", got)
		}
		r.stop()
		if got := r.failures(); got != "" {
			t.Errorf("the registrar stumbled: %s", got)
		}
	})
}

func TestRetractionsReachEveryPartition(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		r := p.registrar()
		p.decided(topology.Rules, p.publish(ruleMessage("R1", 1, "one")), r)
		p.decided(topology.Retractions, p.publish(retraction("rule/R1/version=1", `"target":"rule","rule_id":"R1","version":1`)), r)
		want := map[string]int{}
		for partition := range topologytest.Partitions {
			want[fmt.Sprintf("%d rule/R1/version=1 sequence 1", partition)] = 1
		}
		if diff := cmp.Diff(want, p.copies()); diff != "" {
			t.Errorf("on ttp.tagged (-want +got):\n%s", diff)
		}
	})
}

func retraction(key, fields string) topology.Message {
	value := fmt.Appendf(nil, `{%s,"set_at":"2026-04-14T12:00:00Z"}`, fields)
	return topology.Message{Topic: topology.Retractions, Key: key, Value: value}
}

// copies counts the retractions on ttp.tagged by partition, key and sequence.
func (p *plane) copies() map[string]int {
	p.t.Helper()
	copies := map[string]int{}
	for _, record := range p.records(topology.Tagged) {
		copied, err := schemas.Decode[schemas.Retraction](record.Value)
		if err != nil {
			p.t.Fatal(err)
		}
		copies[fmt.Sprintf("%d %s sequence %d", record.Partition, record.Key, copied.Sequence)]++
	}
	return copies
}

// What was refused stays on ttp.rule.status until the key is put right, or
// removed, and no longer.
func TestARefusalGoesWhenItsKeyIsPutRight(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		r := p.registrar()
		bad := func(key string) topology.Message {
			return topology.Message{Topic: topology.Rules, Key: key, Value: []byte("rule_id: " + key)}
		}
		p.publish(bad("mended"), bad("removed"), bad("stands"), bad("relapsed"))
		p.publish(ruleMessage("mended", 1, "x"), null(topology.Rules, "removed"), ruleMessage("relapsed", 1, "x"))
		p.decided(topology.Rules, p.publish(bad("relapsed")), r)
		got := map[string]bool{}
		for key, status := range p.refusals() {
			got[key] = status != nil
		}
		want := map[string]bool{"mended": false, "removed": false, "stands": true, "relapsed": true}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
	})
}

// When the turn comes back, somebody else has worked in between: what he left
// is read before anything is decided.
func TestANewTurnBeginsWithTheHistory(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		r := NewRegistrar(c, p.producer, RegistrarOptions{Now: p.clock.now})
		turn := func(n int64) {
			t.Helper()
			if _, err := r.work(patient(t), nil, topology.Batch{Active: true, Turn: n}); err != nil {
				t.Fatal(err)
			}
		}
		turn(1)
		p.publish(ruleMessage("R1", 1, "one"))
		p.admitByHand(ruleMessage("R1", 1, "one"))
		if turn(1); r.Revision() != -1 {
			t.Errorf("the same turn read the history again, to revision %d", r.Revision())
		}
		if turn(2); r.Revision() != 0 {
			t.Errorf("the next turn stands at revision %d", r.Revision())
		}
	})
}
