package api

import (
	"context"
	"net/url"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

var taggedTopic = topology.Tagged.Name

// Filter says which tags are asked for: those that fit all that is given.
type Filter struct {
	Attacker  string `query:"attacker" format:"uuid" pattern:"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" doc:"Tags of this attacker."`
	Session   string `query:"session" minLength:"1" maxLength:"1024" pattern:"^[^\\x00]+$" doc:"Tags of this session."`
	Technique string `query:"technique" pattern:"^T[0-9]{4}([.][0-9]{3})?$" doc:"Tags of this technique, its sub-techniques with it, or sub-technique."`
	Rule      string `query:"rule" maxLength:"128" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]*$" doc:"Tags of this rule."`
}

// addTo adds the filter to the parameters of an address.
func (f *Filter) addTo(query url.Values) {
	for name, value := range map[string]string{"attacker": f.Attacker, "session": f.Session, "technique": f.Technique, "rule": f.Rule} {
		if value != "" {
			query.Set(name, value)
		}
	}
}

// attacker returns the attacker that is asked for, if one is.
func (f *Filter) attacker() (id uuid.UUID, err error) {
	if f.Attacker != "" {
		id, err = parseID("query.attacker", f.Attacker)
	}
	return id, err
}

// query returns the ledger's question: the most selective part of the filter
// that it has an index for. What [Filter.fits] leaves out of the answer is the
// rest.
func (f *Filter) query(attacker uuid.UUID) projections.TagQuery {
	switch {
	case f.Session != "":
		return projections.TagQuery{Session: f.Session}
	case f.Attacker != "":
		return projections.TagQuery{Attacker: attacker, Technique: f.Technique}
	case f.Rule != "":
		return projections.TagQuery{Rule: f.Rule}
	}
	return projections.TagQuery{Technique: f.Technique}
}

func (f *Filter) fits(t *projections.TagRow, attacker uuid.UUID) bool {
	return (f.Attacker == "" || t.AttackerUUID == attacker && attacker != uuid.Nil) &&
		(f.Session == "" || t.SessionID == projections.ShortID(f.Session)) &&
		(f.Technique == "" || t.TechniqueID == f.Technique || t.SubTechniqueID == f.Technique) &&
		(f.Rule == "" || t.RuleID == f.Rule)
}

type tagsQuestion struct {
	Filter
	Floored
	Paged
	Order string `query:"order" enum:"newest,oldest" default:"newest" doc:"What comes first, by the time of the event."`
}

// maxScans is how many pages of the ledger one answer may take: what fits a
// filter may be few and far between.
const maxScans = 10

func (s *Server) tags(ctx context.Context, in *tagsQuestion) ([]Tag, string, error) {
	attacker, err := in.Filter.attacker()
	if err != nil {
		return nil, "", err
	}
	if in.Attacker != "" && attacker == uuid.Nil { // nobody; to a ledger it means anybody
		return []Tag{}, "", nil
	}
	path, query := Prefix+"/tags", in.Floored.query()
	in.addTo(query)
	query.Set("order", in.Order)
	question := questionOf(path, query)
	q := in.Filter.query(attacker)
	q.OldestFirst = in.Order == "oldest"
	if q.PageQuery, err = in.page(&in.Floored, question); err != nil {
		return nil, "", err
	}
	list := s.o.Ledger.Tags
	if in.Filter == (Filter{}) {
		list = s.allTags
	}
	found := []Tag{}
	for range maxScans {
		page, err := list(ctx, q)
		if err != nil {
			return nil, "", err
		}
		for _, row := range page.Items {
			if in.fits(row, attacker) {
				found = append(found, s.tag(row))
			}
		}
		if q.After = page.Next; len(found) > 0 || page.Next == "" {
			break
		}
	}
	return found, in.next(path, query, question, q.After), nil
}

// OfTag names a tag in the path.
type OfTag struct {
	Tag string `path:"tag" format:"uuid" pattern:"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" doc:"The tag's uuid."`
}

type tagQuestion struct{ OfTag }

func (s *Server) oneTag(ctx context.Context, in *tagQuestion) (TagDetail, string, error) {
	id, err := parseID("path.tag", in.Tag)
	if err != nil {
		return TagDetail{}, "", err
	}
	detail, err := s.o.Ledger.Tag(ctx, id)
	if err != nil {
		return TagDetail{}, "", err
	}
	return s.tagDetail(detail), "", nil
}
