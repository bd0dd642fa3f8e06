package broker

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"
)

// dataDir is a data directory between two runs of kfake: the time at which
// what a kill left is put in order, and what is no longer wanted is dropped.
type dataDir struct {
	path  string
	log   *slog.Logger
	now   time.Time
	opts  Options
	clean bool // the last run ended in a Close that went well

	step func(string) error
}

func newDataDir(o Options) *dataDir {
	return &dataDir{path: o.DataDir, log: o.Logger, now: o.now(), opts: o}
}

// recover puts the directory in order and compacts it. Each step leaves files
// from which another recovery comes to the same end.
func (d *dataDir) recover(ctx context.Context) error {
	d.step = func(name string) error {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("broker: start: %w", err)
		}
		return d.opts.step(name)
	}
	topics, known, err := readTopics(d.path)
	if err != nil || !known {
		return err
	}
	pids, err := d.readState()
	if err != nil {
		return err
	}
	parts, err := d.loadAll(ctx, topics)
	if err != nil {
		return err
	}
	if err := d.endTransactions(parts); err != nil {
		return err
	}
	if err := d.rememberProducers(topics, parts, pids); err != nil {
		return err
	}
	if err := d.thin(parts); err != nil {
		return err
	}
	if err := d.step("open"); err != nil {
		return err
	}
	return remove(filepath.Join(d.path, closedFile))
}

// readState finds out how the last run ended, repairs what is not a
// partition's, and returns the log of producer ids.
func (d *dataDir) readState() ([][]byte, error) {
	var err error
	if d.clean, err = exists(filepath.Join(d.path, closedFile)); err != nil {
		return nil, err
	}
	if _, err := removeTmp(d.path); err != nil {
		return nil, err
	}
	if !d.clean { // kfake believes it whenever it is there
		if err := remove(filepath.Join(d.path, sessionFile)); err != nil {
			return nil, err
		}
	}
	if _, err := d.repairFrames(filepath.Join(d.path, groupsFile)); err != nil {
		return nil, err
	}
	return d.repairFrames(filepath.Join(d.path, pidsFile))
}

// loadAll reads every partition, some at a time.
func (d *dataDir) loadAll(ctx context.Context, topics []topic) ([]*partition, error) {
	windows, err := d.readWindows(topics)
	if err != nil {
		return nil, err
	}
	var parts []*partition
	for _, t := range topics {
		for id := range t.Partitions {
			parts = append(parts, newPartition(d, t, id, windows))
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, p := range parts {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("broker: start: %w", err)
			}
			return d.load(p)
		})
	}
	return parts, g.Wait()
}

// endTransactions writes the abort marker that a kill kept a transaction from
// getting. Those that a Close has saved go on.
func (d *dataDir) endTransactions(parts []*partition) error {
	saved, err := d.savedTransactions()
	if err != nil {
		return err
	}
	for _, p := range parts {
		for producer, t := range p.open {
			if saved[producer] {
				continue
			}
			d.log.Warn("broker: aborted a transaction that a kill interrupted", "partition", p.String(), "producer", producer)
			raw := abortMarker(p.end, p.epoch, producer, t.epoch, d.now.UnixMilli())
			if err := d.append(p, raw); err != nil {
				return err
			}
		}
	}
	return nil
}

// savedTransactions are the producers whose transactions kfake will take up
// again, because it saved them at Close.
func (d *dataDir) savedTransactions() (map[int64]bool, error) {
	var session struct {
		InProgress []struct {
			Producer int64 `json:"pid"`
		} `json:"inProgressTxns"`
	}
	if !d.clean {
		return nil, nil
	}
	if _, err := readJSON(filepath.Join(d.path, sessionFile), &session); err != nil {
		return nil, err
	}
	saved := make(map[int64]bool)
	for _, t := range session.InProgress {
		saved[t.Producer] = true
	}
	return saved, nil
}

// rememberProducers writes down what the log tells of producers, before
// compaction makes it forget.
func (d *dataDir) rememberProducers(topics []topic, parts []*partition, pids [][]byte) error {
	for _, p := range parts {
		p.prune()
	}
	if err := d.writeWindows(topics, parts); err != nil {
		return err
	}
	return d.writeProducers(pids, parts)
}

// thin applies retention and compaction, and leaves each partition with a
// snapshot that fits.
func (d *dataDir) thin(parts []*partition) error {
	for _, p := range parts {
		if err := d.retain(p); err != nil {
			return err
		}
		if err := d.compact(p); err != nil {
			return err
		}
		if err := d.step("snapshot"); err != nil {
			return err
		}
		if err := p.saveSnapshot(d.opts.SyncWrites); err != nil {
			return err
		}
	}
	return nil
}
