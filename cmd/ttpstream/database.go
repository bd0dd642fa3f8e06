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

// reportEvery is how often a person is told what is left.
const reportEvery = 5 * time.Second

// report says what is left, again and again, and returns once nothing is, or
// ctx ends (nil).
func (d *database) report(ctx context.Context, out io.Writer) error {
	done := make(chan error, 1)
	go func() { done <- d.caughtUp(ctx) }()
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if ctx.Err() != nil {
				return nil
			}
			return err
		case <-tick.C:
			behind, err := projections.Behind(ctx, d.store, d.admin)
			if err != nil {
				continue // the projector tries again, and so does this
			}
			left := int64(0)
			for _, records := range behind {
				left += records
			}
			fmt.Fprintf(out, "%d records left\n", left)
		}
	}
}
