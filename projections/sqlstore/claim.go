package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/topology"
)

const positionColumns = "topic, partition_id, epoch, next_offset, repeats, conflicts, below_floor, purged, refused"

// Claim makes the caller the owner of sources: see [projections.LedgerWriter].
func (s *Store) Claim(ctx context.Context, sources ...topology.TopicPartition) ([]projections.Claim, error) {
	claims := make([]projections.Claim, len(sources))
	// Rows are locked in one order by everybody.
	order := make([]int, len(sources))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return bySource(sources[a], sources[b]) })
	err := s.transact(ctx, func(w *work) error {
		for _, i := range order {
			claim, err := w.claim(sources[i])
			if err != nil {
				return err
			}
			claims[i] = claim
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claiming %v: %w", sources, err)
	}
	return claims, nil
}

func bySource(a, b topology.TopicPartition) int {
	return cmp.Or(strings.Compare(a.Topic, b.Topic), cmp.Compare(a.Partition, b.Partition))
}

// claim raises the epoch. The first claim of a source makes its row.
func (w *work) claim(source topology.TopicPartition) (projections.Claim, error) {
	claim := projections.Claim{TopicPartition: source}
	raise := insert("projection_offset", "topic", "partition_id", "epoch", "next_offset", "words",
		"repeats", "conflicts", "below_floor", "purged", "refused") + "(?, ?, 1, ?, 0, 0, 0, 0, 0, 0)" +
		w.s.d.upsert(upsert{table: "projection_offset", keys: []string{"topic", "partition_id"}, sum: []string{"epoch"}})
	if err := w.exec(raise, source.Topic, source.Partition, topology.Oldest); err != nil {
		return claim, err
	}
	row, err := w.queryRow("SELECT epoch, next_offset FROM projection_offset WHERE topic = ? AND partition_id = ?", source.Topic, source.Partition)
	if err != nil {
		return claim, err
	}
	err = row.Scan(&claim.Epoch, &claim.Next)
	return claim, err
}

// Positions returns how far the ledger has come.
func (s *Store) Positions(ctx context.Context) ([]projections.Position, error) {
	positions := []projections.Position{}
	err := s.ask(ctx, "SELECT "+positionColumns+" FROM projection_offset ORDER BY topic, partition_id", nil, func(r rowScanner) error {
		var p projections.Position
		positions = append(positions, p)
		at := &positions[len(positions)-1]
		return r.Scan(&at.Topic, &at.Partition, &at.Epoch, &at.Next, &at.Repeats, &at.Conflicts, &at.BelowFloor, &at.Purged, &at.Refused)
	})
	return positions, err
}

// lock takes the rows of the batches' sources, which must be in order, and
// returns those batches that are not written yet.
func (w *work) lock(batches []projections.Batch) (pending []projections.Batch, err error) {
	for _, b := range batches {
		var epoch, next, words int64
		row, err := w.queryRow("SELECT epoch, next_offset, words FROM projection_offset WHERE topic = ? AND partition_id = ?"+w.s.d.forUpdate(),
			b.Claim.Topic, b.Claim.Partition)
		if err != nil {
			return nil, err
		}
		err = row.Scan(&epoch, &next, &words)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil, fmt.Errorf("%s: %w: nobody claimed it", b.Claim.TopicPartition, projections.ErrFenced)
		case err != nil:
			return nil, err
		case epoch != b.Claim.Epoch:
			return nil, fmt.Errorf("%s: %w: epoch %d, and ours is %d", b.Claim.TopicPartition, projections.ErrFenced, epoch, b.Claim.Epoch)
		case next == b.Claim.Next:
			pending = append(pending, b)
			if b.Claim.Topic == topology.Tagged.Name {
				if err := w.loadWords(b.Claim.Partition, epoch, words); err != nil {
					return nil, err
				}
			}
		case next != b.Next: // else it is written: the answer to the commit was lost
			return nil, fmt.Errorf("%s: %w: that is %d, and the batch is from %d to %d", b.Claim.TopicPartition, projections.ErrOutOfStep, next, b.Claim.Next, b.Next)
		}
	}
	return pending, nil
}
