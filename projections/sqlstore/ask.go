package sqlstore

import (
	"context"
	"maps"
	"slices"

	"github.com/ttpstream/ttpstream/projections"
)

// ask runs a question outside of any transaction.
func (s *Store) ask(ctx context.Context, query string, args []any, f func(rowScanner) error) error {
	rows, err := s.read.QueryContext(ctx, s.d.rebind(query), args...)
	return s.explain(ctx, eachRow(rows, err, f))
}

// sortedSensors returns the sensors of a delta that change, in order.
func sortedSensors(d *projections.RollupDelta) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(d.Sensors)), func(sensor string) bool { return d.Sensors[sensor] == 0 })
}

// number is how a truth is stored: not all databases have them.
func number(truth bool) int {
	if truth {
		return 1
	}
	return 0
}
