package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

// Write folds batches into the ledger: see [projections.LedgerWriter].
func (s *Store) Write(ctx context.Context, batches ...projections.Batch) error {
	batches = slices.Clone(batches)
	slices.SortFunc(batches, func(a, b projections.Batch) int { return bySource(a.Claim.TopicPartition, b.Claim.TopicPartition) })
	var done *work
	err := s.transact(ctx, func(w *work) error {
		done = w
		pending, err := w.lock(batches)
		if err != nil {
			return err
		}
		for _, b := range pending {
			if err := w.batch(b); err != nil {
				return fmt.Errorf("%s from %d: %w", b.Claim.TopicPartition, b.Claim.Next, err)
			}
		}
		return w.applyRollups()
	})
	if err != nil {
		return fmt.Errorf("writing to the ledger: %w", err)
	}
	s.keepWords(done.words)
	return nil
}

// batch writes what came from one source and moves its position.
func (w *work) batch(b projections.Batch) error {
	counted := projections.Position{Refused: b.Refused}
	var err error
	switch b.Claim.Topic {
	case topology.Tagged.Name:
		err = w.tagged(b, &counted)
	case topology.AttackerIdentity.Name:
		err = w.links(b.Entries)
	default:
		err = w.ruleChanges(b.Entries)
	}
	if err != nil {
		return err
	}
	var words int64
	if known := w.words[b.Claim.Partition]; known != nil && b.Claim.Topic == topology.Tagged.Name {
		words = known.version
	}
	return w.exec(`UPDATE projection_offset SET next_offset = ?, words = ?, repeats = repeats + ?, conflicts = conflicts + ?,
		below_floor = below_floor + ?, purged = purged + ?, refused = refused + ? WHERE topic = ? AND partition_id = ?`,
		b.Next, words, counted.Repeats, counted.Conflicts, counted.BelowFloor, counted.Purged, counted.Refused,
		b.Claim.Topic, b.Claim.Partition)
}

// tagged writes tags and retractions in the order of the log: a purge acts on
// what was there before it.
func (w *work) tagged(b projections.Batch, counted *projections.Position) error {
	partition, words := b.Claim.Partition, w.words[b.Claim.Partition]
	var tags []*projections.TagRow
	flush := func() error {
		err := w.addTags(partition, words.Words, tags, counted)
		tags = nil
		return err
	}
	for _, e := range b.Entries {
		switch {
		case e.Tag != nil:
			row := *e.Tag // the batch may be written again
			tags = append(tags, &row)
		case e.Retraction != nil:
			if err := flush(); err != nil {
				return err
			}
			if err := w.retract(partition, words, e.Retraction); err != nil {
				return err
			}
		}
	}
	return flush()
}

// addTags folds tags in.
func (w *work) addTags(partition int32, words *projections.Words, tags []*projections.TagRow, counted *projections.Position) error {
	if len(tags) == 0 {
		return nil
	}
	findings := make([]uuid.UUID, len(tags))
	for i, t := range tags {
		findings[i] = t.Finding
	}
	held, err := w.held(findings)
	if err != nil {
		return err
	}
	changes := projections.Fold(partition, held, words, tags)
	counted.Repeats += changes.Repeats
	counted.Conflicts += changes.Conflicts
	counted.BelowFloor += changes.BelowFloor
	counted.Purged += changes.Purged
	return w.apply(changes)
}
