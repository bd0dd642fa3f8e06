package processors

import (
	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// CommandTagger returns the processor that judges a shell line.
//
//	attacker.command ─► ttp.candidate, ttp.rule.applied, ttp.rule.suppressed, ttp.deadletter
func CommandTagger(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	lift := func(msg any, out *match.Event) { facts.LiftCommand(msg.(*schemas.CommandEvent), out) }
	return newTagger(env, topology.CommandTaggerGroup, topology.AttackerCommand, schemas.CommandCodec{}, lift).processor(options)
}
