package api

import (
	"context"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/projections"
)

// A ledger lists the tags of something, not all there are: no index is in the
// order of time alone. Whoever asks for all gets them technique by technique,
// by id, and within each in the order that was asked for. The cursor is the
// technique and the ledger's cursor in it.

// allTags returns the page behind a cursor.
func (s *Server) allTags(ctx context.Context, q projections.TagQuery) (projections.Page[*projections.TagRow], error) {
	page := projections.Page[*projections.TagRow]{Items: []*projections.TagRow{}}
	at, inner, _ := strings.Cut(string(q.After), " ")
	rows, err := s.o.Ledger.Techniques(ctx, q.Floor)
	if err != nil {
		return page, err
	}
	ids := mapped(rows, func(t projections.TechniqueRollup) string { return t.TechniqueID })
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id < at })
	if len(ids) == 0 {
		return page, nil
	}
	if ids[0] == at {
		q.After = projections.Cursor(inner)
	} else {
		q.After = ""
	}
	q.Technique = ids[0]
	if page, err = s.o.Ledger.Tags(ctx, q); err != nil {
		return page, err
	}
	switch {
	case page.Next != "":
		page.Next = projections.Cursor(ids[0] + " " + string(page.Next))
	case len(ids) > 1:
		page.Next = projections.Cursor(ids[1] + " ")
	}
	return page, nil
}
