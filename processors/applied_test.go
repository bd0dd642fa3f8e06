package processors

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// taggerTopics are the topics that a tagger reads and writes.
var taggerTopics = []topology.Topic{
	topology.AttackerCommand, topology.Candidate, topology.RuleApplied, topology.RuleSuppressed, topology.DeadLetter,
}

// line runs a line until the test ends, or it is stopped, and returns when it
// judges by the rules at the end of the history.
func (p *plane) line(instance string, roles ...string) (l *Line, stop func()) {
	p.t.Helper()
	l, err := NewLine(Env{Cluster: p.c, Storage: topology.MemoryStorage(), Watch: topology.NewWatch(), Logger: topologytest.Logger(p.t)},
		LineOptions{Roles: roles, Instance: instance, Registrar: RegistrarOptions{Now: p.clock.now}})
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	started, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- l.Run(ctx, func(context.Context) error { close(started); return nil }) }()
	stopped := atomic.Bool{}
	stop = func() {
		if cancel(); stopped.CompareAndSwap(false, true) {
			if err := <-done; err != nil {
				p.t.Errorf("line %s: %v", instance, err)
			}
		}
	}
	p.t.Cleanup(stop)
	select {
	case <-started:
	case <-patient(p.t).Done():
		p.t.Fatalf("line %s does not start", instance)
	}
	return l, stop
}

// flow publishes commands from many attackers until it is stopped, and then
// says where each partition ends.
func (p *plane) flow() (stop func() map[int32]int64) {
	ctx, cancel := context.WithCancel(patient(p.t))
	done := make(chan map[int32]int64)
	go func() {
		ends := map[int32]int64{}
		for n := 0; ctx.Err() == nil; n++ {
			written, err := p.producer.ProduceSync(context.Background(), commands(n, 8)...)
			if err != nil {
				p.t.Error(err)
				break
			}
			for _, record := range written {
				ends[record.Partition] = record.Offset + 1
			}
		}
		done <- ends
	}()
	return func() map[int32]int64 { cancel(); return <-done }
}

// commands returns the n-th batch of events, each of another attacker.
func commands(n, count int) []topology.Message {
	var messages []topology.Message
	for i := range count {
		event := schematest.Command(func(e *schemas.CommandEvent) {
			e.AttackerUUID = schematest.Attacker(fmt.Sprintf("198.51.100.%d", (n*count+i)%251))
			e.Command = fmt.Sprintf("echo one %d", n*count+i)
		})
		raw, err := schemas.EncodeJSON(event)
		if err != nil {
			panic(err)
		}
		messages = append(messages, topology.Message{Topic: topology.AttackerCommand, Key: event.AttackerUUID.String(), Value: raw})
	}
	return messages
}

// said is what a candidate says of who judged its event.
type said struct {
	partition        int32
	offset, revision int64
	version          int64
}

// candidates waits until every event before ends has been judged, and returns
// all candidates.
func (p *plane) candidates(ends map[int32]int64) (all []said) {
	p.t.Helper()
	missing := map[string]bool{}
	for partition, end := range ends {
		for offset := range end {
			missing[fmt.Sprintf("%s/%d/%d", topology.AttackerCommand, partition, offset)] = true
		}
	}
	events := len(missing)
	p.await(topology.Candidate, func(record topology.Record) bool {
		tag, err := schemas.Decode[schemas.Tag](record.Value)
		if err != nil {
			p.t.Fatal(err)
		}
		source := string(record.Header(schemas.HeaderSource))
		s := said{version: tag.RuleVersion}
		if _, err := fmt.Sscanf(strings.ReplaceAll(source, "/", " "), "attacker.command %d %d", &s.partition, &s.offset); err != nil {
			p.t.Fatalf("source %q: %v", source, err)
		}
		if s.revision, err = strconv.ParseInt(string(record.Header(schemas.HeaderRevision)), 10, 64); err != nil {
			p.t.Fatal(err)
		}
		all = append(all, s)
		delete(missing, source)
		return len(missing) == 0
	})
	p.t.Logf("%d events, %d candidates", events, len(all))
	return all
}

// markers returns what ttp.rule.applied says, by partition, in order.
func (p *plane) markers() map[int32][]*schemas.AppliedMarker {
	p.t.Helper()
	markers := map[int32][]*schemas.AppliedMarker{}
	for _, record := range p.records(topology.RuleApplied) {
		m, err := schemas.Decode[schemas.AppliedMarker](record.Value)
		if err != nil {
			p.t.Fatal(err)
		}
		if want := fmt.Sprintf("%s/%s/%d", topology.CommandTaggerGroup.Name, topology.AttackerCommand, m.Partition); record.Key != want {
			p.t.Errorf("a marker under %q, want %q", record.Key, want)
		}
		markers[m.Partition] = append(markers[m.Partition], m)
	}
	return markers
}

