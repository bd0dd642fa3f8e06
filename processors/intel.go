package processors

import (
	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// IntelTagger returns the processor that judges what a provider says of an address.
//
//	attacker.intel.enriched ─► ttp.candidate, ttp.rule.applied, ttp.rule.suppressed, ttp.deadletter
func IntelTagger(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	lift := func(msg any, out *match.Event) { facts.LiftIntel(msg.(*schemas.IntelEvent), out) }
	return newTagger(env, topology.IntelTaggerGroup, topology.AttackerIntel, schemas.IntelCodec{}, lift).processor(options)
}
