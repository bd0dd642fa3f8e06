package processors

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// crashAt makes a registrar die where it has done a step of its n-th batch
// with records, and not what comes after it.
func crashAt(step string, n int) func(*Registrar) {
	return func(r *Registrar) {
		r.step = func(done string) error {
			if done != step {
				return nil
			}
			if n--; n > 0 {
				return nil
			}
			return errCrash
		}
	}
}

// Wherever a registrar dies, its successor does the rest: each publication is
// in the history once, refusals are said, retractions are copied.
func TestASuccessorFinishesWhatACrashLeft(t *testing.T) {
	for _, step := range []string{"announced", "appended", "spread", "cleared"} {
		t.Run(step, func(t *testing.T) {
			topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
				p := newPlane(t, c)
				p.publish(retraction("rule/R1/below=2", `"target":"rule","rule_id":"R1","below":2`))
				batch := []topology.Message{{Topic: topology.Rules, Key: "bad", Value: []byte("rule_id: bad")}}
				for i := range 10 {
					batch = append(batch, ruleMessage(fmt.Sprintf("R%d", i), 1, "one"))
				}
				last := p.publish(batch...)
				dies := p.registrar(crashAt(step, 1))
				<-dies.stopped
				before := len(p.history())
				successor, follower := p.registrar(), p.follower("f")
				p.decided(topology.Rules, last, successor)
				p.decided(topology.Retractions, 0, successor)
				follower.reach(t, 10)

				admitted := map[string]int{}
				for _, change := range p.history() {
					admitted[fmt.Sprintf("%s/%d", change.InboxTopic, change.InboxOffset)]++
				}
				for where, n := range admitted {
					if n != 1 {
						t.Errorf("%s is in the history %d times", where, n)
					}
				}
				if len(admitted) != 11 || p.refusals()["bad"] == nil {
					t.Errorf("%d publications admitted, refused %v", len(admitted), p.refusals())
				}
				if copies := p.copies(); len(copies) != topologytest.Partitions {
					t.Errorf("copies of the retraction: %v", copies)
				}
				t.Logf("crash after %q with %d of 11 records in the history", step, before)
			})
		})
	}
}

// A crash between two records of a batch: some are in the history, none is
// committed.
func TestASuccessorAdmitsTheRestOfABatch(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		var batch []topology.Message
		for i := range 10 {
			batch = append(batch, ruleMessage(fmt.Sprintf("R%d", i), 1, "one"))
		}
		last := p.publish(batch...)
		p.admitByHand(batch[:4]...)
		r, follower := p.registrar(), p.follower("f")
		p.decided(topology.Rules, last, r)
		follower.reach(t, 9)
		if n := len(p.history()); n != 10 || follower.Load().Len() != 10 {
			t.Errorf("%d records in the history, %d rules in force", n, follower.Load().Len())
		}
	})
}

// admitByHand writes to the history what a registrar would write that reads
// these publications from offset 0 on, and returns the last revision.
func (p *plane) admitByHand(publications ...topology.Message) int64 {
	p.t.Helper()
	fold := rules.NewFold(rules.Options{})
	var messages []topology.Message
	for i, m := range publications {
		admission := fold.Admit(rules.Publication{Topic: m.Topic.Name, Offset: int64(i), Key: m.Key, Value: m.Value}, noon)
		if admission.Record == nil {
			p.t.Fatalf("not admitted: %+v", admission)
		}
		fold.Apply(int64(i), admission.Record)
		raw, err := schemas.EncodeJSON(admission.Record)
		if err != nil {
			p.t.Fatal(err)
		}
		messages = append(messages, topology.Message{Topic: topology.RuleHistory, Key: m.Key, Value: raw})
	}
	return p.publish(messages...)
}

// A retraction that was admitted, but not copied before the crash, is copied
// by the successor under the sequence that it was admitted with.
func TestARetractionIsCopiedAgainOnRedelivery(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		p.decided(topology.Rules, p.publish(ruleMessage("R1", 1, "one")), p.registrar(crashAt("spread", 2)))
		p.publish(retraction("rule/R1", `"target":"rule","rule_id":"R1"`))
		second := p.registrar(crashAt("appended", 1))
		<-second.stopped
		p.decided(topology.Retractions, 0, p.registrar())
		for where, n := range p.copies() {
			if !strings.HasSuffix(where, " rule/R1 sequence 1") || n > 2 {
				t.Errorf("%d copies: %s", n, where)
			}
		}
		if got := changes(p.history()); len(p.copies()) != topologytest.Partitions || got != "rule R1, retraction rule/R1" {
			t.Errorf("history: %s; copies: %v", got, p.copies())
		}
	})
}

