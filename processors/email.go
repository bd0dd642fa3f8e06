package processors

import (
	"github.com/lovoo/goka"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// EmailTagger returns the processor that judges a message: as a whole, by its
// headers, by its body, and each attachment.
//
//	email.received ─► ttp.candidate, ttp.rule.applied, ttp.rule.suppressed, ttp.deadletter
func EmailTagger(env Env, options ...goka.ProcessorOption) (*goka.Processor, error) {
	lift := func(msg any, out *match.Event) { facts.LiftEmail(msg.(*schemas.EmailEvent), out) }
	t := newTagger(env, topology.EmailTaggerGroup, topology.EmailReceived, schemas.EmailCodec{}, lift)
	t.parts = emailParts
	return t.processor(options)
}

// emailParts returns the parts of a message that rules speak of by themselves.
// An attachment's source id adds its hash; of equal attachments the first is
// judged.
func emailParts(fact schemas.Eventer) []subject {
	e := fact.(*schemas.EmailEvent)
	parts := []subject{
		{fact: e, kind: schemas.KindEmailHeader, sourceID: schemas.SourceID(e), lift: func(out *match.Event) { facts.LiftEmailHeader(e, out) }},
		{fact: e, kind: schemas.KindEmailBody, sourceID: schemas.SourceID(e), lift: func(out *match.Event) { facts.LiftEmailBody(e, out) }},
	}
	seen := map[string]bool{}
	for i := range e.Attachments {
		a := &e.Attachments[i]
		if seen[a.SHA256] {
			continue
		}
		seen[a.SHA256] = true
		parts = append(parts, subject{
			fact: e, kind: schemas.KindEmailAttachment, sourceID: schemas.SourceID(e) + "/" + a.SHA256, part: a,
			lift: func(out *match.Event) { facts.LiftEmailAttachment(e, a, out) },
		})
	}
	return parts
}
