package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/ttpstream/ttpstream/processors/ingest"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// sourceFlags say what to read and how.
type sourceFlags struct {
	formatFlags
	PasswordKeyFile string   `help:"Publish tried passwords as HMAC-SHA256 under the key in this file, not as typed." type:"existingfile" placeholder:"FILE"`
	Follow          bool     `help:"Go on as the files grow and are rotated, from where the last run stopped."`
	FromTopic       string   `help:"Read a Kafka topic that another program writes, such as Cowrie's Kafka output; a record is a line. Until Ctrl-C." placeholder:"TOPIC"`
	FromBrokers     []string `help:"Kafka that --from-topic is on. Default: the same." placeholder:"HOST:PORT"`
	FromGroup       string   `help:"Consumer group that remembers how far --from-topic is read." default:"ttpstream-ingest"`
	Checkpoint      string   `help:"With --follow: where to remember how far the files are read. Default: ttpstream-ingest.json, or ingest.json in --data." type:"path" placeholder:"FILE"`
}

// check refuses what cannot work before anything is started.
func (f *sourceFlags) check(files []string) error {
	if _, err := f.source(); err != nil {
		return err
	}
	if _, err := f.passwordKey(); err != nil {
		return err
	}
	if f.Follow && slices.Contains(files, ingest.Stdin) {
		return usageError{errors.New("--follow is for files; standard input is read to its end without it")}
	}
	if f.Follow {
		return nil // it waits for a file that is not there yet
	}
	if f.FromTopic != "" && len(files) > 0 {
		return usageError{errors.New("--from-topic reads a topic; name no files beside it")}
	}
	expanded, err := ingest.Expand(files)
	if err != nil {
		return err
	}
	return readable(expanded)
}

// none reports whether there is nothing to read.
func (f *sourceFlags) none(files []string) bool { return len(files) == 0 && f.FromTopic == "" }

// readable returns an error that names every file that cannot be read.
func readable(files []string) error {
	var errs []error
	for _, path := range files {
		if path == ingest.Stdin {
			continue
		}
		switch info, err := os.Stat(path); {
		case errors.Is(err, fs.ErrNotExist):
			errs = append(errs, fmt.Errorf("%s: there is no such file", path))
		case err != nil:
			errs = append(errs, err)
		case info.IsDir():
			errs = append(errs, fmt.Errorf("%s is a directory; name the files in it: %s/*", path, strings.TrimSuffix(path, "/")))
		}
	}
	return errors.Join(errs...)
}

type ingestCommand struct {
	Files []string `arg:"" optional:"" help:"Sensor logs, mail or a Maildir, plain, gzip or zstd; - for standard input." placeholder:"FILE"`
	clusterFlags
	sourceFlags
	JSON bool `help:"Print the report as JSON."`
}

// Help explains what is safe.
func (c *ingestCommand) Help() string {
	return `An event's id is made of what the sensor wrote, so publishing a file again adds nothing to ttp.tagged.
Lines that cannot be read become dead letters with file, line and reason; the lines after them are published.`
}

// Run publishes the files.
func (c *ingestCommand) Run(ctx context.Context, term *console) error {
	if err := c.check(c.Files); err != nil {
		return err
	}
	if c.none(c.Files) {
		return usageError{errors.New("nothing to read: name files, - for standard input, or --from-topic")}
	}
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	c.Checkpoint = cmp.Or(c.Checkpoint, "ttpstream-ingest.json")
	err = withAdmin(cluster, func(admin *topology.Admin) error { return admin.Provision(ctx) })
	if err != nil {
		return err
	}
	producer, err := topology.NewProducer(cluster)
	if err != nil {
		return err
	}
	defer producer.Close()
	report, err := c.sourceFlags.read(ctx, term, cluster, ingest.NewSink(cluster, producer), c.Files)
	if err != nil && !((c.Follow || c.FromTopic != "") && ctx.Err() != nil) {
		return err
	}
	return c.print(term, report)
}

// read publishes the files to a sink: once to their ends, or as they grow
// until ctx ends; or a topic, on the cluster unless other brokers are named.
func (f *sourceFlags) read(ctx context.Context, term *console, cluster topology.Cluster, sink ingest.Sink, files []string) (ingest.Report, error) {
	options := ingest.Options{Sink: sink, Logger: term.log, OnRefused: func(letter *schemas.DeadLetter) {
		term.log.Info("refused", "at", letter.Key(), "reason", letter.Reason)
	}}
	var err error
	if options.Format, err = f.source(); err != nil {
		return ingest.Report{}, err
	}
	if files, err = ingest.Expand(files); err != nil {
		return ingest.Report{}, err
	}
	if options.HashPasswords, err = f.passwordKey(); err != nil {
		return ingest.Report{}, err
	}
	ingester, err := ingest.New(options)
	if err != nil {
		return ingest.Report{}, err
	}
	if f.FromTopic != "" {
		err = ingester.FollowTopic(ctx, f.foreign(cluster))
		return ingester.Report(), err
	}
	if f.Follow {
		err = followFiles(ctx, ingester, files, f.Checkpoint)
		return ingester.Report(), err
	}
	for _, path := range files {
		if path == ingest.Stdin {
			err = ingester.Stream(ctx, "stdin", term.in)
		} else {
			err = ingester.File(ctx, path)
		}
		if err != nil {
			return ingester.Report(), fmt.Errorf("reading %s: %w", path, err)
		}
	}
	return ingester.Finish(ctx)
}

// foreign is the topic that another program writes.
func (f *sourceFlags) foreign(cluster topology.Cluster) ingest.ForeignTopic {
	cluster.Namespace = ""
	if len(f.FromBrokers) > 0 {
		cluster.Brokers = f.FromBrokers
	}
	return ingest.ForeignTopic{Cluster: cluster, Topic: f.FromTopic, Group: f.FromGroup}
}

// followFiles follows each file on its own.
func followFiles(ctx context.Context, ingester *ingest.Ingester, files []string, checkpoint string) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, path := range files {
		state := checkpoint
		if len(files) > 1 { // by path: their order on the command line may change
			state = fmt.Sprintf("%s.%08x", checkpoint, crc32.ChecksumIEEE([]byte(path)))
		}
		group.Go(func() error { return ingester.Follow(ctx, path, ingest.FollowOptions{Checkpoint: state}) })
	}
	return group.Wait()
}

func (f *sourceFlags) passwordKey() ([]byte, error) {
	if f.PasswordKeyFile == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(f.PasswordKeyFile)
	if err != nil {
		return nil, err
	}
	key := strings.TrimSpace(string(raw))
	if len(key) < 16 {
		return nil, usageError{errors.New("the password key has fewer than 16 characters; make one with: openssl rand -hex 32")}
	}
	return []byte(key), nil
}

func (c *ingestCommand) print(term *console, report ingest.Report) error {
	if !c.JSON {
		_, err := fmt.Fprintln(term.out, report)
		return err
	}
	raw, err := schemas.EncodeJSON(report)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.out, "%s\n", raw)
	return err
}
