package processors

import (
	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// BehaviourTagger returns the processor that judges a verdict about behaviour.
//
//	attacker.behaviour ─► ttp.candidate, ttp.rule.applied, ttp.rule.suppressed, ttp.deadletter
func BehaviourTagger(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	lift := func(msg any, out *match.Event) { facts.LiftBehaviour(msg.(*schemas.BehaviourEvent), out) }
	return newTagger(env, topology.BehaviourTaggerGroup, topology.AttackerBehaviour, schemas.BehaviourCodec{}, lift).processor(options)
}
