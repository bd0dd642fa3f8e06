package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// RuleStates publishes operators' words on rules.
type RuleStates interface {
	// SetState returns once the broker has the state, and only then nil. What
	// may work later is [ErrUnavailable].
	SetState(ctx context.Context, state *schemas.RuleState) error
	// ClearState is SetState of nothing: the rule is enabled.
	ClearState(ctx context.Context, ruleID string) error
}

// NewRuleStates returns a RuleStates that publishes to ttp.rule.state.
func NewRuleStates(p *topology.Producer) RuleStates { return producedStates{p} }

type producedStates struct{ producer *topology.Producer }

// SetState publishes the record.
func (p producedStates) SetState(ctx context.Context, state *schemas.RuleState) error {
	raw, err := schemas.EncodeJSON(state)
	if err != nil {
		return err
	}
	return p.publish(ctx, state.RuleID, raw)
}

// ClearState publishes a null.
func (p producedStates) ClearState(ctx context.Context, ruleID string) error {
	return p.publish(ctx, ruleID, nil)
}

func (p producedStates) publish(ctx context.Context, key string, value []byte) error {
	return publish(ctx, p.producer, topology.RuleState, key, value)
}

// publishPatience bounds the wait for an acknowledgement.
const publishPatience = 10 * time.Second

// publish returns when the broker has the record.
func publish(ctx context.Context, producer *topology.Producer, topic topology.Topic, key string, value []byte) error {
	ctx, cancel := context.WithTimeout(ctx, publishPatience)
	defer cancel()
	_, err := producer.ProduceSync(ctx, topology.Message{
		Topic: topic, Key: key, Value: value, Headers: []topology.Header{{Key: schemas.HeaderSource, Value: []byte("api")}},
	})
	if err != nil && !errors.Is(err, topology.ErrTooLarge) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// StateChange is what an operator says about a rule.
type StateChange struct {
	Mode          string    `json:"mode" enum:"enabled,disabled,clipped" doc:"disabled: it makes no tags. clipped: its tags claim at most confidence_max."`
	ConfidenceMax *float64  `json:"confidence_max,omitempty" minimum:"0" maximum:"1" doc:"Required for clipped, refused otherwise."`
	ExpiresAt     time.Time `json:"expires_at,omitzero" doc:"When the rule is enabled again by itself. In the future. Absent: never."`
	Reason        string    `json:"reason,omitempty" maxLength:"4096" doc:"Why; kept with the state."`
}

// TransformSchema says in the contract what goes with what.
func (StateChange) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	most := s.Properties["confidence_max"] // huma requires only properties that the same schema has
	with := func(names ...any) map[string]*huma.Schema {
		return map[string]*huma.Schema{"mode": {Type: huma.TypeString, Enum: names}, "confidence_max": most}
	}
	limited := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"confidence_max": most}, Required: []string{"confidence_max"}}
	s.OneOf = []*huma.Schema{
		{Type: huma.TypeObject, Properties: with(schemas.ModeClipped), Required: limited.Required},
		{Type: huma.TypeObject, Properties: with(schemas.ModeDisabled, schemas.ModeEnabled), Not: limited},
	}
	for _, sub := range append(s.OneOf, limited) {
		sub.PrecomputeMessages()
	}
	return s
}

// Acknowledged is the state that the broker has.
type Acknowledged struct {
	RuleID string    `json:"rule_id"`
	State  RuleState `json:"state"`
}

type setStateQuestion struct {
	OfRule
	Body StateChange `required:"true"`
}

// tooLate is the first year that no record may speak of.
const tooLate = 2100

// setState publishes a state. It may precede its rule, so an unknown rule is
// no error.
func (s *Server) setState(ctx context.Context, in *setStateQuestion) (p prepared[Acknowledged], err error) {
	now := s.o.Now().UTC()
	state := &schemas.RuleState{
		RuleID: in.Rule, Mode: in.Body.Mode, ConfidenceMax: in.Body.ConfidenceMax, ExpiresAt: in.Body.ExpiresAt,
		Reason: in.Body.Reason, SetBy: who(ctx), SetAt: now,
	}
	if !state.ExpiresAt.IsZero() {
		state.ExpiresAt = state.ExpiresAt.UTC()
	}
	if !state.ExpiresAt.IsZero() && (!state.ExpiresAt.After(now) || state.ExpiresAt.Year() >= tooLate) {
		return p, problem(http.StatusConflict, "expires_at: must be in the future, and before 2100")
	}
	if err := state.Validate(); err != nil {
		return p, invalid("body", err.Error())
	}
	if s.o.States == nil {
		return p, errNoKafka
	}
	answer := Acknowledged{in.Rule, stateOf(state)}
	return prepared[Acknowledged]{target: in.Rule, why: in.Body.Reason, change: answer.State, commit: func(ctx context.Context) (Acknowledged, error) {
		return answer, s.o.States.SetState(ctx, state)
	}}, nil
}

type clearStateQuestion struct {
	OfRule
	Reason string `query:"reason" minLength:"1" maxLength:"4096" doc:"Why; kept in the audit log."`
}

// clearState takes back what was said about a rule.
func (s *Server) clearState(_ context.Context, in *clearStateQuestion) (p prepared[Acknowledged], err error) {
	if s.o.States == nil {
		return p, errNoKafka
	}
	answer := Acknowledged{in.Rule, RuleState{Mode: schemas.ModeEnabled}}
	return prepared[Acknowledged]{target: in.Rule, why: in.Reason, change: answer.State, commit: func(ctx context.Context) (Acknowledged, error) {
		return answer, s.o.States.ClearState(ctx, in.Rule)
	}}, nil
}

// errNoKafka is the answer of what needs Kafka where there is none.
var errNoKafka = problem(http.StatusServiceUnavailable, "this server is not connected to Kafka")
