package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/sqlstore"
	"github.com/ttpstream/ttpstream/topology"
)

// database is a ledger and what writes into it.
type database struct {
	store     *sqlstore.Store
	projector *projections.Projector
	progress  *projections.Progress
	admin     *topology.Admin
}

// openLedger opens a database and makes the projector that fills it.
func openLedger(ctx context.Context, cluster topology.Cluster, admin *topology.Admin, dsn string, log *slog.Logger) (*database, error) {
	store, err := openStore(ctx, dsn)
	if err != nil {
		return nil, err
	}
	l := &database{store: store, progress: projections.NewProgress(), admin: admin}
	l.projector, err = projections.NewProjector(projections.ProjectorOptions{Cluster: cluster, Store: store, Progress: l.progress, Logger: log})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return l, nil
}

// openStore opens a database. A name that cannot be understood is wrong usage.
func openStore(ctx context.Context, dsn string) (*sqlstore.Store, error) {
	store, err := sqlstore.Open(ctx, dsn, sqlstore.Options{})
	if errors.Is(err, sqlstore.ErrDSN) {
		return nil, usageError{fmt.Errorf("--database: %w", err)}
	}
	return store, err
}

// caughtUp returns when everything on the topics now is in the database.
func (d *database) caughtUp(ctx context.Context) error {
	for _, topic := range []topology.Topic{topology.Tagged, topology.RuleHistory} {
		ends, err := d.admin.Ends(ctx, topic)
		if err != nil {
			return err
		}
		if err := d.progress.Wait(ctx, topic, ends); err != nil {
			return err
		}
	}
	return nil
}

const (
	// reportEvery is how often a person is told what is left.
	reportEvery = 5 * time.Second
	// lookEvery is how often the database is asked: others may share the work.
	lookEvery = 200 * time.Millisecond
)

// report says what is left of what is on the topics now, again and again, and
// returns once nothing is, or ctx ends (nil).
func (d *database) report(ctx context.Context, out io.Writer) error {
	ends := map[topology.TopicPartition]int64{}
	for _, topic := range []topology.Topic{topology.Tagged, topology.RuleHistory} {
		offsets, err := d.admin.Ends(ctx, topic)
		if err != nil {
			return err
		}
		for partition, offset := range offsets {
			ends[topology.TopicPartition{Topic: topic.Name, Partition: partition}] = offset
		}
	}
	look, said := time.NewTicker(lookEvery), time.Now()
	defer look.Stop()
	for {
		positions, err := d.store.Positions(ctx)
		if err == nil { // else the projector tries again, and so does this
			left := remaining(positions, ends)
			if left == 0 {
				return nil
			}
			if time.Since(said) >= reportEvery {
				said = time.Now()
				fmt.Fprintf(out, "%d records left\n", left)
			}
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// remaining counts the records between positions and ends.
func remaining(positions []projections.Position, ends map[topology.TopicPartition]int64) (left int64) {
	next := map[topology.TopicPartition]int64{}
	for _, position := range positions {
		next[position.TopicPartition] = position.Next
	}
	for source, end := range ends {
		left += max(end-max(next[source], 0), 0)
	}
	return left
}
