package processors

import (
	"context"
	"errors"
	"testing"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// tagger runs a command tagger that judges by one revision for ever: version
// revision+1 of the rule. It returns when it has partitions.
func (p *plane) tagger(revision int64) (stop func()) {
	p.t.Helper()
	unit, problems := rules.Parse("R1", []byte(ruleText("R1", int(revision)+1, "one")), rules.Options{})
	if unit == nil {
		p.t.Fatal(problems)
	}
	set, _ := rules.NewSet([]*rules.Unit{unit}, nil, revision)
	holder := new(rules.Holder)
	holder.Swap(set)
	l := &Line{Env: Env{Cluster: p.c, Storage: topology.MemoryStorage(), Rules: holder, Watch: topology.NewWatch(), Logger: topologytest.Logger(p.t)}}
	processor, err := CommandTagger(l.Env)
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- processor.Run(ctx) }()
	stop = func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			p.t.Errorf("the tagger of revision %d: %v", revision, err)
		}
		done <- nil
	}
	p.t.Cleanup(stop)
	if err := l.Env.Watch.Until(patient(p.t), func() bool { return p.owns(l) }); err != nil {
		p.t.Fatalf("the tagger of revision %d gets no partition: %v", revision, err)
	}
	return stop
}

// A partition goes to an owner that is behind with the rules, and comes back:
// the first owner marks again, although it has marked this revision before.
func TestAPartitionThatComesBackIsMarkedAgain(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		p := newPlane(t, c, taggerTopics...)
		ends := map[int32]int64{}
		judged := func(batch int) []said {
			written, err := p.producer.ProduceSync(patient(t), commands(batch, 80)...)
			if err != nil {
				t.Fatal(err)
			}
			for _, record := range written {
				ends[record.Partition] = record.Offset + 1
			}
			return p.candidates(ends)
		}
		p.tagger(5)
		judged(0)
		stopBehind := p.tagger(3)
		judged(1)
		stopBehind()
		p.checkMarkers(judged(2))
		back := 0
		for partition, markers := range p.markers() {
			var revisions []int64
			for _, m := range markers {
				revisions = append(revisions, m.Revision)
			}
			if n := len(revisions); n >= 3 && revisions[0] == 5 && revisions[n-2] == 3 && revisions[n-1] == 5 {
				back++
			}
			t.Logf("partition %d: revisions %v", partition, revisions)
		}
		if back == 0 {
			t.Error("no partition went and came back")
		}
	})
}
