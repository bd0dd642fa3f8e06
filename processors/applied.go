package processors

import (
	"fmt"
	"sync"

	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// markers says which rules judged which events: it writes to ttp.rule.applied
// in the callback of the first event that a partition's owner judges under a
// revision. The event's commit waits for the marker like for any other emit,
// so no event is committed that no marker covers.
type markers struct {
	env  Env
	mu   sync.Mutex
	last map[int32]int64 // partition -> revision marked last
}

func newMarkers(env Env) *markers { return &markers{env: env, last: map[int32]int64{}} }

// forget is called at every assignment: another owner may have judged under
// another revision in between.
func (m *markers) forget(goka.Assignment) {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.last)
}

// mark writes a marker if revision is not the one that this owner of the
// partition marked last.
func (m *markers) mark(ctx goka.Context, revision int64) {
	partition := ctx.Partition()
	m.mu.Lock()
	last, known := m.last[partition]
	m.last[partition] = revision
	m.mu.Unlock()
	if known && last == revision {
		return
	}
	marker := &schemas.AppliedMarker{
		Group: m.env.Cluster.Plain(string(ctx.Group())), Topic: m.env.Cluster.Plain(string(ctx.Topic())),
		Partition: partition, Offset: ctx.Offset(), Revision: revision,
		HighWatermark: max(m.env.Watch.HighWatermark(string(ctx.Group()), string(ctx.Topic()), partition), ctx.Offset()+1),
	}
	key := fmt.Sprintf("%s/%s/%d", marker.Group, marker.Topic, partition)
	ctx.Emit(m.env.stream(topology.RuleApplied), key, marker)
}
