package sqlstore

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
)

// Tags of a technique or an attacker stand in the index by confidence step,
// then by time. So a page is merged from the first tags of each step, which are
// known from the rollup: a floor that few tags reach costs nothing, where a
// search through all tags by time would.

// run is a part of an index that is in the order of time.
type run struct {
	where string
	args  []any
}

// Tags returns current tags: see [projections.LedgerReader].
func (s *Store) Tags(ctx context.Context, q projections.TagQuery) (projections.Page[*projections.TagRow], error) {
	none := projections.Page[*projections.TagRow]{Items: []*projections.TagRow{}}
	limit, at, more, err := readPage(q.PageQuery)
	if err != nil {
		return none, err
	}
	runs, err := s.runs(ctx, q)
	if err != nil {
		return none, err
	}
	order, beyond := "DESC", "<"
	if q.OldestFirst {
		order, beyond = "ASC", ">"
	}
	if !more {
		at = place{Time: math.MaxInt64, Row: math.MaxInt64}
		if q.OldestFirst {
			at = place{Time: math.MinInt64, Row: -1}
		}
	}
	var found []place
	for _, run := range runs {
		query := fmt.Sprintf("SELECT created_at, id FROM ttp_tag WHERE %s AND state = 0 AND created_at %s= ? AND (created_at %s ? OR id %s ?) ORDER BY created_at %s, id %s LIMIT ?",
			run.where, beyond, beyond, beyond, order, order)
		err := s.ask(ctx, query, append(run.args, at.Time, at.Time, at.Row, limit+1), func(r rowScanner) error {
			var p place
			err := r.Scan(&p.Time, &p.Row)
			found = append(found, p)
			return err
		})
		if err != nil {
			return none, err
		}
	}
	sortPlaces(found, q.OldestFirst)
	page := cut(found, limit, func(p place) place { return p })
	items, err := s.tagsAt(ctx, page.Items)
	return projections.Page[*projections.TagRow]{Items: items, Next: page.Next}, err
}

// runs returns the parts of an index that hold what is asked for.
func (s *Store) runs(ctx context.Context, q projections.TagQuery) ([]run, error) {
	step := projections.StepOf(q.Floor)
	asked := 0
	for _, by := range []bool{q.Attacker != uuid.Nil || q.Technique != "", q.Session != "", q.Rule != ""} {
		if by {
			asked++
		}
	}
	switch {
	case asked != 1:
		return nil, fmt.Errorf("%w: tags of one attacker, session, technique or rule", projections.ErrQuery)
	case q.Session != "":
		return []run{{"session_id = ? AND session_id <> '' AND confidence >= ?", []any{projections.ShortID(q.Session), step}}}, nil
	case q.Rule != "":
		return []run{{"rule_id = ? AND confidence >= ?", []any{q.Rule, step}}}, nil
	}
	t := rollupTables[projections.ByTechnique]
	where, args := "confidence >= ?", []any{step}
	var attacker []any
	if q.Attacker != uuid.Nil {
		t, attacker = rollupTables[projections.ByAttacker], []any{s.d.id(q.Attacker)}
		where, args = where+" AND attacker_uuid = ?", append(args, attacker...)
	}
	if parent, _, isSub := strings.Cut(q.Technique, "."); isSub {
		where, args = where+" AND technique_id = ? AND sub_technique_id = ?", append(args, parent, q.Technique)
	} else if q.Technique != "" {
		where, args = where+" AND technique_id = ?", append(args, q.Technique)
	}
	var runs []run
	err := s.ask(ctx, "SELECT "+strings.Join(techniqueKey, ", ")+" FROM "+t.name+" WHERE "+where+" LIMIT ?", append(args, maxAnswer), func(r rowScanner) error {
		var tactic, technique, sub string
		var step int
		err := r.Scan(&tactic, &technique, &sub, &step)
		runs = append(runs, run{equal(t.keys()...), append(slices.Clone(attacker), tactic, technique, sub, step)})
		return err
	})
	return runs, err
}

func sortPlaces(places []place, oldestFirst bool) {
	slices.SortFunc(places, func(a, b place) int {
		order := compare(a, b)
		if !oldestFirst {
			order = -order
		}
		return order
	})
}

// tagsAt returns the tags at the places, in their order. One that is gone
// meanwhile is left out.
func (s *Store) tagsAt(ctx context.Context, places []place) ([]*projections.TagRow, error) {
	rows := make(map[int64]*projections.TagRow, len(places))
	ids := make([]any, len(places))
	for i, p := range places {
		ids[i] = p.Row
	}
	err := inLists(s.d, ids, func(list string, args []any) error {
		return s.ask(ctx, "SELECT id, "+strings.Join(tagColumns, ", ")+" FROM ttp_tag WHERE id IN "+list, args, func(r rowScanner) error {
			t, err := scanTag(r)
			rows[t.Row] = t
			return err
		})
	})
	items := make([]*projections.TagRow, 0, len(places))
	for _, p := range places {
		if t := rows[p.Row]; t != nil {
			items = append(items, t)
		}
	}
	return items, err
}
