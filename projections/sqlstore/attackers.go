package sqlstore

import (
	"context"
	"fmt"
	"math"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
)

// lastID is behind every uuid.
var lastID = uuid.Max

// Attackers returns attackers, the last active first: see
// [projections.LedgerReader].
func (s *Store) Attackers(ctx context.Context, q projections.PageQuery) (projections.Page[projections.AttackerRollup], error) {
	none := projections.Page[projections.AttackerRollup]{Items: []projections.AttackerRollup{}}
	limit, at, more, err := readPage(q)
	if err != nil {
		return none, err
	}
	id := lastID
	if more {
		if id, err = uuid.Parse(at.ID); err != nil {
			return none, fmt.Errorf("%w: the cursor is of another question", projections.ErrQuery)
		}
	} else {
		at.Time = math.MaxInt64
	}
	type active struct {
		id   uuid.UUID
		last int64
	}
	var found []active
	const query = `SELECT attacker_uuid, last_seen FROM attacker WHERE last_seen <= ? AND (last_seen < ? OR attacker_uuid < ?)
		AND EXISTS (SELECT 1 FROM rollup_attacker r WHERE r.attacker_uuid = attacker.attacker_uuid AND r.confidence >= ?)
		ORDER BY last_seen DESC, attacker_uuid DESC LIMIT ?`
	args := []any{at.Time, at.Time, s.d.id(id), projections.StepOf(q.Floor), limit + 1}
	err = s.ask(ctx, query, args, func(r rowScanner) error {
		var a active
		err := r.Scan(&a.id, &a.last)
		found = append(found, a)
		return err
	})
	if err != nil {
		return none, err
	}
	page := cut(found, limit, func(a active) place { return place{Time: a.last, ID: a.id.String()} })
	ids := make([]uuid.UUID, len(page.Items))
	for i, a := range page.Items {
		ids[i] = a.id
	}
	items, err := s.attackerRollups(ctx, ids, projections.StepOf(q.Floor))
	return projections.Page[projections.AttackerRollup]{Items: items, Next: page.Next}, err
}

// attackerRollups sums the attackers up, in the order of ids.
func (s *Store) attackerRollups(ctx context.Context, ids []uuid.UUID, step int) ([]projections.AttackerRollup, error) {
	sums := make(map[uuid.UUID]*sum, len(ids))
	techniques := make(map[uuid.UUID]map[string]bool, len(ids))
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i], sums[id], techniques[id] = s.d.id(id), newSum(), make(map[string]bool)
	}
	err := inLists(s.d, values, func(list string, args []any) error {
		query := `SELECT attacker_uuid, technique_id, sub_technique_id, confidence, tags, first_seen, last_seen
			FROM rollup_attacker WHERE attacker_uuid IN ` + list + " AND confidence >= ?"
		err := s.ask(ctx, query, append(args, step), func(r rowScanner) error {
			var id uuid.UUID
			var technique, sub string
			var row stepRow
			if err := r.Scan(&id, &technique, &sub, &row.step, &row.tags, &row.first, &row.last); err != nil {
				return err
			}
			sums[id].add(row)
			techniques[id][technique+sub] = true
			return nil
		})
		if err != nil {
			return err
		}
		query = "SELECT attacker_uuid, COUNT(DISTINCT sensor) FROM rollup_attacker_sensor WHERE attacker_uuid IN " + list +
			" AND confidence >= ? GROUP BY attacker_uuid"
		return s.ask(ctx, query, append(args, step), func(r rowScanner) error {
			var id uuid.UUID
			var sensors int64
			err := r.Scan(&id, &sensors)
			if sum := sums[id]; sum != nil {
				sum.sensors = sensors
			}
			return err
		})
	})
	items := make([]projections.AttackerRollup, len(ids))
	for i, id := range ids {
		items[i] = projections.AttackerRollup{AttackerUUID: id, Rollup: sums[id].rollup(), Techniques: int64(len(techniques[id]))}
	}
	return items, err
}
