package processors

import (
	"errors"

	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// candidate is a record of a candidate topic: its bytes as they are and the
// tag in them. The gate passes the bytes on untouched.
type candidate struct {
	raw []byte
	tag *schemas.Tag
	// err says why raw is no tag.
	err error
}

// candidateCodec decodes candidates and passes their bytes on. It never fails
// to decode.
type candidateCodec struct{}

func (candidateCodec) Encode(value any) ([]byte, error) {
	switch v := value.(type) {
	case []byte:
		return v, nil
	case *schemas.Tag:
		return schemas.EncodeJSON(v)
	}
	return nil, errors.New("candidate: neither a tag nor its bytes")
}

func (candidateCodec) Decode(raw []byte) (any, error) {
	tag, err := schemas.Decode[schemas.Tag](raw)
	return candidate{raw: raw, tag: tag, err: err}, nil
}

// verdict is what the gate does with a candidate.
type verdict int

const (
	// pass: new, or the one that was let through, delivered again.
	pass verdict = iota
	// repeat: the tag is out already. Dropped.
	repeat
	// differs: the tag is out already, with other bytes. The first wins.
	differs
)

// decide is the gate: known is what the table holds for the tag, or nil.
func decide(known *gateEntry, now gateEntry) verdict {
	switch {
	case known == nil || known.passedAt(now):
		return pass
	case known.hash == now.hash:
		return repeat
	default:
		return differs
	}
}

// gate lets a tag through once. See the package documentation.
type gate struct {
	env    Env
	inputs map[goka.Stream]uint8
}

func (g *gate) process(ctx goka.Context, msg any) {
	c := msg.(candidate)
	if c.err == nil && ctx.Key() != c.tag.UUID.String() {
		c.err = errors.New("key: not the tag's uuid; another partition's gate may hold it")
	}
	if c.err != nil {
		g.env.refuse(ctx, schemas.StageDecode, "not_a_candidate", c.err.Error(), c.raw)
		return
	}
	now := gateEntry{
		hash: contentHash(c.raw), topic: g.inputs[ctx.Topic()],
		partition: ctx.Partition(), offset: ctx.Offset(),
	}
	var known *gateEntry
	if value, ok := ctx.Value().(gateEntry); ok {
		known = &value
	}
	verdict := decide(known, now)
	g.env.Metrics.gate(verdict)
	if verdict != pass {
		return
	}
	// Both again on redelivery: after a crash either may be missing.
	ctx.SetValue(now)
	ctx.Emit(g.env.stream(topology.Tagged), c.tag.Anchor().String(), c.raw,
		goka.WithCtxEmitHeaders(passedOn(ctx.Headers())))
	if g.env.Unannounced {
		return
	}
	ctx.Emit(g.env.stream(topology.RuleFired), c.tag.TechniqueID, schemas.NewFired(c.tag))
}

// passedOn returns those of a candidate's headers that go with the tag.
func passedOn(headers goka.Headers) goka.Headers {
	kept := goka.Headers{}
	for _, name := range []string{schemas.HeaderSource, schemas.HeaderRevision, schemas.HeaderOrigin, schemas.HeaderRunID, schemas.HeaderTrace} {
		if value, ok := headers[name]; ok {
			kept[name] = value
		}
	}
	return kept
}

// Gate returns the processor that lets each tag through once.
func Gate(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	g := &gate{env: env, inputs: map[goka.Stream]uint8{
		env.stream(topology.Candidate): 0, env.stream(topology.CandidateRun): 1,
	}}
	graph := goka.DefineGroup(env.Cluster.Group(topology.GateGroup),
		goka.Input(env.stream(topology.Candidate), candidateCodec{}, g.process),
		goka.Input(env.stream(topology.CandidateRun), candidateCodec{}, g.process),
		goka.Persist(gateCodec{}),
		goka.Output(env.stream(topology.Tagged), candidateCodec{}),
		goka.Output(env.stream(topology.RuleFired), schemas.FiredCodec{}),
		goka.Output(env.stream(topology.DeadLetter), schemas.DeadLetterCodec{}),
	)
	return env.processor(topology.GateGroup, graph, options)
}
