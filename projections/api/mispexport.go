package api

import (
	"context"

	"github.com/ttpstream/ttpstream/projections/api/misp"
)

type mispQuestion struct {
	Scope
	Conditional
	Floored
}

// misp returns an event. Evidence is in it when it is of an attacker or a
// session.
func (s *Server) misp(ctx context.Context, in *mispQuestion) (*misp.File, string, error) {
	name, rollups, err := s.scoped(ctx, in.Scope, in.MinConfidence)
	if err != nil {
		return nil, "", err
	}
	tags, err := s.newest(ctx, in.Scope, in.MinConfidence)
	if err != nil {
		return nil, "", err
	}
	return misp.NewFile(s.catalogue, name, rollups, tags), "", nil
}
