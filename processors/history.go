package processors

import (
	"context"
	"errors"
	"fmt"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// EachChange calls f with every change of the rule plane that was ever
// admitted, oldest first, under its revision. Errors: f's; the history cannot
// be read; a record of it is newer than this program.
func EachChange(ctx context.Context, cluster topology.Cluster, f func(revision int64, change *schemas.RuleHistory) error) error {
	reader, err := topology.NewReader(ctx, cluster, topology.RuleHistory, topology.From{})
	if err != nil {
		return fmt.Errorf("rule history: %w", err)
	}
	defer reader.Close()
	return reader.ReadToEnd(ctx, func(record topology.Record) error {
		change, err := decodeChange(record)
		switch {
		case errors.Is(err, errNewerChange):
			return err
		case err != nil:
			return nil // what no registrar wrote; the registrar says so
		}
		return f(record.Offset, change)
	})
}

// EachStatus calls f with the last word of every instance on the revision that
// it runs.
func EachStatus(ctx context.Context, cluster topology.Cluster, f func(*schemas.RuleStatus)) error {
	reader, err := topology.NewReader(ctx, cluster, topology.RuleStatus, topology.From{})
	if err != nil {
		return fmt.Errorf("rule status: %w", err)
	}
	defer reader.Close()
	last := map[string]*schemas.RuleStatus{}
	var order []string
	err = reader.ReadToEnd(ctx, func(record topology.Record) error {
		status, err := schemas.Decode[schemas.RuleStatus](record.Value)
		if err != nil || status.InboxTopic != "" || status.RuleID != "" {
			if len(record.Value) == 0 {
				delete(last, record.Key) // it left in good order
			}
			return nil
		}
		if last[record.Key] == nil {
			order = append(order, record.Key)
		}
		last[record.Key] = status
		return nil
	})
	for _, key := range order {
		if status := last[key]; status != nil {
			f(status)
			delete(last, key)
		}
	}
	return err
}
