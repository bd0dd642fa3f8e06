package sqlstore

import (
	"fmt"
	"math"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
)

// knownWords are the retractions of a partition as a transaction knows them.
// They are kept in memory from one transaction to the next: whoever holds the
// row of the partition's offset is the only one that changes them, and that row
// says by epoch and version whether what is in memory is still what there is.
type knownWords struct {
	*projections.Words
	epoch, version int64
}

// loadWords gives the transaction the partition's retractions. Until the
// commit they belong to the transaction: it may fail having changed them.
func (w *work) loadWords(partition int32, epoch, version int64) error {
	w.s.mu.Lock()
	known, ok := w.s.words[partition]
	delete(w.s.words, partition)
	w.s.mu.Unlock()
	if ok && known.epoch == epoch && known.version == version {
		w.words[partition] = &known
		return nil
	}
	known = knownWords{new(projections.Words), epoch, version}
	w.words[partition] = &known
	return w.each("SELECT record FROM retraction WHERE tagged_partition = ?", []any{partition}, func(r rowScanner) error {
		var record string
		if err := r.Scan(&record); err != nil {
			return err
		}
		retraction, err := schemas.Decode[schemas.Retraction]([]byte(record))
		if err != nil {
			return fmt.Errorf("%w: a retraction: %w", projections.ErrCorrupt, err)
		}
		known.Put(retraction)
		return nil
	})
}

// keepWords keeps what a committed transaction knew.
func (s *Store) keepWords(words map[int32]*knownWords) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for partition, known := range words {
		s.words[partition] = *known
	}
}

// retract hears a retraction and applies it to what is there.
func (w *work) retract(partition int32, words *knownWords, r *schemas.Retraction) error {
	if !words.Put(r) {
		return nil // older than the last word on its target, or the same again
	}
	words.version++
	record, err := schemas.EncodeJSON(r)
	if err != nil {
		return err
	}
	put := insert("retraction", "tagged_partition", "target", "sequence", "restored", "record") + tuple(5) + w.s.d.upsert(upsert{
		table: "retraction", keys: []string{"tagged_partition", "target"}, replace: []string{"sequence", "restored", "record"},
	})
	if err := w.exec(put, partition, r.Key(), r.Sequence, number(r.Restore), string(record)); err != nil {
		return err
	}
	return w.eachCovered(partition, r, func(findings []uuid.UUID) error {
		held, err := w.held(findings)
		if err != nil {
			return err
		}
		return w.apply(projections.Fold(partition, held, words.Words, nil))
	})
}

// chunk is how many tags a retraction takes up at a time: it bounds memory,
// whatever it covers.
const chunk = 2000

// eachCovered calls f with the findings of the partition's tags that r covers
// and that it may change, in chunks.
func (w *work) eachCovered(partition int32, r *schemas.Retraction, f func([]uuid.UUID) error) error {
	id := w.s.d.id(r.ID)
	switch r.Target {
	case schemas.TargetTag:
		return w.all("uuid = ? AND tagged_partition = ?", []any{id, partition}, f)
	case schemas.TargetRule:
		return w.covered(partition, r, f)
	}
	if r.Restore { // what was purged is not here any more
		return nil
	}
	anchor := "attacker_uuid"
	if r.Target == schemas.TargetIdentity {
		anchor = "identity_uuid"
	}
	return w.all(anchor+" = ? AND tagged_partition = ?", []any{id, partition}, f)
}

// all calls f with the findings that a condition finds, which f must put an
// end to, or of which there is one.
func (w *work) all(condition string, args []any, f func([]uuid.UUID) error) error {
	for {
		findings, err := w.findings("SELECT finding FROM ttp_tag WHERE "+condition+" LIMIT ?", append(args[:len(args):len(args)], chunk))
		if err != nil || len(findings) == 0 {
			return err
		}
		if err := f(findings); err != nil || len(findings) < chunk {
			return err
		}
	}
}

func (w *work) findings(query string, args []any, more ...any) (findings []uuid.UUID, err error) {
	err = w.each(query, args, func(r rowScanner) error {
		var finding uuid.UUID
		findings = append(findings, finding)
		return r.Scan(append([]any{&findings[len(findings)-1]}, more...)...)
	})
	return findings, err
}

// covered goes through the tags of a rule that r may change: those that are
// not retracted, or those that are.
func (w *work) covered(partition int32, r *schemas.Retraction, f func([]uuid.UUID) error) error {
	condition, args := "rule_id = ? AND tagged_partition = ?", []any{r.RuleID, partition}
	and := func(applies bool, more string, arg any) {
		if applies {
			condition, args = condition+" AND "+more, append(args, arg)
		}
	}
	and(r.Version > 0, "rule_version = ?", r.Version)
	and(r.Below > 0, "rule_version < ?", r.Below)
	and(!r.From.IsZero(), "created_at >= ?", projections.Nanoseconds(r.From))
	and(!r.To.IsZero(), "created_at < ?", projections.Nanoseconds(r.To))
	states := []projections.State{projections.StateCurrent, projections.StateSuperseded}
	if r.Restore {
		states = []projections.State{projections.StateRetracted}
	}
	for _, state := range states {
		if err := w.walk(condition, args, state, f); err != nil {
			return err
		}
	}
	return nil
}

// walk goes through tags of one state in the order of an index. What f changes
// leaves the state for good, so nothing is met for ever and nothing is missed.
func (w *work) walk(condition string, args []any, state projections.State, f func([]uuid.UUID) error) error {
	query := "SELECT finding, created_at, id FROM ttp_tag WHERE " + condition +
		" AND state = ? AND created_at >= ? AND (created_at > ? OR id > ?) ORDER BY created_at, id LIMIT ?"
	var time, id int64 = math.MinInt64, -1
	for {
		at := append(args[:len(args):len(args)], int(state), time, time, id, chunk)
		findings, err := w.findings(query, at, &time, &id)
		if err != nil || len(findings) == 0 {
			return err
		}
		if err := f(findings); err != nil || len(findings) < chunk {
			return err
		}
	}
}
