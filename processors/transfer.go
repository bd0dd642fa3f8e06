package processors

import (
	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// TransferTagger returns the processor that judges a file that came.
//
//	attacker.transfer ─► ttp.candidate, ttp.rule.applied, ttp.rule.suppressed, ttp.deadletter
func TransferTagger(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	lift := func(msg any, out *match.Event) { facts.LiftTransfer(msg.(*schemas.TransferEvent), out) }
	return newTagger(env, topology.TransferTaggerGroup, topology.AttackerTransfer, schemas.TransferCodec{}, lift).processor(options)
}