// lies says how a judgement under a revision agrees with the markers of its
// partition: "under" the one in force at the offset, "before" it, but where
// that one's reader allows for it, or not at all.
func lies(markers []*schemas.AppliedMarker, s said) string {
	how := "under"
	for _, m := range slices.Backward(markers) {
		switch {
		case m.Offset > s.offset:
			continue
		case m.Revision == s.revision:
			return how
		case s.offset >= m.HighWatermark:
			return "nowhere"
		}
		how = "before"
	}
	return "nowhere"
}

// checkMarkers holds every candidate to the markers and returns how they lie.
func (p *plane) checkMarkers(all []said) map[string]int {
	p.t.Helper()
	markers := p.markers()
	count := map[string]int{}
	revisions := map[int64]bool{}
	for _, s := range all {
		how := lies(markers[s.partition], s)
		count[how]++
		revisions[s.revision] = true
		if how == "nowhere" {
			p.t.Errorf("event %d/%d was judged under revision %d, and no marker says so", s.partition, s.offset, s.revision)
		}
		if s.version != s.revision+1 { // each revision of these tests is the next version of the one rule
			p.t.Errorf("event %d/%d: revision %d, but version %d of the rule", s.partition, s.offset, s.revision, s.version)
		}
	}
	p.t.Logf("candidates lie %v; %d revisions judged, %d markers", count, len(revisions), len(slices.Concat(markers[0], markers[1], markers[2], markers[3])))
	return count
}

const lastVersion = 50

// Rules change fifty times while events flow: which rules judged an event is
// in the log, for every event.
func TestEveryJudgedEventLiesUnderAMarker(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c, taggerTopics...)
		p.publish(ruleMessage("R1", 1, "one"))
		p.admitByHand(ruleMessage("R1", 1, "one"))
		l, _ := p.line("a", RoleRegistrar, "command-tagger")
		stop := p.flow()
		p.changeRules(l, 2, lastVersion)
		count := p.checkMarkers(p.candidates(stop()))
		if count["before"] > 0 {
			t.Errorf("%d events lie under an earlier marker, and nothing has crashed", count["before"])
		}
	})
}

// changeRules publishes versions of the rule, each when the one before is in
// force.
func (p *plane) changeRules(l *Line, from, to int) {
	p.t.Helper()
	for version := from; version <= to; version++ {
		p.publish(ruleMessage("R1", version, "one"))
		if err := l.Follower.Wait(patient(p.t), int64(version-1)); err != nil {
			p.t.Fatalf("version %d is not in force: %v", version, err)
		}
	}
}

// The same while a second instance joins and the first one leaves.
func TestMarkersHoldThroughRebalances(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c, taggerTopics...)
		p.publish(ruleMessage("R1", 1, "one"))
		p.admitByHand(ruleMessage("R1", 1, "one"))
		_ = p.registrar()
		a, stopA := p.line("a", "command-tagger")
		stop := p.flow()
		p.changeRules(a, 2, 15)
		b, _ := p.line("b", "command-tagger")
		if err := b.Env.Watch.Until(patient(t), func() bool { return p.owns(b) }); err != nil {
			t.Fatalf("the second instance gets no partition: %v", err)
		}
		p.changeRules(b, 16, 35)
		stopA()
		p.changeRules(b, 36, lastVersion)
		p.checkMarkers(p.candidates(stop()))
	})
}

// owns says whether an instance has finished an event of any partition.
func (p *plane) owns(l *Line) bool {
	for partition := range int32(topologytest.Partitions) {
		if l.Env.Watch.Finished(string(p.c.Group(topology.CommandTaggerGroup)), p.c.Topic(topology.AttackerCommand), partition) >= 0 {
			return true
		}
	}
	return false
}

// A tagger that never sees a rule marks its events too: none is judged by
// none.
func TestEventsWithoutRulesLieUnderTheEmptySet(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c, taggerTopics...)
		garbage := topology.Message{Topic: topology.AttackerCommand, Key: "k", Value: []byte("no fact")}
		p.publish(garbage)
		l, stop := p.line("a", "command-tagger")
		p.await(topology.DeadLetter, func(topology.Record) bool { return true })
		p.publish(commands(0, 4)...)
		admin := topologytest.Admin(t, c)
		ends, err := admin.Ends(patient(t), topology.AttackerCommand)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Env.Watch.Wait(patient(t), string(c.Group(topology.CommandTaggerGroup)), c.Topic(topology.AttackerCommand), ends); err != nil {
			t.Fatal(err)
		}
		stop()
		markers := p.markers()
		for partition, end := range ends {
			if end == 0 {
				continue
			}
			if m := markers[partition]; len(m) != 1 || m[0].Revision != -1 || m[0].Offset != 0 || m[0].HighWatermark < 1 {
				t.Errorf("partition %d with %d events: %+v", partition, end, m)
			}
		}
	})
}
