package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// Retractions publishes what is taken back, or given again.
type Retractions interface {
	// Retract returns once the broker has the retraction, and only then nil.
	// What may work later is [ErrUnavailable].
	Retract(ctx context.Context, r *schemas.Retraction) error
}

// NewRetractions returns a Retractions that publishes to ttp.retractions.
func NewRetractions(p *topology.Producer) Retractions { return producedRetractions{p} }

type producedRetractions struct{ producer *topology.Producer }

// Retract publishes the record.
func (p producedRetractions) Retract(ctx context.Context, r *schemas.Retraction) error {
	raw, err := schemas.EncodeJSON(r)
	if err != nil {
		return err
	}
	return publish(ctx, p.producer, topology.Retractions, r.Key(), raw)
}

// Retract is what an operator takes back of a tag or an attacker.
type Retract struct {
	Restore bool   `json:"restore,omitempty" doc:"Give again what was taken back. What a purge has deleted it does not bring back."`
	Reason  string `json:"reason" minLength:"1" maxLength:"4096" doc:"Why; kept with the retraction."`
}

// RetractRule is what an operator takes back of a rule: all its tags unless
// versions or times are given.
type RetractRule struct {
	Retract
	Version Whole     `json:"version,omitempty" minimum:"1" maximum:"9007199254740991" doc:"Tags of this version only."`
	Below   Whole     `json:"below,omitempty" minimum:"1" maximum:"9007199254740991" doc:"Tags of lower versions only. Not with version."`
	From    time.Time `json:"from,omitzero" doc:"Tags of events from then on only."`
	To      time.Time `json:"to,omitzero" doc:"Tags of events before then only."`
}

// TransformSchema says in the contract what goes with what.
func (RetractRule) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	both := &huma.Schema{Type: huma.TypeObject, Required: []string{"version", "below"},
		Properties: map[string]*huma.Schema{"version": s.Properties["version"], "below": s.Properties["below"]}}
	both.PrecomputeMessages()
	s.Not = both
	return s
}

// Retracted is the retraction that the broker has.
type Retracted struct {
	Key    string    `json:"key" doc:"Its target. A later word on the same target takes its place."`
	Reason string    `json:"reason"`
	SetBy  string    `json:"set_by"`
	SetAt  time.Time `json:"set_at"`
}

type retractTagQuestion struct {
	OfTag
	Body Retract
}

func (s *Server) retractTag(ctx context.Context, in *retractTagQuestion) (prepared[Retracted], error) {
	id, err := parseID("path.tag", in.Tag)
	if err != nil {
		return prepared[Retracted]{}, err
	}
	return s.retract(ctx, schemas.Retraction{Target: schemas.TargetTag, ID: id}, in.Body)
}

type purgeQuestion struct {
	OfAttacker
	Body Retract
}

func (s *Server) purgeAttacker(ctx context.Context, in *purgeQuestion) (prepared[Retracted], error) {
	id, err := parseID("path.attacker", in.Attacker)
	if err != nil {
		return prepared[Retracted]{}, err
	}
	return s.retract(ctx, schemas.Retraction{Target: schemas.TargetAttacker, ID: id}, in.Body)
}

type retractRuleQuestion struct {
	OfRule
	Body RetractRule
}

func (s *Server) retractRule(ctx context.Context, in *retractRuleQuestion) (prepared[Retracted], error) {
	b := in.Body
	r := schemas.Retraction{Target: schemas.TargetRule, RuleID: in.Rule, Version: int64(b.Version), Below: int64(b.Below)}
	if !b.From.IsZero() {
		r.From = b.From.UTC()
	}
	if !b.To.IsZero() {
		r.To = b.To.UTC()
	}
	return s.retract(ctx, r, b.Retract)
}

// retract completes a retraction. What the record refuses and the contract
// cannot say, such as an empty range of time, is a conflict.
func (s *Server) retract(ctx context.Context, r schemas.Retraction, why Retract) (p prepared[Retracted], err error) {
	r.Restore, r.Reason, r.SetBy, r.SetAt = why.Restore, why.Reason, who(ctx), s.o.Now().UTC()
	if err := r.Validate(); err != nil {
		return p, problem(http.StatusConflict, err.Error())
	}
	if s.o.Retractions == nil {
		return p, errNoKafka
	}
	answer := Retracted{r.Key(), r.Reason, r.SetBy, r.SetAt}
	return prepared[Retracted]{target: answer.Key, why: r.Reason, change: map[string]bool{"restore": r.Restore}, commit: func(ctx context.Context) (Retracted, error) {
		return answer, s.o.Retractions.Retract(ctx, &r)
	}}, nil
}
