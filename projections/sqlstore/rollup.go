package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
)

// rollupTable is where a dimension is kept.
type rollupTable struct {
	dimension projections.Dimension
	name      string
	// subject is the column of the key's subject; empty for none. Those that end
	// in _uuid are uuids.
	subject string
	// techniques says that there is a row per technique and step; sensors that
	// a second table counts sensors.
	techniques, sensors bool
}

// rollupTables in the order in which rows are locked, which is that of the
// dimensions.
var rollupTables = []rollupTable{
	{projections.ByTechnique, "rollup_technique", "", true, false},
	{projections.ByAttacker, "rollup_attacker", "attacker_uuid", true, true},
	{projections.BySession, "rollup_session", "session_id", true, false},
	{projections.ByDay, "rollup_day", "day", true, true},
	{projections.ByRule, "rollup_rule", "rule_id", true, false},
	{projections.BySensor, "rollup_sensor", "sensor", true, false},
	{projections.ByIdentity, "rollup_identity", "identity_uuid", true, true},
	{projections.OfAttacker, "attacker", "attacker_uuid", false, false},
}

// isUUID reports whether the subject is one.
func (t rollupTable) isUUID() bool { return strings.HasSuffix(t.subject, "_uuid") }

// sensorTable is where distinct sensors are counted; empty where they are not.
func (t rollupTable) sensorTable() string {
	switch {
	case t.sensors:
		return t.name + "_sensor"
	case t.dimension == projections.ByTechnique, t.dimension == projections.BySensor:
		return "rollup_sensor"
	}
	return ""
}

var techniqueKey = []string{"tactic", "technique_id", "sub_technique_id", "confidence"}

func (t rollupTable) keys() (keys []string) {
	if t.subject != "" {
		keys = append(keys, t.subject)
	}
	if t.techniques {
		keys = append(keys, techniqueKey...)
	}
	return keys
}

func (t rollupTable) args(d dialect, key projections.RollupKey) (args []any) {
	switch {
	case t.isUUID():
		args = append(args, d.id(uuid.UUID([]byte(key.Subject))))
	case t.subject != "":
		args = append(args, key.Subject)
	}
	if t.techniques {
		args = append(args, key.Tactic, key.TechniqueID, key.SubTechniqueID, key.Step)
	}
	return args
}

// applyRollups is the last thing that a transaction does but for the commit,
// so that shared rows are locked for as short as possible.
func (w *work) applyRollups() error {
	for _, t := range rollupTables {
		keys := w.rollups.Sorted(t.dimension)
		if err := w.addUp(t, keys); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		for _, key := range keys {
			if delta := w.rollups[key]; delta.Removed {
				if err := w.tidy(t, key, delta); err != nil {
					return fmt.Errorf("%s: %w", t.name, err)
				}
			}
		}
	}
	return nil
}

// addUp adds the deltas of one table to its rows, in the order of keys.
func (w *work) addUp(t rollupTable, keys []projections.RollupKey) error {
	names := t.keys()
	var rows, sensors [][]any
	for _, key := range keys {
		delta := w.rollups[key]
		rows = append(rows, append(t.args(w.s.d, key), delta.Tags, delta.First, delta.Last))
		if !t.sensors {
			continue
		}
		for _, sensor := range sortedSensors(delta) {
			sensors = append(sensors, append(t.args(w.s.d, key), sensor, delta.Sensors[sensor]))
		}
	}
	head := insert(t.name, columns(names, []string{"tags", "first_seen", "last_seen"})...)
	tail := w.s.d.upsert(upsert{table: t.name, keys: names, sum: []string{"tags"}, least: []string{"first_seen"}, greatest: []string{"last_seen"}})
	if err := w.insertRows(head, tail, len(names)+3, rows); err != nil {
		return err
	}
	table := t.sensorTable()
	names = append(names, "sensor")
	tail = w.s.d.upsert(upsert{table: table, keys: names, sum: []string{"tags"}})
	return w.insertRows(insert(table, columns(names, []string{"tags"})...), tail, len(names)+1, sensors)
}

// tidy is for rows that tags were taken from: a row of none goes, and a bound
// that was one of theirs is looked up.
func (w *work) tidy(t rollupTable, key projections.RollupKey, delta *projections.RollupDelta) error {
	where, args := " WHERE "+equal(t.keys()...), t.args(w.s.d, key)
	if t.sensors {
		for sensor, n := range delta.Sensors {
			if n >= 0 {
				continue
			}
			if err := w.exec("DELETE FROM "+t.name+"_sensor"+where+" AND sensor = ? AND tags = 0", append(args[:len(args):len(args)], sensor)...); err != nil {
				return err
			}
		}
	}
	row, err := w.queryRow("SELECT tags, first_seen, last_seen FROM "+t.name+where, args...)
	if err != nil {
		return err
	}
	var tags, first, last int64
	if err := row.Scan(&tags, &first, &last); err != nil {
		return err
	}
	switch {
	case tags < 0:
		return fmt.Errorf("%w: %d tags by %v", projections.ErrCorrupt, tags, args)
	case tags == 0:
		return w.exec("DELETE FROM "+t.name+where, args...)
	case delta.GoneFirst > first && delta.GoneLast < last:
		return nil
	}
	first, last, err = w.bounds(t, key)
	if err != nil {
		return err
	}
	return w.exec("UPDATE "+t.name+" SET first_seen = ?, last_seen = ?"+where, append([]any{first, last}, args...)...)
}

// bounds looks the first and the last time of a row up.
func (w *work) bounds(t rollupTable, key projections.RollupKey) (first, last int64, err error) {
	if !t.techniques { // made of the rows by technique, which are right by now
		row, err := w.queryRow("SELECT MIN(first_seen), MAX(last_seen) FROM rollup_attacker WHERE attacker_uuid = ?", t.args(w.s.d, key)...)
		if err != nil {
			return 0, 0, err
		}
		err = row.Scan(&first, &last)
		return first, last, err
	}
	where, args := t.keys(), t.args(w.s.d, key)
	condition := equal(where...)
	switch t.dimension {
	case projections.ByDay:
		start, err := time.Parse(time.DateOnly, key.Subject)
		if err != nil {
			return 0, 0, err
		}
		condition = equal(techniqueKey...) + " AND created_at >= ? AND created_at < ?"
		args = append(args[1:], start.UnixNano(), start.AddDate(0, 0, 1).UnixNano())
	case projections.ByIdentity:
		condition += " AND attacker_uuid IS NULL"
	case projections.BySession:
		condition += " AND session_id <> ''"
	}
	for _, end := range []struct {
		order string
		at    *int64
	}{{"", &first}, {" DESC", &last}} {
		row, err := w.queryRow("SELECT created_at FROM ttp_tag WHERE "+condition+" AND state = 0 ORDER BY created_at"+end.order+" LIMIT 1", args...)
		if err == nil {
			err = row.Scan(end.at)
		}
		if errors.Is(err, sql.ErrNoRows) {
			return math.MaxInt64, math.MinInt64, fmt.Errorf("%w: tags are counted by %v and there are none", projections.ErrCorrupt, args)
		}
		if err != nil {
			return 0, 0, err
		}
	}
	return first, last, nil
}
