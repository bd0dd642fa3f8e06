package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ttpstream/ttpstream/projections"
)

// maxDays bounds the range of Days.
const maxDays = 400

// Days returns a row per day and tactic: see [projections.LedgerReader].
func (s *Store) Days(ctx context.Context, from, to string, floor float64) ([]projections.DayRollup, error) {
	if err := errors.Join(checkFloor(floor), checkDays(from, to)); err != nil {
		return nil, err
	}
	answer := []projections.DayRollup{}
	type key struct{ day, tactic string }
	places, sums := make(map[key]int), []*sum{}
	args := []any{from, to, projections.StepOf(floor)}
	err := s.ask(ctx, `SELECT day, tactic, confidence, SUM(tags), MIN(first_seen), MAX(last_seen) FROM rollup_day
		WHERE day >= ? AND day <= ? AND confidence >= ? GROUP BY day, tactic, confidence ORDER BY day, tactic, confidence`, args, func(r rowScanner) error {
		var k key
		var row stepRow
		if err := r.Scan(&k.day, &k.tactic, &row.step, &row.tags, &row.first, &row.last); err != nil {
			return err
		}
		if _, known := places[k]; !known {
			places[k] = len(answer)
			answer, sums = append(answer, projections.DayRollup{Day: k.day, Tactic: k.tactic}), append(sums, newSum())
		}
		sums[places[k]].add(row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.ask(ctx, `SELECT day, tactic, COUNT(DISTINCT sensor) FROM rollup_day_sensor
		WHERE day >= ? AND day <= ? AND confidence >= ? GROUP BY day, tactic`, args, func(r rowScanner) error {
		var k key
		var sensors int64
		err := r.Scan(&k.day, &k.tactic, &sensors)
		if i, known := places[k]; known {
			sums[i].sensors = sensors
		}
		return err
	})
	for i := range answer {
		answer[i].Rollup = sums[i].rollup()
	}
	return answer, err
}

func checkDays(from, to string) error {
	first, errFirst := time.Parse(time.DateOnly, from)
	last, errLast := time.Parse(time.DateOnly, to)
	switch {
	case errFirst != nil || errLast != nil:
		return fmt.Errorf("%w: a day is written as 2026-11-24", projections.ErrQuery)
	case last.Sub(first) > (maxDays-1)*24*time.Hour:
		return fmt.Errorf("%w: more than %d days", projections.ErrQuery, maxDays)
	}
	return nil
}
