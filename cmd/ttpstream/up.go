package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ttpstream/ttpstream/processors"
	"github.com/ttpstream/ttpstream/processors/ingest"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

type upCommand struct {
	Files []string `arg:"" optional:"" help:"Sensor logs to read into it; - for standard input." placeholder:"FILE"`
	Data  string   `help:"Where everything is kept. Made when it is not there." default:"ttpstream-data" type:"path"`
	Port  int      `help:"Port of the embedded Kafka broker on 127.0.0.1; 0 takes a free one." default:"9092"`
	ruleFlags
	sourceFlags
	Partitions int  `help:"Partitions of every fact topic. Chosen once for a data directory." default:"4"`
	Once       bool `help:"Stop when the files are read and everything is through the gate."`
}

// check refuses what cannot work before anything is started.
func (c *upCommand) check() error {
	switch {
	case c.Port < 0 || c.Port > 65535:
		return usageError{fmt.Errorf("--port: %d is not between 0 and 65535", c.Port)}
	case c.Partitions < 1 || c.Partitions > 10_000:
		return usageError{fmt.Errorf("--partitions: %d is not between 1 and 10000", c.Partitions)}
	case c.Follow && c.Once:
		return usageError{errors.New("--follow never comes to an end that --once could wait for; leave one of them out")}
	}
	return c.sourceFlags.check(c.Files)
}

// Run runs everything in one process until it is told to stop.
func (c *upCommand) Run(ctx context.Context, term *console) error {
	if err := c.check(); err != nil {
		return err
	}
	units, options, err := c.load()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	c.Checkpoint = cmp.Or(c.Checkpoint, filepath.Join(c.Data, "ingest.json"))
	e, err := startEngine(ctx, engineOptions{
		dataDir: c.Data, port: c.Port, partitions: c.Partitions, rules: options, log: term.log,
		restart:   processors.RestartPolicy{First: time.Second, Last: time.Minute},
		registrar: processors.RegistrarOptions{OnRefused: func(status *schemas.RuleStatus) { printRefusal(term.err, status) }},
	})
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken; choose another with --port, or 0 for one that is free", c.Port)
	}
	if err != nil {
		return err
	}
	defer e.close()
	fmt.Fprintf(term.err, "Kafka broker on %s, data in %s\n", strings.Join(e.cluster.Brokers, ","), c.Data)

	group, ctx := errgroup.WithContext(ctx)
	running, stop := context.WithCancel(ctx)
	ready := make(chan struct{})
	group.Go(func() error {
		return e.line.Run(running, func(ctx context.Context) error {
			defer close(ready)
			return e.publishRules(ctx, units)
		})
	})
	group.Go(func() error {
		defer stop()
		select {
		case <-ready:
		case <-ctx.Done():
			return nil
		}
		fmt.Fprintf(term.err, "ready: %d rules in force, revision %d; stop with Ctrl-C\n", e.line.Env.Rules.Load().Len(), e.line.Env.Rules.Load().Revision())
		return c.feed(ctx, term, e)
	})
	return group.Wait()
}

// feed reads the files, and with --once waits until all is through; else
// until ctx ends.
func (c *upCommand) feed(ctx context.Context, term *console, e *engine) error {
	producer, err := topology.NewProducer(e.cluster)
	if err != nil {
		return err
	}
	defer producer.Close()
	if len(c.Files) > 0 {
		report, err := c.sourceFlags.read(ctx, term, ingest.NewSink(e.cluster, producer), c.Files)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		fmt.Fprintln(term.err, report)
	}
	if c.Once {
		return e.drain(ctx)
	}
	<-ctx.Done()
	return nil
}
