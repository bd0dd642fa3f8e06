package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// RuleDirectory publishes rule files to ttp.rules as they change: one more
// client of the inbox, with no rights of its own. What is wrong with a file is
// told, and changes nothing; only a file that is gone removes its rule.
//
// It goes by what the files hold, not by what the file system says happened:
// after any event, once nothing has happened for a while, all files are read
// and compared with what was published. So a rename, a burst, a swapped
// symbolic link and a delete followed by a create are each one change, or none.
type RuleDirectory struct {
	o       RuleDirectoryOptions
	watcher *fsnotify.Watcher
	// files are as last read, by path.
	files map[string]ruleFile
	// inbox is what ttp.rules holds, by key, as far as this publisher knows;
	// nil before the first look.
	inbox map[string]inboxRule
}

// RuleDirectoryOptions are how a rule directory is published.
type RuleDirectoryOptions struct {
	// Paths are directories, which are searched with all below them, and files.
	Paths []string
	// Cluster and Producer are what is published with. Required.
	Cluster  topology.Cluster
	Producer *topology.Producer
	// Rules are the options that files are parsed with. The zero value is the
	// embedded catalogues.
	Rules rules.Options
	// Settle is how long nothing must happen before files are read. Defaults to
	// 200 ms; however much happens, files are read after ten times as long.
	Settle time.Duration
	// OnProblems is told what is wrong with the files, once per content.
	// Defaults to nobody.
	OnProblems func(rules.Problems)
	// Logger takes what is published and removed, at Info. Nil: discarded.
	Logger *slog.Logger
}

const (
	defaultSettle = 200 * time.Millisecond
	// settleAtMost bounds, in settle times, how long changes that never end can
	// hold back all others.
	settleAtMost = 10
	// lookAnyway is for file systems that do not tell, such as network mounts.
	lookAnyway = time.Minute
)

// NewRuleDirectory begins to watch, so that what changes from now on is seen,
// and reads the files; nothing is published yet. Errors: the system has no more watches to give. Close it.
func NewRuleDirectory(o RuleDirectoryOptions) (*RuleDirectory, error) {
	o.Settle = cmp.Or(o.Settle, defaultSettle)
	if o.OnProblems == nil {
		o.OnProblems = func(rules.Problems) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching rule files: %w", err)
	}
	d := &RuleDirectory{o: o, watcher: watcher, files: map[string]ruleFile{}}
	seen := d.look()
	d.watch(seen)
	d.files = seen.files
	return d, nil
}

// IDs returns the ids of what the files held when they were last read.
func (d *RuleDirectory) IDs() map[string]bool {
	ids := map[string]bool{}
	for _, file := range d.files {
		if file.good() {
			ids[file.id] = true
		}
	}
	return ids
}

// Close ends the watching.
func (d *RuleDirectory) Close() error { return d.watcher.Close() }

// Sync reads the files and publishes what differs. It returns the offset of
// the last publication, -1 for none. Errors: Kafka's. Problems in files go to
// OnProblems and are no error.
func (d *RuleDirectory) Sync(ctx context.Context) (int64, error) {
	if d.inbox == nil {
		inbox, err := d.readInbox(ctx)
		if err != nil {
			return -1, fmt.Errorf("rule directory: %w", err)
		}
		d.inbox = inbox
	}
	seen := d.look()
	d.watch(seen)
	d.files = seen.files
	plan := planRules(seen, d.inbox)
	if len(plan.problems) > 0 {
		d.o.OnProblems(plan.problems)
	}
	return d.publish(ctx, plan)
}

// Run publishes changes until ctx ends (nil) or Kafka fails for good.
func (d *RuleDirectory) Run(ctx context.Context) error {
	var settled, latest <-chan time.Time
	anyway := time.NewTicker(lookAnyway)
	defer anyway.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-d.watcher.Events:
			if !open {
				return nil
			}
			settled = time.After(d.o.Settle)
			if latest == nil {
				latest = time.After(settleAtMost * d.o.Settle)
			}
			continue
		case err := <-d.watcher.Errors: // events were dropped: look at everything
			if err != nil && !errors.Is(err, fsnotify.ErrEventOverflow) {
				d.o.Logger.Warn("watching rule files", "error", err)
			}
		case <-settled:
		case <-latest:
		case <-anyway.C:
		}
		settled, latest = nil, nil
		if _, err := d.Sync(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
	}
}

// publish sends what a plan says, lists first: the registrar admits in order.
func (d *RuleDirectory) publish(ctx context.Context, plan rulePlan) (int64, error) {
	var messages []topology.Message
	for _, file := range plan.put {
		messages = append(messages, topology.Message{Topic: topology.Rules, Key: file.id, Value: file.text, Headers: source(file.path)})
	}
	for _, id := range plan.remove {
		messages = append(messages, topology.Message{Topic: topology.Rules, Key: id, Headers: source(d.inbox[id].path)})
	}
	records, err := d.o.Producer.ProduceSync(ctx, messages...)
	if err != nil {
		d.inbox = nil // some may have been published: look again
		return -1, fmt.Errorf("rule directory: %w", err)
	}
	last := int64(-1)
	for _, record := range records {
		last = max(last, record.Offset)
	}
	for _, file := range plan.put {
		d.inbox[file.id] = inboxRule{hash: file.hash, path: file.path}
		d.o.Logger.Info("rule published", "rule", file.id, "file", file.path)
	}
	for _, id := range plan.remove {
		d.o.Logger.Info("rule removed: its file is gone", "rule", id, "file", d.inbox[id].path)
		delete(d.inbox, id)
	}
	return last, nil
}

// sourcePrefix marks in [schemas.HeaderSource] what a rule directory published.
const sourcePrefix = "dir:"

func source(path string) []topology.Header {
	return []topology.Header{{Key: schemas.HeaderSource, Value: []byte(sourcePrefix + path)}}
}

// readInbox returns what ttp.rules holds. A rule that another publisher wrote
// last has no path: this one may replace it and never removes it.
func (d *RuleDirectory) readInbox(ctx context.Context) (map[string]inboxRule, error) {
	reader, err := topology.NewReader(ctx, d.o.Cluster, topology.Rules, topology.From{})
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	inbox := map[string]inboxRule{}
	err = reader.ReadToEnd(ctx, func(record topology.Record) error {
		if len(record.Value) == 0 {
			delete(inbox, record.Key)
			return nil
		}
		rule := inboxRule{hash: hashOf(record.Value)}
		for _, header := range record.Headers {
			if path, ok := strings.CutPrefix(string(header.Value), sourcePrefix); ok && header.Key == schemas.HeaderSource && under(path, d.o.Paths) {
				rule.path = path
			}
		}
		inbox[record.Key] = rule
		return nil
	})
	return inbox, err
}
