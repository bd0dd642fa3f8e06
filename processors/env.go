package processors

import (
	"fmt"
	"log/slog"
	"slices"

	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// Env is what every processor of this room is given.
type Env struct {
	// Cluster says which Kafka, and how topics are named on it. Required.
	Cluster topology.Cluster
	// Storage keeps the tables of groups. Required for the gate.
	Storage topology.Storage
	// Rules holds the rule set in force. Required for taggers.
	Rules *rules.Holder
	// Unannounced leaves ttp.rule.fired out: for a process of its own topics,
	// where nobody listens to it.
	Unannounced bool
	// Watch is told what each group has finished, and knows the ends of
	// partitions. Nil: nobody wants to know, and a marker's high watermark is
	// its own event's.
	Watch *topology.Watch
	// Metrics counts. Nil: nobody wants to know.
	Metrics *Metrics
	// Logger takes what goes wrong without stopping. Nil: discarded.
	Logger *slog.Logger
}

func (e Env) stream(t topology.Topic) goka.Stream { return e.Cluster.Stream(t) }

func (e Env) log() *slog.Logger {
	if e.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return e.Logger
}

// processor makes a goka processor with the settings of the house. Options
// given last win.
func (e Env) processor(group topology.Group, graph *goka.GroupGraph, extra []goka.ProcessorOption) (*goka.Processor, error) {
	options, err := topology.ProcessorOptions(e.Cluster, e.Storage, e.Watch)
	if err != nil {
		return nil, fmt.Errorf("group %s: %w", group.Name, err)
	}
	processor, err := goka.NewProcessor(e.Cluster.Brokers, graph, slices.Concat(options, extra)...)
	if err != nil {
		return nil, fmt.Errorf("group %s: %w", group.Name, err)
	}
	return processor, nil
}

// refuse writes a dead letter for the message at hand.
func (e Env) refuse(ctx goka.Context, stage, reason, detail string, raw []byte) {
	e.refuseRule(ctx, stage, reason, detail, "", raw)
}

func (e Env) refuseRule(ctx goka.Context, stage, reason, detail, ruleID string, raw []byte) {
	letter := &schemas.DeadLetter{
		Stage: stage, Reason: reason, Detail: validText(detail), RuleID: ruleID,
		Group: e.Cluster.Plain(string(ctx.Group())), Topic: e.Cluster.Plain(string(ctx.Topic())),
		Partition: ctx.Partition(), Offset: ctx.Offset(),
	}
	letter.SetPayload(raw)
	e.Metrics.refused(reason)
	ctx.Emit(e.stream(topology.DeadLetter), letter.Key(), letter)
}

// sourceOf returns the coordinates of the message at hand, as they travel in
// [schemas.HeaderSource].
func (e Env) sourceOf(ctx goka.Context) []byte {
	return fmt.Appendf(nil, "%s/%d/%d", e.Cluster.Plain(string(ctx.Topic())), ctx.Partition(), ctx.Offset())
}
