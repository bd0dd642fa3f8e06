package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
)

// maxAnswer bounds the rows behind an answer that has no pages. ATT&CK has some
// 700 techniques; each has rows by tactic and by confidence step.
const maxAnswer = 100_000

// Techniques returns all techniques: see [projections.LedgerReader].
func (s *Store) Techniques(ctx context.Context, floor float64) ([]projections.TechniqueRollup, error) {
	return s.techniques(ctx, rollupTables[projections.ByTechnique], nil, floor)
}

// AttackerTechniques returns those of one attacker.
func (s *Store) AttackerTechniques(ctx context.Context, attacker uuid.UUID, floor float64) ([]projections.TechniqueRollup, error) {
	return s.techniques(ctx, rollupTables[projections.ByAttacker], []any{s.d.id(attacker)}, floor)
}

// SessionTechniques returns those of one session.
func (s *Store) SessionTechniques(ctx context.Context, session string, floor float64) ([]projections.TechniqueRollup, error) {
	return s.techniques(ctx, rollupTables[projections.BySession], []any{projections.ShortID(session)}, floor)
}

// SensorTechniques returns those of one sensor.
func (s *Store) SensorTechniques(ctx context.Context, sensor string, floor float64) ([]projections.TechniqueRollup, error) {
	return s.techniques(ctx, rollupTables[projections.BySensor], []any{projections.ShortID(sensor)}, floor)
}

// techniqueID names a technique under a tactic.
type techniqueID struct{ tactic, technique, sub string }

// techniques sums the rows of a rollup up by technique.
func (s *Store) techniques(ctx context.Context, t rollupTable, subject []any, floor float64) ([]projections.TechniqueRollup, error) {
	if err := checkFloor(floor); err != nil {
		return nil, err
	}
	where, args := " WHERE confidence >= ?", []any{projections.StepOf(floor)}
	if t.subject != "" {
		where, args = where+" AND "+t.subject+" = ?", append(args, subject...)
	}
	sums := make(map[techniqueID]*sum)
	query := "SELECT tactic, technique_id, sub_technique_id, confidence, tags, first_seen, last_seen FROM " + t.name + where + " LIMIT ?"
	if err := s.sumUp(ctx, sums, query, append(args, maxAnswer)); err != nil || t.sensorTable() == "" {
		return techniqueAnswer(sums), err
	}
	query = "SELECT tactic, technique_id, sub_technique_id, COUNT(DISTINCT sensor) FROM " + t.sensorTable() + where +
		" GROUP BY tactic, technique_id, sub_technique_id LIMIT ?"
	err := s.countSensors(ctx, sums, query, append(args, maxAnswer))
	return techniqueAnswer(sums), err
}

// sumUp adds the rows of a query up by technique.
func (s *Store) sumUp(ctx context.Context, sums map[techniqueID]*sum, query string, args []any) error {
	return s.ask(ctx, query, args, func(r rowScanner) error {
		var id techniqueID
		var row stepRow
		if err := r.Scan(&id.tactic, &id.technique, &id.sub, &row.step, &row.tags, &row.first, &row.last); err != nil {
			return err
		}
		if sums[id] == nil {
			sums[id] = newSum()
		}
		sums[id].add(row)
		return nil
	})
}

// countSensors adds the numbers of sensors.
func (s *Store) countSensors(ctx context.Context, sums map[techniqueID]*sum, query string, args []any) error {
	return s.ask(ctx, query, args, func(r rowScanner) error {
		var id techniqueID
		var sensors int64
		err := r.Scan(&id.tactic, &id.technique, &id.sub, &sensors)
		if sum := sums[id]; sum != nil {
			sum.sensors = sensors
		}
		return err
	})
}

func techniqueAnswer(sums map[techniqueID]*sum) []projections.TechniqueRollup {
	answer := make([]projections.TechniqueRollup, 0, len(sums))
	for id, sum := range sums {
		answer = append(answer, projections.TechniqueRollup{Tactic: id.tactic, TechniqueID: id.technique, SubTechniqueID: id.sub, Rollup: sum.rollup()})
	}
	slices.SortFunc(answer, func(a, b projections.TechniqueRollup) int {
		return cmp.Or(cmp.Compare(b.Tags, a.Tags), strings.Compare(a.TechniqueID, b.TechniqueID),
			strings.Compare(a.SubTechniqueID, b.SubTechniqueID), strings.Compare(a.Tactic, b.Tactic))
	})
	return answer
}

// stepRow is a row of a rollup: what there is of one confidence step.
type stepRow struct {
	step              int
	tags, first, last int64
}

// sum adds rows up.
type sum struct {
	counts      map[int]int64
	first, last int64
	sensors     int64
}

func newSum() *sum { return &sum{counts: make(map[int]int64, 1)} }

func (s *sum) add(row stepRow) {
	if len(s.counts) == 0 {
		s.first, s.last = row.first, row.last
	}
	s.first, s.last = min(s.first, row.first), max(s.last, row.last)
	s.counts[row.step] += row.tags
}

func (s *sum) rollup() projections.Rollup {
	r := projections.Rollup{CombinedConfidence: projections.Combined(s.counts), Sensors: s.sensors}
	for step, n := range s.counts {
		r.Tags += n
		r.MaxConfidence = max(r.MaxConfidence, float64(step)/100)
	}
	if r.Tags > 0 {
		r.FirstSeen, r.LastSeen = time.Unix(0, s.first).UTC(), time.Unix(0, s.last).UTC()
	}
	return r
}

func checkFloor(floor float64) error {
	if floor >= 0 && floor <= 1 {
		return nil
	}
	return fmt.Errorf("%w: floor %v is outside [0,1]", projections.ErrQuery, floor)
}
