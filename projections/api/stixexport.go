package api

import (
	"context"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api/stix"
)

// maxObserved is of how many tags a bundle has what was observed: the newest.
const maxObserved = 500

type stixQuestion struct {
	Scope
	Conditional
	Floored
	TLP string `query:"tlp" enum:"white,green,amber,red" default:"amber" doc:"The marking of what is exported."`
}

// stix returns a bundle. Tags one by one are in it when it is of an attacker
// or a session.
func (s *Server) stix(ctx context.Context, in *stixQuestion) (*stix.Bundle, string, error) {
	name, rollups, err := s.scoped(ctx, in.Scope, in.MinConfidence)
	if err != nil {
		return nil, "", err
	}
	tags, err := s.newest(ctx, in.Scope, in.MinConfidence)
	if err != nil {
		return nil, "", err
	}
	return stix.New(s.catalogue, in.TLP).Bundle(name, rollups, tags), "", nil
}

// newest returns the newest tags of a scope, none of all there is.
func (s *Server) newest(ctx context.Context, in Scope, floor float64) ([]*projections.TagRow, error) {
	filter := Filter{Session: in.Session}
	if in.Session == "" {
		filter.Attacker = in.Attacker
	}
	attacker, err := filter.attacker()
	if err != nil || filter == (Filter{}) || filter.Attacker != "" && attacker == uuid.Nil {
		return nil, err
	}
	q := filter.query(attacker)
	q.Floor, q.Limit = floor, maxObserved
	page, err := s.o.Ledger.Tags(ctx, q)
	return page.Items, err
}
