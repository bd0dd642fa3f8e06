package processors

import (
	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// AuthTagger returns the processor that judges a login attempt.
//
//	attacker.auth ─► ttp.candidate, ttp.rule.applied, ttp.rule.suppressed, ttp.deadletter
func AuthTagger(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	lift := func(msg any, out *match.Event) { facts.LiftAuth(msg.(*schemas.AuthEvent), out) }
	return newTagger(env, topology.AuthTaggerGroup, topology.AttackerAuth, schemas.AuthCodec{}, lift).processor(options)
}
