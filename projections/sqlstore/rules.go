package sqlstore

import (
	"maps"
	"slices"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
)

// ruleChanges folds changes of rules and states in.
func (w *work) ruleChanges(entries []projections.Entry) error {
	held, err := w.rulesHeld()
	if err != nil {
		return err
	}
	c := projections.FoldRules(held, entries)
	if err := w.putTexts(c); err != nil {
		return err
	}
	if err := w.putVersions(c); err != nil {
		return err
	}
	if err := w.putStates(c.States); err != nil {
		return err
	}
	replace := w.s.d.upsert(upsert{table: "rule_inbox", keys: []string{"topic"}, replace: []string{"last_offset"}})
	for topic, offset := range c.Inbox {
		if err := w.exec(insert("rule_inbox", "topic", "last_offset")+tuple(2)+replace, topic, offset); err != nil {
			return err
		}
	}
	return nil
}

// rulesHeld reads what the fold needs: a row per inbox, and the states, of
// which there are as many as operators have set.
func (w *work) rulesHeld() (held projections.RulesHeld, err error) {
	held = projections.RulesHeld{Inbox: make(map[string]int64), States: make(map[string]int64)}
	for query, into := range map[string]map[string]int64{
		"SELECT topic, last_offset FROM rule_inbox":    held.Inbox,
		"SELECT rule_id, inbox_offset FROM rule_state": held.States,
	} {
		err = w.each(query, nil, func(r rowScanner) error {
			var key string
			var offset int64
			err := r.Scan(&key, &offset)
			into[key] = offset
			return err
		})
		if err != nil {
			return held, err
		}
	}
	return held, nil
}

func (w *work) putTexts(c *projections.RuleChanges) error {
	text := insert("rule_text", "hash", "body") + tuple(2) +
		w.s.d.upsert(upsert{table: "rule_text", keys: []string{"hash"}, replace: []string{"body"}})
	for _, t := range c.Texts {
		if err := w.exec(text, t.Hash, t.Text); err != nil {
			return err
		}
	}
	publication := insert("rule_publication", "revision", "change_kind", "unit_key", "version", "hash", "source", "admitted_at") + tuple(7)
	for _, p := range c.Publications {
		if err := w.exec(publication, p.Revision, p.Change, p.Key, p.Version, p.Hash, p.Source, projections.Nanoseconds(p.AdmittedAt)); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) putVersions(c *projections.RuleChanges) error {
	for _, key := range c.OutOfForce {
		if err := w.exec("UPDATE rule_version SET in_force = 0 WHERE unit_key = ? AND in_force = 1", key); err != nil {
			return err
		}
	}
	version := insert("rule_version", "rule_id", "revision", "unit_key", "version", "hash", "name", "in_force") + tuple(7)
	for _, v := range c.Versions {
		if err := w.exec(version, v.RuleID, v.Revision, v.Key, v.Version, v.Hash, v.Name, number(v.InForce)); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) putStates(states map[string]*projections.RuleStateRow) error {
	put := insert("rule_state", "rule_id", "inbox_offset", "revision", "record") + tuple(4) + w.s.d.upsert(upsert{
		table: "rule_state", keys: []string{"rule_id"}, replace: []string{"inbox_offset", "revision", "record"},
	})
	for _, id := range slices.Sorted(maps.Keys(states)) {
		state := states[id]
		if state == nil {
			if err := w.exec("DELETE FROM rule_state WHERE rule_id = ?", id); err != nil {
				return err
			}
			continue
		}
		record, err := schemas.EncodeJSON(state.RuleState)
		if err != nil {
			return err
		}
		if err := w.exec(put, id, state.InboxOffset, state.Revision, string(record)); err != nil {
			return err
		}
	}
	return nil
}
