package sqlstore

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
)

// maxDifferences bounds what an audit lists.
const maxDifferences = 100

// Audit recounts the ledger: see [projections.LedgerReader]. It holds all
// rollups in memory. What is written meanwhile shows as differences.
func (s *Store) Audit(ctx context.Context) (*projections.Audit, error) {
	a := &projections.Audit{Tags: make(map[projections.State]int64), Checksums: make(map[string]string)}
	recount, tags := make(projections.Rollups), new(checksum)
	err := s.EachTag(ctx, func(t *projections.TagRow) error {
		a.Tags[t.State]++
		if t.State == projections.StateCurrent {
			recount.Add(t)
		}
		row := *t
		row.Row = 0 // every ledger numbers them otherwise
		tags.add(fmt.Sprintf("%+v", row))
		return nil
	})
	if err != nil {
		return nil, err
	}
	a.Checksums["ttp_tag"] = tags.String()
	for _, t := range rollupTables {
		if err := s.auditRollup(ctx, t, recount, a); err != nil {
			return nil, err
		}
	}
	for key := range recount { // what was found was taken out
		differ(a, "%v is missing", key)
	}
	return a, s.checkTables(ctx, a)
}

// plainTables have nothing to be recounted from: they are compared by their
// checksums only.
var plainTables = map[string]string{
	"retraction":       "tagged_partition, target, sequence, restored, record",
	"rule_text":        "hash, body",
	"rule_publication": "revision, change_kind, unit_key, version, hash, source, admitted_at",
	"rule_version":     versionColumns,
	"rule_state":       "rule_id, inbox_offset, revision, record",
	"rule_inbox":       "topic, last_offset",
	"attacker_link":    "attacker_uuid, identity_uuid, campaign_uuid",
}

func (s *Store) checkTables(ctx context.Context, a *projections.Audit) error {
	for table, columns := range plainTables {
		sum, row := new(checksum), make([]string, strings.Count(columns, ",")+1)
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		err := s.ask(ctx, "SELECT "+columns+" FROM "+table, nil, func(r rowScanner) error {
			err := r.Scan(into...)
			sum.add(fmt.Sprintf("%q", row))
			return err
		})
		if err != nil {
			return err
		}
		a.Checksums[table] = sum.String()
	}
	return nil
}

// auditRollup compares the rows of a table with the recount, taking out of it
// what is found.
func (s *Store) auditRollup(ctx context.Context, t rollupTable, recount projections.Rollups, a *projections.Audit) error {
	sum := new(checksum)
	sensors, err := s.sensorsOf(ctx, t, sum)
	if err != nil {
		return err
	}
	query := "SELECT " + strings.Join(t.keys(), ", ") + ", tags, first_seen, last_seen FROM " + t.name
	err = s.ask(ctx, query, nil, func(r rowScanner) error {
		var tags, first, last int64
		key, err := t.scanKey(r, &tags, &first, &last)
		if err != nil {
			return err
		}
		sum.add(fmt.Sprintf("%v %d %d %d", key, tags, first, last))
		want := recount[key]
		delete(recount, key)
		switch {
		case want == nil:
			differ(a, "%s: %v is there and should not be", t.name, key)
		case want.Tags != tags || want.First != first || want.Last != last:
			differ(a, "%s: %v is %d, %d to %d, and should be %d, %d to %d", t.name, key, tags, first, last, want.Tags, want.First, want.Last)
		case t.sensors && !maps.Equal(want.Sensors, sensors[key]):
			differ(a, "%s_sensor: %v is %v and should be %v", t.name, key, sensors[key], want.Sensors)
		}
		delete(sensors, key)
		return nil
	})
	for key := range sensors {
		differ(a, "%s_sensor: %v is there and should not be", t.name, key)
	}
	a.Checksums[t.name] = sum.String()
	return err
}

func (s *Store) sensorsOf(ctx context.Context, t rollupTable, sum *checksum) (map[projections.RollupKey]map[string]int64, error) {
	if !t.sensors {
		return nil, nil
	}
	sensors := make(map[projections.RollupKey]map[string]int64)
	query := "SELECT " + strings.Join(t.keys(), ", ") + ", sensor, tags FROM " + t.name + "_sensor"
	err := s.ask(ctx, query, nil, func(r rowScanner) error {
		var sensor string
		var tags int64
		key, err := t.scanKey(r, &sensor, &tags)
		sum.add(fmt.Sprintf("%v %q %d", key, sensor, tags))
		if sensors[key] == nil {
			sensors[key] = make(map[string]int64, 1)
		}
		sensors[key][sensor] = tags
		return err
	})
	return sensors, err
}

// scanKey reads the key's columns, then more.
func (t rollupTable) scanKey(r rowScanner, more ...any) (projections.RollupKey, error) {
	key := projections.RollupKey{Dimension: t.dimension}
	var id uuid.UUID
	var into []any
	switch {
	case t.isUUID():
		into = append(into, &id)
	case t.subject != "":
		into = append(into, &key.Subject)
	}
	if t.techniques {
		into = append(into, &key.Tactic, &key.TechniqueID, &key.SubTechniqueID, &key.Step)
	}
	err := r.Scan(append(into, more...)...)
	if t.isUUID() {
		key.Subject = string(id[:])
	}
	return key, err
}
