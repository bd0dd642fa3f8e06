package main

import (
	"context"
	"time"

	"github.com/ttpstream/ttpstream/topology"
)

// trimEvery is how often a scan gives memory back. Between two trims at most
// what the line processes in that time piles up.
const trimEvery = 250 * time.Millisecond

// trim deletes what has been read from the topics in memory, again and again,
// until ctx ends. Without it a scan would hold its whole input.
func (e *engine) trim(ctx context.Context, readers ...*topicReader) error {
	tick := time.NewTicker(trimEvery)
	defer tick.Stop()
	trimmed := map[string]map[int32]int64{}
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		if err := e.trimOnce(ctx, trimmed, readers); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

func (e *engine) trimOnce(ctx context.Context, trimmed map[string]map[int32]int64, readers []*topicReader) error {
	done := map[topology.Topic]map[int32]int64{
		topology.Candidate: e.finished(topology.GateGroup, topology.Candidate),
	}
	for _, j := range judged {
		done[j.facts] = e.finished(j.group, j.facts)
	}
	for _, r := range readers {
		done[r.topic] = r.done()
	}
	// Nobody reads these in a scan.
	for _, topic := range []topology.Topic{topology.RuleFired, topology.RuleSuppressed, topology.GateGroup.Changelog()} {
		ends, err := e.admin.Ends(ctx, topic)
		if err != nil {
			return err
		}
		done[topic] = ends
	}
	for topic, before := range done {
		if err := e.trimTopic(ctx, trimmed, topic, before); err != nil {
			return err
		}
	}
	return nil
}

func (e *engine) trimTopic(ctx context.Context, trimmed map[string]map[int32]int64, topic topology.Topic, before map[int32]int64) error {
	last := trimmed[topic.Name]
	if last == nil {
		last = map[int32]int64{}
		trimmed[topic.Name] = last
	}
	news := map[int32]int64{}
	for partition, offset := range before {
		if offset > last[partition] {
			news[partition] = offset
		}
	}
	if len(news) == 0 {
		return nil
	}
	if err := e.admin.DeleteRecords(ctx, topic, news); err != nil {
		return err
	}
	for partition, offset := range news {
		last[partition] = offset
	}
	return nil
}
