package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ttpstream/ttpstream/topology"
)

type projectCommand struct {
	clusterFlags
	Database string `help:"Database of tags and rollups: sqlite:FILE." required:"" placeholder:"DSN"`
	Once     bool   `help:"Stop when everything that is on the topics now is in the database."`
}

// Help explains what is safe.
func (c *projectCommand) Help() string {
	return `Tags, rollups and offsets are written in one transaction, so it can be killed at any moment, and several can share
the work. A database that is deleted is made anew from the topics.`
}

// Run projects until it is told to stop.
func (c *projectCommand) Run(ctx context.Context, term *console) error {
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	return withAdmin(cluster, func(admin *topology.Admin) error {
		if err := admin.Provision(ctx); err != nil {
			return err
		}
		d, err := openLedger(ctx, cluster, admin, c.Database, term.log)
		if err != nil {
			return err
		}
		defer d.store.Close()
		return c.run(ctx, term, d)
	})
}

func (c *projectCommand) run(ctx context.Context, term *console, d *database) error {
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	running, stop := context.WithCancel(ctx)
	group.Go(func() error { return d.projector.Run(running) })
	group.Go(func() error {
		err := d.report(running, term.err)
		if err == nil && running.Err() == nil {
			fmt.Fprintf(term.err, "everything on the topics is in the database, after %s\n", time.Since(began).Round(time.Millisecond))
		}
		if c.Once || err != nil {
			stop()
		}
		return err
	})
	err := group.Wait()
	stop()
	return err
}
