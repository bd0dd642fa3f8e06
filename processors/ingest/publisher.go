package ingest

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// publisher turns facts and refusals into messages and counts them.
type publisher struct {
	sink      Sink
	hashKey   []byte
	onRefused func(*schemas.DeadLetter)

	mu     sync.Mutex
	report Report
}

// place is where a line stands.
type place struct {
	file string
	line int64
}

func (p place) header() topology.Header {
	return topology.Header{Key: schemas.HeaderSource, Value: []byte(p.file + ":" + strconv.FormatInt(p.line, 10))}
}

// facts publishes what a line became. A line of which one fact is too large
// is refused as a whole.
func (p *publisher) facts(ctx context.Context, at place, l *line, facts []Fact) error {
	messages := make([]topology.Message, 0, 1)
	for _, fact := range facts {
		hashPassword(fact, p.hashKey)
		m, err := factMessage(at, fact)
		if err != nil {
			return err
		}
		if err := p.sink.CheckSize(m); err != nil {
			return p.refuse(ctx, at, l, refuse(ReasonRecordTooLarge, err.Error()))
		}
		messages = append(messages, m)
	}
	for _, m := range messages {
		if err := p.sink.Publish(ctx, m); err != nil {
			return fmt.Errorf("%s:%d: %w", at.file, at.line, err)
		}
	}
	p.count(func(r *Report) {
		r.Published++
		for _, m := range messages {
			r.Topics[m.Topic.Name]++
		}
	})
	return nil
}

func factMessage(at place, fact Fact) (topology.Message, error) {
	topic, err := topicOf(fact)
	if err != nil {
		return topology.Message{}, err
	}
	value, err := schemas.EncodeJSON(fact)
	if err != nil {
		return topology.Message{}, fmt.Errorf("%s:%d: %w", at.file, at.line, err)
	}
	return topology.Message{
		Topic: topic, Key: fact.Event().AttackerUUID.String(), Value: value, Headers: []topology.Header{at.header()},
	}, nil
}

// topicOf says where a fact goes. Errors: a type that no topic takes, which
// is a bug of its source.
func topicOf(fact Fact) (topology.Topic, error) {
	switch fact.(type) {
	case *schemas.CommandEvent:
		return topology.AttackerCommand, nil
	case *schemas.AuthEvent:
		return topology.AttackerAuth, nil
	case *schemas.SessionEvent:
		return topology.AttackerSession, nil
	case *schemas.TransferEvent:
		return topology.AttackerTransfer, nil
	case *schemas.HTTPEvent:
		return topology.AttackerHTTP, nil
	case *schemas.IntelEvent:
		return topology.AttackerIntel, nil
	case *schemas.EmailEvent:
		return topology.EmailReceived, nil
	case *schemas.CanaryEvent:
		return topology.CanaryTriggered, nil
	case *schemas.BehaviourEvent:
		return topology.AttackerBehaviour, nil
	}
	return topology.Topic{}, fmt.Errorf("no topic takes a %T", fact)
}

// refuse publishes a dead letter in place of a line.
func (p *publisher) refuse(ctx context.Context, at place, l *line, why *Refusal) error {
	letter := &schemas.DeadLetter{
		Stage: schemas.StageIngest, Reason: why.Reason, Detail: clip(why.Detail, schemas.MaxShortText),
		File: at.file, Line: at.line,
	}
	letter.SetPayload(l.text)
	letter.Payload = bytes.Clone(letter.Payload) // the line's text is the reader's
	letter.Size, letter.Truncated = l.size, l.size > int64(len(letter.Payload))
	if len(p.hashKey) > 0 || l.message { // no password and no mail may leave as it was
		letter.Payload, letter.Truncated = nil, l.size > 0
	}
	m, err := p.letterMessage(at, letter)
	if err != nil {
		return err
	}
	if err := p.sink.Publish(ctx, m); err != nil {
		return fmt.Errorf("%s:%d: %w", at.file, at.line, err)
	}
	p.count(func(r *Report) { r.Refused++; r.Reasons[why.Reason]++ })
	if p.onRefused != nil {
		p.onRefused(letter)
	}
	return nil
}

// letterMessage keeps as much of the payload as the topic takes.
func (p *publisher) letterMessage(at place, letter *schemas.DeadLetter) (topology.Message, error) {
	for {
		if err := letter.Validate(); err != nil {
			return topology.Message{}, fmt.Errorf("dead letter of %s:%d: %w", at.file, at.line, err)
		}
		value, err := schemas.EncodeJSON(letter)
		if err != nil {
			return topology.Message{}, fmt.Errorf("dead letter of %s:%d: %w", at.file, at.line, err)
		}
		m := topology.Message{Topic: topology.DeadLetter, Key: letter.Key(), Value: value, Headers: []topology.Header{at.header()}}
		err = p.sink.CheckSize(m)
		if err == nil {
			return m, nil
		}
		if len(letter.Payload) == 0 {
			return topology.Message{}, fmt.Errorf("dead letter of %s:%d: %w", at.file, at.line, err)
		}
		letter.Payload, letter.Truncated = letter.Payload[:len(letter.Payload)/2], true
	}
}

func (p *publisher) count(add func(*Report)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	add(&p.report)
}
