package main

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/ttpstream/ttpstream/processors/ingest"
	"github.com/ttpstream/ttpstream/topology"
)

// house is everything in one process.
type house struct {
	command *upCommand
	term    *console
	engine  *engine
	ledger  *database
	rules   *rulePublisher
	url     string // of the API
}

// run runs all parts until ctx ends (nil), one of them fails, the broker ends,
// or with --once all is done. serve answers on the API's port.
func (h *house) run(ctx context.Context, serve func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ready := make(chan struct{})
	group.Go(func() error {
		return h.engine.line.Run(ctx, func(ctx context.Context) error {
			defer close(ready)
			return h.rules.first(ctx)
		})
	})
	group.Go(func() error { return h.ledger.projector.Run(ctx) })
	group.Go(func() error { return serve(ctx) })
	group.Go(func() error {
		select {
		case <-h.engine.broker.Done():
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("the embedded broker ended: %w", h.engine.broker.Err())
		case <-ctx.Done():
			return nil
		}
	})
	group.Go(func() error {
		defer stop()
		select {
		case <-ready:
		case <-ctx.Done():
			return nil
		}
		set := h.engine.line.Env.Rules.Load()
		fmt.Fprintf(h.term.err, "ready: %d rules in force, revision %d; stop with Ctrl-C\n", set.Len(), set.Revision())
		fmt.Fprintf(h.term.err, "ask it: curl %s/techniques\n", h.url)
		group.Go(func() error { return h.rules.watch(ctx) })
		return h.feed(ctx)
	})
	return group.Wait()
}

// feed reads the files, and with --once waits until all is in the database;
// else until ctx ends.
func (h *house) feed(ctx context.Context) error {
	producer, err := topology.NewProducer(h.engine.cluster)
	if err != nil {
		return err
	}
	defer producer.Close()
	c := h.command
	if !c.none(c.Files) {
		report, err := c.sourceFlags.read(ctx, h.term, h.engine.cluster, ingest.NewSink(h.engine.cluster, producer), c.Files)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		fmt.Fprintln(h.term.err, report)
	}
	if !c.Once {
		<-ctx.Done()
		return nil
	}
	if err := h.engine.drain(ctx); err != nil {
		return err
	}
	return h.ledger.caughtUp(ctx)
}
