package processors

import (
	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// SessionTagger returns the processor that judges what a connection did.
//
//	attacker.session ─► ttp.candidate, ttp.rule.applied, ttp.rule.suppressed, ttp.deadletter
func SessionTagger(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	lift := func(msg any, out *match.Event) { facts.LiftSession(msg.(*schemas.SessionEvent), out) }
	return newTagger(env, topology.SessionTaggerGroup, topology.AttackerSession, schemas.SessionCodec{}, lift).processor(options)
}
