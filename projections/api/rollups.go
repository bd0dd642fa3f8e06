package api

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/ttpstream/ttpstream/projections"
)

// confidenceOf spells a floor in an address.
func (f *Floored) query() url.Values {
	return url.Values{"min_confidence": {fmt.Sprint(f.MinConfidence)}}
}

type techniquesQuestion struct {
	Conditional
	Floored
}

func (s *Server) techniques(ctx context.Context, in *techniquesQuestion) ([]Technique, string, error) {
	rows, err := s.o.Ledger.Techniques(ctx, in.MinConfidence)
	return mapped(rows, s.technique), "", err
}

type techniqueQuestion struct {
	OfTechnique
	Conditional
	Floored
}

// oneTechnique returns a technique under each of its tactics, with its
// sub-techniques.
func (s *Server) oneTechnique(ctx context.Context, in *techniqueQuestion) ([]Technique, string, error) {
	rows, err := s.o.Ledger.Techniques(ctx, in.MinConfidence)
	found := []Technique{}
	for _, row := range rows {
		if row.TechniqueID == in.Technique || row.SubTechniqueID == in.Technique {
			found = append(found, s.technique(row))
		}
	}
	return found, "", err
}

type groupsQuestion struct {
	OfTechnique
	Conditional
}

func (s *Server) groups(_ context.Context, in *groupsQuestion) ([]Group, string, error) {
	return mapped(s.catalogue.Groups(in.Technique), groupOf), "", nil
}

type attackersQuestion struct {
	Conditional
	Floored
	Paged
}

func (s *Server) attackers(ctx context.Context, in *attackersQuestion) ([]Attacker, string, error) {
	path, query := Prefix+"/by-attacker", in.query()
	question := questionOf(path, query)
	q, err := in.page(&in.Floored, question)
	if err != nil {
		return nil, "", err
	}
	page, err := s.o.Ledger.Attackers(ctx, q)
	return mapped(page.Items, attackerOf), in.next(path, query, question, page.Next), err
}

type attackerQuestion struct {
	OfAttacker
	Conditional
	Floored
}

func (s *Server) attacker(ctx context.Context, in *attackerQuestion) ([]Technique, string, error) {
	id, err := parseID("path.attacker", in.Attacker)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.o.Ledger.AttackerTechniques(ctx, id, in.MinConfidence)
	return mapped(rows, s.technique), "", err
}

type sessionQuestion struct {
	OfSession
	Conditional
	Floored
}

func (s *Server) sessionTechniques(ctx context.Context, in *sessionQuestion) ([]Technique, string, error) {
	rows, err := s.o.Ledger.SessionTechniques(ctx, in.Session, in.MinConfidence)
	return mapped(rows, s.technique), "", err
}

type timelineQuestion struct {
	OfSession
	Conditional
	Floored
	Paged
}

// timeline returns a session's tags in the order in which things happened.
func (s *Server) timeline(ctx context.Context, in *timelineQuestion) ([]Tag, string, error) {
	path, query := Prefix+"/by-session/"+url.PathEscape(in.Session), in.query()
	question := questionOf(path, query)
	q, err := in.page(&in.Floored, question)
	if err != nil {
		return nil, "", err
	}
	page, err := s.o.Ledger.Tags(ctx, projections.TagQuery{PageQuery: q, Session: in.Session, OldestFirst: true})
	return mapped(page.Items, s.tag), in.next(path, query, question, page.Next), err
}

type daysQuestion struct {
	Conditional
	Floored
	To   string `query:"to" format:"date" doc:"The last day, in UTC. Defaults to today."`
	Days int    `query:"days" default:"30" minimum:"1" maximum:"400" doc:"How many days, the last one included."`
}

func (s *Server) days(ctx context.Context, in *daysQuestion) ([]Day, string, error) {
	last := s.o.Now().UTC()
	if in.To != "" {
		var err error
		if last, err = time.Parse(time.DateOnly, in.To); err != nil {
			return nil, "", invalid("query.to", "not a day")
		}
	}
	first := last.AddDate(0, 0, 1-in.Days)
	if first.Year() < 0 { // no day is spelt so, and nothing was before
		first = time.Time{}
	}
	rows, err := s.o.Ledger.Days(ctx, first.Format(time.DateOnly), last.Format(time.DateOnly), in.MinConfidence)
	return mapped(rows, s.day), "", err
}

type byRuleQuestion struct {
	Conditional
	Floored
	Paged
}

func (s *Server) byRule(ctx context.Context, in *byRuleQuestion) ([]RuleHits, string, error) {
	page, link, err := s.rulePage(ctx, "/by-rule", &in.Floored, &in.Paged)
	return mapped(page.Items, ruleHits), link, err
}

type byOneRuleQuestion struct {
	OfRule
	Conditional
	Floored
}

// byOneRule returns what a rule found: nothing, when there is no such rule.
func (s *Server) byOneRule(ctx context.Context, in *byOneRuleQuestion) (RuleHits, string, error) {
	detail, err := s.o.Ledger.Rule(ctx, in.Rule, in.MinConfidence)
	if errors.Is(err, projections.ErrNotFound) {
		return RuleHits{RuleID: in.Rule}, "", nil
	}
	if err != nil {
		return RuleHits{}, "", err
	}
	return ruleHits(detail.RuleSummary), "", nil
}
