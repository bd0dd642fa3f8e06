package api

import (
	"context"

	"github.com/ttpstream/ttpstream/projections"
)

type rulesQuestion struct {
	Floored
	Paged
}

// rulePage asks for a page of rules on behalf of a path.
func (s *Server) rulePage(ctx context.Context, path string, f *Floored, p *Paged) (projections.Page[projections.RuleSummary], string, error) {
	path, query := Prefix+path, f.query()
	question := questionOf(path, query)
	q, err := p.page(f, question)
	if err != nil {
		return projections.Page[projections.RuleSummary]{}, "", err
	}
	page, err := s.o.Ledger.Rules(ctx, q)
	return page, p.next(path, query, question, page.Next), err
}

func (s *Server) rules(ctx context.Context, in *rulesQuestion) ([]Rule, string, error) {
	page, link, err := s.rulePage(ctx, "/rules", &in.Floored, &in.Paged)
	return mapped(page.Items, ruleOf), link, err
}

type ruleQuestion struct {
	OfRule
	Floored
}

func (s *Server) oneRule(ctx context.Context, in *ruleQuestion) (RuleDetail, string, error) {
	detail, err := s.o.Ledger.Rule(ctx, in.Rule, in.MinConfidence)
	if err != nil {
		return RuleDetail{}, "", err
	}
	return ruleDetail(detail), "", nil
}
