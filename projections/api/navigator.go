package api

import (
	"context"
	"fmt"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/navigator"
	"github.com/ttpstream/ttpstream/projections/printable"
)

// Scope says of what an export is: of everything unless one is named.
type Scope struct {
	Attacker string `query:"attacker" format:"uuid" pattern:"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" doc:"Of this attacker only."`
	Session  string `query:"session" minLength:"1" maxLength:"1024" pattern:"^[^\\x00]+$" doc:"Of this session only. attacker is then ignored."`
}

type navigatorQuestion struct {
	Scope
	Conditional
	Floored
}

// scoped returns the techniques of a scope and what to call it.
func (s *Server) scoped(ctx context.Context, in Scope, floor float64) (name string, rows []projections.TechniqueRollup, err error) {
	switch {
	case in.Session != "":
		rows, err = s.o.Ledger.SessionTechniques(ctx, in.Session, floor)
		return "session " + printable.Text(in.Session, ""), rows, err
	case in.Attacker != "":
		id, err := parseID("query.attacker", in.Attacker)
		if err != nil {
			return "", nil, err
		}
		rows, err = s.o.Ledger.AttackerTechniques(ctx, id, floor)
		return "attacker " + id.String(), rows, err
	}
	rows, err = s.o.Ledger.Techniques(ctx, floor)
	return "all attackers", rows, err
}

func (s *Server) navigator(ctx context.Context, in *navigatorQuestion) (*navigator.Layer, string, error) {
	name, rows, err := s.scoped(ctx, in.Scope, in.MinConfidence)
	if err != nil {
		return nil, "", err
	}
	description := fmt.Sprintf("tags of at least %v confidence", in.MinConfidence)
	return navigator.NewLayer("ttpstream: "+name, description, s.catalogue, mapped(rows, scoreOf)), "", nil
}

func scoreOf(t projections.TechniqueRollup) navigator.Score {
	id := t.TechniqueID
	if t.SubTechniqueID != "" {
		id = t.SubTechniqueID
	}
	metadata := []navigator.Metadata{
		{Name: "tags", Value: fmt.Sprint(t.Tags)}, {Name: "combined confidence", Value: fmt.Sprintf("%.2f", t.CombinedConfidence)},
	}
	if t.Sensors > 0 {
		metadata = append(metadata, navigator.Metadata{Name: "sensors", Value: fmt.Sprint(t.Sensors)})
	}
	return navigator.Score{
		Tactic: t.Tactic, Technique: id, Confidence: t.MaxConfidence, Comment: fmt.Sprintf("%d tags", t.Tags),
		FirstSeen: t.FirstSeen, LastSeen: t.LastSeen, Metadata: metadata,
	}
}
