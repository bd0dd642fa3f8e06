package topology

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"github.com/lovoo/goka"
)

// Defaults of [Cluster].
const (
	DefaultClientID          = "ttpstream"
	DefaultPartitions        = 12
	DefaultReplicationFactor = 3
	DefaultMinInsyncReplicas = 2
	DefaultFactRetention     = 90 * day
	DefaultMaxRecordBytes    = 1 << 20
	DefaultLinger            = 2 * time.Millisecond
)

// Forever is a retention without end.
const Forever time.Duration = -1

// Cluster says which Kafka to talk to and how topics are laid out on it. All instances of one installation must
// have the same values but for Brokers, ClientID, Linger,
// Uncompressed and Logger; [Admin.Verify] finds out when they have not.
type Cluster struct {
	// Brokers are the addresses to start from, host:port. At least one is required.
	Brokers []string
	// ClientID names this program in the broker's logs and metrics. Defaults to "ttpstream".
	ClientID string
	// Namespace is put before every topic and group name, with a dot, so that several installations can share
	// one Kafka. Letters, digits and dashes. Defaults to empty: the names as documented.
	Namespace string
	// Partitions is how many partitions every copartitioned topic has. Chosen once: it cannot be changed
	// without making the topics anew, because keys would move. It bounds how many instances can share the work.
	// Defaults to 12.
	Partitions int
	// ReplicationFactor is how many copies of each partition there are at least. 1 for the embedded broker.
	// Defaults to 3.
	ReplicationFactor int
	// MinInsyncReplicas is how many copies must have a record before it counts as published. At most
	// ReplicationFactor. Defaults to 2, or to 1 when ReplicationFactor is 1.
	MinInsyncReplicas int
	// FactRetention is how long facts are kept at least; what is older cannot be reprocessed. [Forever] keeps
	// them. Defaults to 90 days.
	FactRetention time.Duration
	// MaxRecordBytes is the largest record (key, value, headers and overhead) that is published; what is larger
	// is refused with [ErrTooLarge]. Defaults to 1 MiB.
	MaxRecordBytes int
	// Linger is how long processors let a record wait for company before it is sent: latency against requests.
	// Defaults to 2 ms.
	Linger time.Duration
	// Uncompressed sends records as they are: for a broker in this process, to which compression only costs.
	// Defaults to snappy.
	Uncompressed bool
	// Logger takes what clients report: reconnects at Warn, rebalances at Debug. Defaults to discarding it.
	Logger *slog.Logger
}

// discard is the logger of who wants none.
var discard = slog.New(slog.DiscardHandler)

var namespaceForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,62}$`)

// WithDefaults returns the cluster with every unset field at its default.
func (c Cluster) WithDefaults() Cluster {
	c.ClientID = cmp.Or(c.ClientID, DefaultClientID)
	c.Partitions = cmp.Or(c.Partitions, DefaultPartitions)
	c.ReplicationFactor = cmp.Or(c.ReplicationFactor, DefaultReplicationFactor)
	c.MinInsyncReplicas = cmp.Or(c.MinInsyncReplicas, min(DefaultMinInsyncReplicas, c.ReplicationFactor))
	c.FactRetention = cmp.Or(c.FactRetention, DefaultFactRetention)
	c.MaxRecordBytes = cmp.Or(c.MaxRecordBytes, DefaultMaxRecordBytes)
	c.Linger = cmp.Or(c.Linger, DefaultLinger)
	c.Logger = cmp.Or(c.Logger, discard)
	return c
}

// Validate returns an error that names every field with a value that cannot work.
func (c Cluster) Validate() error {
	c = c.WithDefaults()
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("cluster: "+format, args...))
		}
	}
	check(len(c.Brokers) > 0, "brokers is empty; give at least one host:port")
	check(c.Namespace == "" || namespaceForm.MatchString(c.Namespace), "namespace %q may have letters, digits and dashes only", c.Namespace)
	check(c.Partitions > 0 && c.Partitions <= 10_000, "partitions is %d; it must be between 1 and 10000", c.Partitions)
	check(c.ReplicationFactor > 0 && c.ReplicationFactor <= 32, "replication_factor is %d; it must be between 1 and 32", c.ReplicationFactor)
	check(c.MinInsyncReplicas > 0 && c.MinInsyncReplicas <= c.ReplicationFactor,
		"min_insync_replicas is %d; it must be between 1 and replication_factor (%d)", c.MinInsyncReplicas, c.ReplicationFactor)
	check(c.FactRetention == Forever || c.FactRetention >= time.Hour, "fact_retention is %v; it must be at least 1h, or -1 for ever", c.FactRetention)
	check(c.MaxRecordBytes >= 16<<10 && c.MaxRecordBytes <= 32<<20, "max_record_bytes is %d; it must be between 16 KiB and 32 MiB", c.MaxRecordBytes)
	return errors.Join(errs...)
}

// ready is what every constructor starts with.
func (c Cluster) ready() (Cluster, error) {
	return c.WithDefaults(), c.Validate()
}

// Topic returns the topic's name on the broker.
func (c Cluster) Topic(t Topic) string { return c.prefix() + t.Name }

// Stream returns the topic as goka wants a stream named.
func (c Cluster) Stream(t Topic) goka.Stream { return goka.Stream(c.Topic(t)) }

// Table returns the topic as goka wants a table named.
func (c Cluster) Table(t Topic) goka.Table { return goka.Table(c.Topic(t)) }

// Group returns the group's name on the broker.
func (c Cluster) Group(g Group) goka.Group { return goka.Group(c.prefix() + g.Name) }

// Plain returns the name without the namespace: what goes into records, so that they are the same everywhere.
func (c Cluster) Plain(brokerName string) string { return strings.TrimPrefix(brokerName, c.prefix()) }

func (c Cluster) prefix() string {
	if c.Namespace == "" {
		return ""
	}
	return c.Namespace + "."
}

// partitions returns how many partitions the topic has on this cluster.
func (c Cluster) partitions(t Topic) int {
	if t.Spread == Single {
		return 1
	}
	return c.Partitions
}
