package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/ttpstream/ttpstream/processors"
	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/schemas"
)

type upCommand struct {
	Files []string `arg:"" optional:"" help:"Sensor logs, mail or a Maildir to read into it; - for standard input." placeholder:"FILE"`
	Data  string   `help:"Where everything is kept. Made when it is not there." default:"ttpstream-data" type:"path"`
	Port  int      `help:"Port of the embedded Kafka broker on 127.0.0.1; 0 takes a free one." default:"9092"`
	apiFlags
	Database string `help:"Database of tags and rollups: sqlite:FILE. Default: ledger.db in --data. It can be deleted: it is made anew from the topics." placeholder:"DSN"`
	ruleFlags
	sourceFlags
	Partitions   int      `help:"Partitions of every fact topic. Chosen once for a data directory." default:"4"`
	ResetOffsets []string `help:"Consumer groups that begin at their oldest record again, such as ttp.command-tagger: everything is judged anew under today's rules, and what was found before is not found twice." placeholder:"GROUP"`
	Once         bool     `help:"Stop when the files are read and everything is in the database."`
}

// Help explains what runs.
func (c *upCommand) Help() string {
	return `One process with an embedded Kafka broker on disk, the registrar, the taggers, the gate, a projector into a SQLite
database and the HTTP API, all on loopback. Rule files of --rules are published again whenever they change; a broken
one is reported and changes nothing. Killed at any moment, it goes on where it was.`
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

// upMemory is how much memory the collector keeps everything in, if it can.
// Reading a large directory at the start leaves much behind that is garbage;
// without a bound it stays resident for minutes.
const upMemory = 220 << 20

// Run runs everything in one process until it is told to stop.
func (c *upCommand) Run(ctx context.Context, term *console) error {
	if err := c.check(); err != nil {
		return err
	}
	if c.Once { // nobody is there to mend a rule while it runs
		if _, _, err := c.load(); err != nil {
			return err
		}
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(upMemory)
	}
	pack, options, err := c.builtIn()
	if err != nil {
		return err
	}
	listener, err := c.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	c.Checkpoint = cmp.Or(c.Checkpoint, filepath.Join(c.Data, "ingest.json"))
	c.Database = cmp.Or(c.Database, "sqlite:"+filepath.Join(c.Data, "ledger.db"))
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
	return c.runOn(ctx, term, e, pack, listener)
}

// prepare does to the broker what must be done before anything runs on it.
func (c *upCommand) prepare(ctx context.Context, e *engine) error {
	for _, name := range c.ResetOffsets {
		i := slices.IndexFunc(judged, func(j judgedTopic) bool { return j.group.Name == name })
		if i < 0 {
			return usageError{fmt.Errorf("--reset-offsets: no group %q; there are %s", name, strings.Join(judgedGroups(), ", "))}
		}
		if err := e.admin.Forget(ctx, judged[i].group); err != nil {
			return err
		}
	}
	if c.FromTopic != "" && len(c.FromBrokers) == 0 {
		return e.admin.Create(ctx, c.FromTopic)
	}
	return nil
}

// runOn runs the house on a broker.
func (c *upCommand) runOn(ctx context.Context, term *console, e *engine, pack []packRule, listener net.Listener) error {
	if err := c.prepare(ctx, e); err != nil {
		return err
	}
	l, err := openLedger(ctx, e.cluster, e.admin, c.Database, term.log)
	if err != nil {
		return err
	}
	defer l.store.Close()
	server, err := newAPI(e.cluster, l.store, e.producer, e.admin, e.line.Env.Rules, c.AttackRelease, term.log)
	if err != nil {
		return err
	}
	publisher, err := newRulePublisher(term, e, c.Rules, pack)
	if err != nil {
		return err
	}
	defer publisher.close()
	fmt.Fprintf(term.err, "Kafka broker on %s, API on http://%s, data in %s\n", strings.Join(e.cluster.Brokers, ","), listener.Addr(), c.Data)
	h := &house{command: c, term: term, engine: e, ledger: l, rules: publisher, url: "http://" + listener.Addr().String() + api.Prefix}
	return h.run(ctx, func(ctx context.Context) error { return server.Serve(ctx, listener) })
}
