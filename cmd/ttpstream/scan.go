package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ttpstream/ttpstream/processors"
	"github.com/ttpstream/ttpstream/processors/ingest"
	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas/attack"
	"github.com/ttpstream/ttpstream/topology"
)

type scanCommand struct {
	Files []string `arg:"" help:"Sensor logs, mail or a Maildir, plain, gzip or zstd; - for standard input." placeholder:"FILE"`
	ruleFlags
	formatFlags
	JSON      bool   `help:"Print each tag as a line of JSON instead of the picture. A summary goes to standard error."`
	Report    string `help:"Also write the picture as JSON to this file." placeholder:"FILE"`
	Navigator string `help:"Also write an ATT&CK Navigator layer to this file." placeholder:"FILE"`
	Progress  string `help:"Show progress on standard error: auto (on a terminal), always, never." enum:"auto,always,never" default:"auto"`
}

// Help explains what a scan is.
func (c *scanCommand) Help() string {
	return `The same taggers as in production run on a broker in memory, to the end of the input and in bounded
memory. Two scans of one log give the same tags, byte for byte; only the order of lines differs.

Exit code 1 when a file could not be read or a rule is broken. Refused lines are counted and shown, and are no failure.`
}

// Run scans.
func (c *scanCommand) Run(ctx context.Context, term *console) error {
	began := time.Now()
	format, err := c.source()
	if err != nil {
		return err
	}
	if c.Files, err = ingest.Expand(c.Files); err != nil {
		return err
	}
	units, options, err := c.load()
	if err != nil {
		return err
	}
	if err := errors.Join(readable(c.Files), writable(c.Report), writable(c.Navigator)); err != nil {
		return err
	}
	tables, err := os.MkdirTemp("", "ttpstream-scan-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tables)
	refused := newRefusals()
	e, err := startEngine(ctx, engineOptions{
		tableDir: filepath.Join(tables, "tables"), partitions: scanPartitions, linger: scanLinger, rules: options, log: term.log,
		registrar: processors.RegistrarOptions{OnRefused: refused.rule},
	})
	if err != nil {
		return err
	}
	defer e.close()
	s := &scan{command: c, term: term, engine: e, refused: refused, addresses: newAddresses(), outcome: newOutcome(c.JSON, term.out, refused)}
	if err := s.run(ctx, units, format); err != nil {
		return err
	}
	catalogue, err := attack.Release(c.AttackRelease)
	if err != nil {
		return err
	}
	return s.report(catalogue, time.Since(began))
}

// scanPartitions is enough to keep the cores of a laptop busy; each costs a
// table on disk and a goroutine per group.
const scanPartitions = 4

// scanLinger lets records gather: a scan has nobody who waits for one of them.
const scanLinger = 10 * time.Millisecond

// scan is one run of the command.
type scan struct {
	command   *scanCommand
	term      *console
	engine    *engine
	refused   *refusals
	addresses *addresses
	files     []projections.FileIntake
	topics    map[string]int64
	outcome   *outcome
}

// run starts the line, feeds it and waits until all of it is through.
func (s *scan) run(ctx context.Context, units []*rules.Unit, format ingest.Source) error {
	group, ctx := errgroup.WithContext(ctx)
	running, stop := context.WithCancel(ctx)
	ready := make(chan struct{})
	group.Go(func() error {
		return s.engine.line.Run(running, func(ctx context.Context) error {
			if err := s.engine.publishRules(ctx, units); err != nil {
				return err
			}
			if err := s.refused.ruleError(); err != nil {
				return err
			}
			close(ready)
			return nil
		})
	})
	tags, err := newTopicReader(ctx, s.engine.cluster, topology.Tagged, s.outcome.tag)
	if err != nil {
		return stopped(stop, group, err)
	}
	letters, err := newTopicReader(ctx, s.engine.cluster, topology.DeadLetter, s.outcome.letter)
	if err != nil {
		return stopped(stop, group, err)
	}
	group.Go(func() error { return tags.run(running) })
	group.Go(func() error { return letters.run(running) })
	group.Go(func() error { return s.engine.trim(running, tags, letters) })
	group.Go(func() error {
		defer stop()
		select {
		case <-ready:
		case <-ctx.Done():
			return nil
		}
		if err := s.feed(ctx, format); err != nil {
			return err
		}
		if err := s.engine.drain(ctx); err != nil {
			return err
		}
		if err := letters.finish(ctx, s.engine.admin); err != nil {
			return err
		}
		return tags.finish(ctx, s.engine.admin)
	})
	return group.Wait()
}

// stopped ends what runs and returns err.
func stopped(stop context.CancelFunc, running *errgroup.Group, err error) error {
	stop()
	return errors.Join(err, running.Wait())
}

// feed reads every file, in order.
func (s *scan) feed(ctx context.Context, format ingest.Source) error {
	bar := newProgressBar(s.term.err, s.command.Progress, s.command.Files)
	defer bar.done()
	sink := newPacedSink(s.engine, s.addresses)
	s.topics = map[string]int64{}
	for _, path := range s.command.Files {
		if err := s.feedFile(ctx, sink, format, path, bar); err != nil {
			return err
		}
	}
	return nil
}

func (s *scan) feedFile(ctx context.Context, sink ingest.Sink, format ingest.Source, path string, bar *progressBar) error {
	ingester, err := ingest.New(ingest.Options{Sink: sink, Format: format, OnRefused: s.refused.letter, Logger: s.term.log})
	if err != nil {
		return err
	}
	stop := bar.follow(func() int64 { return ingester.Report().Bytes })
	if path == ingest.Stdin {
		err = ingester.Stream(ctx, "stdin", s.term.in)
	} else {
		err = ingester.File(ctx, path)
	}
	stop()
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	counted, err := ingester.Finish(ctx)
	if err != nil {
		return err
	}
	for topic, n := range counted.Topics {
		s.topics[topic] += n
	}
	s.files = append(s.files, projections.FileIntake{
		Name: path, Lines: counted.Lines, Read: counted.Published + counted.Refused, Published: counted.Published,
		Refused: counted.Refused, Blank: counted.Blank, Bytes: counted.Bytes,
	})
	return nil
}
