package sqlstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/projections"
)

// Tactics returns all tactics: see [projections.LedgerReader].
func (s *Store) Tactics(ctx context.Context, floor float64) ([]projections.TacticRollup, error) {
	if err := checkFloor(floor); err != nil {
		return nil, err
	}
	sums := make(map[techniqueID]*sum) // of no technique
	args := []any{projections.StepOf(floor), maxAnswer}
	err := s.sumUp(ctx, sums, `SELECT tactic, '', '', confidence, SUM(tags), MIN(first_seen), MAX(last_seen)
		FROM rollup_technique WHERE confidence >= ? GROUP BY tactic, confidence LIMIT ?`, args)
	if err == nil {
		err = s.countSensors(ctx, sums, "SELECT tactic, '', '', COUNT(DISTINCT sensor) FROM rollup_sensor WHERE confidence >= ? GROUP BY tactic LIMIT ?", args)
	}
	answer := make([]projections.TacticRollup, 0, len(sums))
	for id, sum := range sums {
		answer = append(answer, projections.TacticRollup{Tactic: id.tactic, Rollup: sum.rollup()})
	}
	slices.SortFunc(answer, func(a, b projections.TacticRollup) int {
		return cmp.Or(cmp.Compare(b.Tags, a.Tags), strings.Compare(a.Tactic, b.Tactic))
	})
	return answer, err
}
