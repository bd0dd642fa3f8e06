package processors

import (
	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// CanaryTagger returns the processor that judges a hit on a planted token.
//
//	canary.triggered ─► ttp.candidate, ttp.rule.applied, ttp.rule.suppressed, ttp.deadletter
func CanaryTagger(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	lift := func(msg any, out *match.Event) { facts.LiftCanary(msg.(*schemas.CanaryEvent), out) }
	return newTagger(env, topology.CanaryTaggerGroup, topology.CanaryTriggered, schemas.CanaryCodec{}, lift).processor(options)
}