// Whatever else is written to the history, by a registrar that has lost its
// turn or by somebody who took it for another topic: the registrar finds out
// when it writes the next time, starts again from what is there, and goes on.
func TestAnotherWriterOfTheHistoryMakesTheRegistrarStartAgain(t *testing.T) {
	garbage := topology.Message{Topic: topology.RuleHistory, Key: "R1", Value: []byte(ruleText("R1", 9, "garbage"))}
	writers := map[string]func(p *plane){
		"a zombie":       func(p *plane) { p.admitByHand(ruleMessage("R1", 1, "one"), ruleMessage("R2", 1, "one")) },
		"a console":      func(p *plane) { p.publish(garbage) },
		"a null":         func(p *plane) { p.publish(null(topology.RuleHistory, "R1")) },
		"a transaction":  func(p *plane) { topologytest.Transact(p.t, p.c, true, garbage) },
		"an aborted one": func(p *plane) { topologytest.Transact(p.t, p.c, false, garbage) },
		"a zombie that is fast": func(p *plane) {
			p.admitByHand(ruleMessage("R1", 1, "one"), ruleMessage("R2", 1, "one"), ruleMessage("R3", 1, "one"))
		},
	}
	for name, write := range writers {
		t.Run(name, func(t *testing.T) {
			topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
				p := newPlane(t, c)
				r := p.registrar()
				p.decided(topology.Rules, p.publish(ruleMessage("R1", 1, "one"), ruleMessage("R2", 1, "one")), r)
				write(p)
				p.decided(topology.Rules, p.publish(ruleMessage("R3", 1, "one"), ruleMessage("bad", 0, "x")), r)
				p.decided(topology.Rules, p.publish(ruleMessage("R4", 1, "one")), r)
				follower := p.follower("f")
				follower.reach(t, r.Revision())
				if got := finds(follower.Load(), "one garbage"); got != "R1/1 R2/1 R3/1 R4/1" {
					t.Errorf("in force: %s", got)
				}
				if p.refusals()["bad"] == nil {
					t.Errorf("the refusal was not said")
				}
				r.stop()
				if got := r.failures(); strings.Count(got, "\n") > 0 || !strings.Contains(got, "ttp.rule.history has another writer") {
					t.Errorf("it should have noticed, once: %q", got)
				}
			})
		})
	}
}

// An older registrar must not go on from a history that it understands in
// part. Processors keep what they can read.
func TestAnOlderRegistrarDoesNotGoOn(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		p.admitByHand(ruleMessage("R1", 1, "one"))
		future := topology.Message{Topic: topology.RuleHistory, Key: "R1", Value: []byte(
			`{"change":"quarantine","key":"R1","inbox_topic":"ttp.rules","inbox_offset":1,"admitted_at":"2026-04-14T12:00:00Z"}`)}
		p.publish(future)
		err := NewRegistrar(c, p.producer, RegistrarOptions{}).Run(patient(t))
		if err == nil || !strings.Contains(err.Error(), "ttp.rule.history/0/1: a registrar of a newer version wrote it; upgrade this one") {
			t.Errorf("it ended with %v", err)
		}
		if got := finds(p.follower("f").Load(), "one"); got != "R1/1" {
			t.Errorf("in force: %q", got)
		}
	})
}

// An inbox that was made anew begins at offset 0 again: without a word, every
// publication would pass for a redelivery.
func TestAnInboxMadeAnewIsNoticed(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		p.admitByHand(ruleMessage("R1", 1, "one"), ruleMessage("R2", 1, "one"))
		p.publish(ruleMessage("R3", 1, "one"))
		err := NewRegistrar(c, p.producer, RegistrarOptions{}).Run(patient(t))
		if err == nil || !strings.Contains(err.Error(), "ttp.rules ends at offset 1, but offset 1 of it was admitted: the topic was made anew") {
			t.Errorf("it ended with %v", err)
		}
	})
}

// Run ends in good order when it is told to, also when nothing has come yet.
func TestTheRegistrarEndsWhenToldTo(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c)
		ctx, cancel := context.WithCancel(patient(t))
		done := make(chan error, 1)
		go func() { done <- NewRegistrar(c, p.producer, RegistrarOptions{}).Run(ctx) }()
		cancel()
		select {
		case err := <-done:
			if diff := cmp.Diff(nil, err); diff != "" {
				t.Error(diff)
			}
		case <-time.After(patience):
			t.Error("it does not end")
		}
	})
}
