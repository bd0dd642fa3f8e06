package processors

import (
	"strconv"
	"sync"

	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// tagger is the thin shell around [judge]: one goka group that reads one fact
// topic and writes candidates.
type tagger struct {
	env   Env
	group topology.Group
	input topology.Topic
	codec goka.Codec
	lift  func(msg any, out *match.Event)
	// parts returns the parts of a fact that are judged beside it. Nil: none.
	parts   func(fact schemas.Eventer) []subject
	markers *markers
	scratch sync.Pool // of *workspace
}

// workspace is what judging one event needs, reused from event to event.
type workspace struct {
	event   match.Event
	scratch rules.Scratch
}

func newTagger(env Env, group topology.Group, input topology.Topic, codec goka.Codec, lift func(msg any, out *match.Event)) *tagger {
	t := &tagger{env: env, group: group, input: input, codec: codec, lift: lift, markers: newMarkers(env)}
	t.scratch.New = func() any { return new(workspace) }
	return t
}

// processor is the tagger's graph.
func (t *tagger) processor(extra []goka.ProcessorOption) (*goka.Processor, error) {
	graph := goka.DefineGroup(t.env.Cluster.Group(t.group),
		goka.Input(t.env.stream(t.input), t.codec, t.process),
		goka.Output(t.env.stream(topology.Candidate), candidateCodec{}),
		goka.Output(t.env.stream(topology.RuleApplied), schemas.AppliedCodec{}),
		goka.Output(t.env.stream(topology.RuleSuppressed), schemas.SuppressedCodec{}),
		goka.Output(t.env.stream(topology.DeadLetter), schemas.DeadLetterCodec{}),
	)
	extra = append([]goka.ProcessorOption{goka.WithRebalanceCallback(t.markers.forget)}, extra...)
	return t.env.processor(t.group, graph, extra)
}

func (t *tagger) process(ctx goka.Context, msg any) {
	set := t.env.Rules.Load()
	t.markers.mark(ctx, set.Revision())
	if bad, ok := msg.(*schemas.Malformed); ok {
		t.env.refuse(ctx, schemas.StageDecode, "not_a_fact", bad.Err.Error(), bad.Raw)
		return
	}
	fact := msg.(schemas.Eventer)
	if ctx.Key() != fact.Event().AttackerUUID.String() {
		t.env.refuse(ctx, schemas.StageDecode, "foreign_key", "key: not the attacker's uuid; facts enter through ingest, which keys them", t.encoded(fact))
		return
	}
	work := t.scratch.Get().(*workspace)
	defer t.scratch.Put(work)
	j := judge(set, whole(fact, t.lift), work)
	if t.parts != nil {
		for _, part := range t.parts(fact) {
			j.join(judge(set, part, work))
		}
	}
	t.emit(ctx, set.Revision(), j)
}

// encoded returns the fact's bytes for a dead letter.
func (t *tagger) encoded(fact schemas.Eventer) []byte {
	raw, err := t.codec.Encode(fact)
	if err != nil {
		return nil // it was decoded, so it can be encoded
	}
	return raw
}

// emit writes what judge said.
func (t *tagger) emit(ctx goka.Context, revision int64, j judgement) {
	defer func() { t.env.Metrics.judged(len(j.candidates), len(j.suppressed)) }()
	if j.nothing() {
		return
	}
	headers := goka.Headers{
		schemas.HeaderSource:   t.env.sourceOf(ctx),
		schemas.HeaderRevision: strconv.AppendInt(nil, revision, 10),
		schemas.HeaderOrigin:   []byte(schemas.OriginLive),
	}
	sizes := make([]topology.Header, 0, len(headers))
	for name, value := range headers {
		sizes = append(sizes, topology.Header{Key: name, Value: value})
	}
	for _, c := range j.candidates {
		if t.env.Cluster.CheckSize(topology.Candidate, c.tag.UUID.String(), c.raw, sizes...) != nil {
			j.suppressed = append(j.suppressed, tooLarge(c.tag))
			continue
		}
		ctx.Emit(t.env.stream(topology.Candidate), c.tag.UUID.String(), c.raw, goka.WithCtxEmitHeaders(headers))
	}
	for _, s := range j.suppressed {
		ctx.Emit(t.env.stream(topology.RuleSuppressed), s.RuleID, s)
	}
	for _, f := range j.failures {
		t.env.refuseRule(ctx, schemas.StageEvaluate, f.reason, f.detail, f.ruleID, nil)
	}
}

func tooLarge(tag *schemas.Tag) *schemas.Suppressed {
	return &schemas.Suppressed{
		RuleID: tag.RuleID, RuleVersion: tag.RuleVersion, TechniqueID: tag.TechniqueID, SubTechniqueID: tag.SubTechniqueID,
		SourceKind: tag.SourceKind, SourceID: tag.SourceID, AttackerUUID: tag.AttackerUUID,
		Reason: schemas.SuppressedSize, Confidence: tag.Confidence, EventTime: tag.CreatedAt,
	}
}
