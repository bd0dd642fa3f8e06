package broker

import (
	"strconv"

	"github.com/twmb/franz-go/pkg/kfake"
)

// MaxMessageBytes is the largest record batch that a topic takes unless its
// max.message.bytes says otherwise, in bytes as sent: Apache Kafka's default,
// so that what fits here fits there.
const MaxMessageBytes = 1048588

// never is a period in milliseconds that no process lives to see (285 years),
// and that still fits into a time.Duration.
const never = "9000000000000"

// brokerConfigs are the settings that are not Kafka's or kfake's defaults, or
// that must not change if those do.
func brokerConfigs(o Options) map[string]string {
	return map[string]string{
		"message.max.bytes": strconv.Itoa(MaxMessageBytes),
		"log.segment.bytes": strconv.FormatInt(o.SegmentBytes, 10),

		// kfake's cleaner rewrites a partition in place and applies retention
		// on the same timer: neither may run. A topic that says nothing of
		// retention keeps its records.
		"log.cleaner.backoff.ms": never,
		"log.retention.ms":       "-1",
		"log.retention.bytes":    "-1",

		// A machine that was off for a week must find its offsets.
		"offsets.retention.minutes": "2147483647",

		"min.insync.replicas":          "1",
		"default.replication.factor":   "1",
		"group.min.session.timeout.ms": "6000",
		"group.max.session.timeout.ms": "1800000",
		"transaction.max.timeout.ms":   "900000",
	}
}

// clusterOpts are kfake's options for these of ours, but for the listener and
// the logger. Topics are never created by asking for them.
func clusterOpts(o Options) []kfake.Opt {
	opts := []kfake.Opt{
		kfake.NumBrokers(1),
		kfake.ClusterID("ttpstream-embedded"),
		kfake.DefaultNumPartitions(1),
		kfake.BrokerConfigs(brokerConfigs(o)),
	}
	if o.DataDir == "" {
		return opts
	}
	opts = append(opts, kfake.DataDir(o.DataDir))
	if o.SyncWrites {
		opts = append(opts, kfake.SyncWrites())
	}
	return opts
}
