package sqlstore

import (
	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
)

// tagColumns are the columns of ttp_tag but its id, in the order of tagValues
// and scanTag.
var tagColumns = []string{
	"uuid", "finding", "state", "source_kind", "source_id", "attacker_uuid", "identity_uuid", "session_id", "sensor",
	"tactic", "technique_id", "sub_technique_id", "confidence", "rule_id", "rule_version", "rule_hash", "attack_release",
	"evidence", "created_at", "content", "origin", "run_id", "revision", "source_topic", "source_partition", "source_offset",
	"tagged_partition", "tagged_offset",
}

func (s *Store) tagValues(t *projections.TagRow) []any {
	return []any{
		s.d.id(t.UUID), s.d.id(t.Finding), int(t.State), t.SourceKind, t.SourceID, s.anchor(t.AttackerUUID), s.anchor(t.IdentityUUID),
		t.SessionID, t.Sensor, t.Tactic, t.TechniqueID, t.SubTechniqueID, t.Step, t.RuleID, t.RuleVersion, t.RuleHash, t.AttackRelease,
		t.Evidence, t.CreatedAt, t.Content, t.Origin, t.RunID, t.Revision, t.SourceTopic, t.SourcePartition, t.SourceOffset,
		t.TaggedPartition, t.TaggedOffset,
	}
}

// scanTag reads id and tagColumns.
func scanTag(r rowScanner) (*projections.TagRow, error) {
	t := new(projections.TagRow)
	err := r.Scan(&t.Row, &t.UUID, &t.Finding, &t.State, &t.SourceKind, &t.SourceID, &t.AttackerUUID, &t.IdentityUUID,
		&t.SessionID, &t.Sensor, &t.Tactic, &t.TechniqueID, &t.SubTechniqueID, &t.Step, &t.RuleID, &t.RuleVersion, &t.RuleHash, &t.AttackRelease,
		&t.Evidence, &t.CreatedAt, &t.Content, &t.Origin, &t.RunID, &t.Revision, &t.SourceTopic, &t.SourcePartition, &t.SourceOffset,
		&t.TaggedPartition, &t.TaggedOffset)
	return t, err
}

// tagUUIDIndex is what a database names when a uuid is there already.
const tagUUIDIndex = "ttp_tag_uuid"

// heldColumns are what a fold needs of stored tags, in the order of scanHeld.
const heldColumns = `id, uuid, finding, state, attacker_uuid, identity_uuid, session_id, sensor, tactic, technique_id, sub_technique_id,
	confidence, rule_id, rule_version, created_at, content, tagged_partition`

func scanHeld(r rowScanner) (*projections.TagRow, error) {
	t := new(projections.TagRow)
	err := r.Scan(&t.Row, &t.UUID, &t.Finding, &t.State, &t.AttackerUUID, &t.IdentityUUID, &t.SessionID, &t.Sensor,
		&t.Tactic, &t.TechniqueID, &t.SubTechniqueID, &t.Step, &t.RuleID, &t.RuleVersion, &t.CreatedAt, &t.Content, &t.TaggedPartition)
	return t, err
}

// anchor passes a uuid, the nil one as NULL.
func (s *Store) anchor(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return s.d.id(id)
}

// held returns all stored tags of the findings, each once.
func (w *work) held(findings []uuid.UUID) (held []*projections.TagRow, err error) {
	seen := make(map[uuid.UUID]bool, len(findings))
	values := make([]any, 0, len(findings))
	for _, id := range findings {
		if !seen[id] {
			seen[id] = true
			values = append(values, w.s.d.id(id))
		}
	}
	err = inLists(w.s.d, values, func(list string, args []any) error {
		return w.each("SELECT "+heldColumns+" FROM ttp_tag WHERE finding IN "+list, args, func(r rowScanner) error {
			t, err := scanHeld(r)
			held = append(held, t)
			return err
		})
	})
	return held, err
}

// apply writes the changes of a fold but for the rollups, which wait for the
// end of the transaction.
func (w *work) apply(c *projections.Changes) error {
	rows := make([][]any, len(c.Insert))
	for i, t := range c.Insert {
		rows[i] = w.s.tagValues(t)
	}
	if err := w.insertRows(insert("ttp_tag", tagColumns...), "", len(tagColumns), rows); err != nil {
		return err
	}
	byState := make(map[projections.State][]any)
	for _, r := range c.Restate {
		byState[r.State] = append(byState[r.State], r.Row)
	}
	for state, ids := range byState {
		err := inLists(w.s.d, ids, func(list string, args []any) error {
			return w.exec("UPDATE ttp_tag SET state = ? WHERE id IN "+list, append([]any{int(state)}, args...)...)
		})
		if err != nil {
			return err
		}
	}
	gone := make([]any, len(c.Delete))
	for i, id := range c.Delete {
		gone[i] = id
	}
	err := inLists(w.s.d, gone, func(list string, args []any) error {
		return w.exec("DELETE FROM ttp_tag WHERE id IN "+list, args...)
	})
	if err != nil {
		return err
	}
	w.rollups.Merge(c.Rollups)
	return nil
}
