package projections

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ttpstream/ttpstream/topology"
)

// Projector writes ttp.tagged, attacker.identity and ttp.rule.history into a
// ledger, for as long as it runs.
//
// Several may run on one ledger, in one process or in many: the broker shares
// the partitions out, the ledger says where each begins and whose turn it is.
// An assignment is a [Claim]; with it whoever had the partition before is
// fenced off, however late it wakes up. Nothing is committed to the broker:
// tools that reset offsets change nothing here. A new database begins at the
// oldest record.
//
// Each ledger has consumer groups of its own, so that two of them, on the same
// Kafka, each get everything.
type Projector struct {
	o     ProjectorOptions
	lanes []*lane
}

// ProjectorOptions are how a projector works. Cluster and Store are required.
type ProjectorOptions struct {
	Cluster topology.Cluster
	Store   LedgerWriter
	// MaxBatch is how many records one transaction takes at most. Larger ones
	// are faster when there is much to catch up with, and keep readers of a busy
	// database waiting longer. Defaults to 2000.
	MaxBatch int
	// Linger is how long a batch that is not full waits for more, counted from
	// its first record. It costs that much latency and saves transactions.
	// Negative: not at all. Defaults to 5 ms.
	Linger time.Duration
	// FirstRetry and LastRetry bound the waiting times between tries while the
	// database or the broker is away; each is twice the one before. Default to
	// 100 ms and 10 s.
	FirstRetry, LastRetry time.Duration
	// Progress is told how far the ledger has come. Nil: nobody is.
	Progress *Progress
	// Metrics counts. Nil: nothing is counted.
	Metrics *ProjectorMetrics
	// Logger takes what goes wrong and passes by itself, at Warn. Defaults to
	// discarding it.
	Logger *slog.Logger
}

// Defaults of [ProjectorOptions].
const (
	DefaultMaxBatch   = 2000
	DefaultLinger     = 5 * time.Millisecond
	DefaultFirstRetry = 100 * time.Millisecond
	DefaultLastRetry  = 10 * time.Second
)

// NewProjector makes a projector. Nothing is connected before Run.
func NewProjector(o ProjectorOptions) (*Projector, error) {
	o.MaxBatch = cmp.Or(o.MaxBatch, DefaultMaxBatch)
	o.Linger = cmp.Or(o.Linger, DefaultLinger)
	o.FirstRetry, o.LastRetry = cmp.Or(o.FirstRetry, DefaultFirstRetry), cmp.Or(o.LastRetry, DefaultLastRetry)
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	o.Progress, o.Metrics = cmp.Or(o.Progress, NewProgress()), cmp.Or(o.Metrics, new(ProjectorMetrics))
	switch {
	case o.Store == nil:
		return nil, errors.New("projector: no store")
	case o.MaxBatch < 0:
		return nil, fmt.Errorf("projector: max_batch is %d; it must be at least 1", o.MaxBatch)
	}
	if err := o.Cluster.Validate(); err != nil {
		return nil, fmt.Errorf("projector: %w", err)
	}
	p := &Projector{o: o}
	for _, role := range []struct {
		group  topology.Group
		topics []topology.Topic
	}{
		// Equal partitions of the two come to one member: tags of an attacker and
		// its links.
		{topology.ProjectorGroup, []topology.Topic{topology.Tagged, topology.AttackerIdentity}},
		{topology.RuleProjectorGroup, []topology.Topic{topology.RuleHistory}},
	} {
		role.group.Name += "." + o.Store.ID()
		p.lanes = append(p.lanes, &lane{o: o, group: role.group, topics: role.topics})
	}
	return p, nil
}

// Run projects until ctx ends, and returns nil then; what was not written by
// then is read again by whoever goes on. While the database or the broker is
// away it tries again, for ever. Any other error ends it, with nothing skipped
// and nothing half written: [topology.ErrOffsetLost] when records that the
// ledger needs are gone, [ErrCorrupt], or what the database has against a
// record.
func (p *Projector) Run(ctx context.Context) error {
	producer, err := topology.NewProducer(p.o.Cluster)
	if err != nil {
		return fmt.Errorf("projector: %w", err)
	}
	defer producer.Close()
	group, running := errgroup.WithContext(ctx)
	for _, l := range p.lanes {
		group.Go(func() error { return l.run(running, &letters{producer: producer, lane: l}) })
	}
	if err := group.Wait(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("projector: %w", err)
	}
	return nil
}

// Behind returns how many records of each partition are not in the ledger yet.
// It asks the database and the broker, so it is right for whoever projects, in
// whatever process. Markers of transactions count as records.
func Behind(ctx context.Context, ledger LedgerWriter, admin *topology.Admin) (map[topology.TopicPartition]int64, error) {
	positions, err := ledger.Positions(ctx)
	if err != nil {
		return nil, err
	}
	next := make(map[topology.TopicPartition]int64, len(positions))
	for _, p := range positions {
		next[p.TopicPartition] = p.Next
	}
	behind := make(map[topology.TopicPartition]int64)
	for _, topic := range []topology.Topic{topology.Tagged, topology.AttackerIdentity, topology.RuleHistory} {
		starts, errStarts := admin.Starts(ctx, topic)
		ends, errEnds := admin.Ends(ctx, topic)
		if err := errors.Join(errStarts, errEnds); err != nil {
			return nil, err
		}
		for partition, end := range ends {
			source := topology.TopicPartition{Topic: topic.Name, Partition: partition}
			behind[source] = max(end-max(next[source], starts[partition]), 0)
		}
	}
	return behind, nil
}
