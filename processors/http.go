package processors

import (
	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// HTTPTagger returns the processor that judges an HTTP request.
//
//	attacker.http ─► ttp.candidate, ttp.rule.applied, ttp.rule.suppressed, ttp.deadletter
func HTTPTagger(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	lift := func(msg any, out *match.Event) { facts.LiftHTTP(msg.(*schemas.HTTPEvent), out) }
	return newTagger(env, topology.HTTPTaggerGroup, topology.AttackerHTTP, schemas.HTTPCodec{}, lift).processor(options)
}
