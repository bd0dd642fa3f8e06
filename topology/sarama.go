package topology

import (
	"time"

	"github.com/IBM/sarama"
	"github.com/lovoo/goka"
)

// How a member of a group proves that it lives. A member that dies is noticed after the session timeout; one
// that leaves, or a new one, is noticed by the others at their next heartbeat. Ten seconds bear a pause of a
// busy machine; brokers refuse less than six by default.
const (
	sessionTimeout    = 10 * time.Second
	heartbeatInterval = time.Second
)

// saramaConfig returns the settings of the clients inside goka, made anew at each call: goka's builders write
// into what they are given. One set serves the embedded broker and Apache Kafka 2.8 to 4.x.
func saramaConfig(c Cluster) *sarama.Config {
	cfg := goka.DefaultConfig()
	cfg.ClientID = c.ClientID
	// The protocol both brokers speak. Below 2.3 static membership is ignored; goka's default is 2.0.
	cfg.Version = sarama.V2_8_0_0
	// goka's 256 makes a fetch wait for the callbacks more often than needed.
	cfg.ChannelBufferSize = 1024
	// A topic that is missing is an error of provisioning, not a wish.
	cfg.Metadata.AllowAutoTopicCreation = false

	// The default is the newest record, which skips what came before the group's first start.
	cfg.Consumer.Offsets.Initial = sarama.OffsetOldest
	// The default jumps to Initial when an offset has expired, and says nothing. orderedGroup makes it a
	// sentence.
	cfg.Consumer.Group.ResetInvalidOffsets = false
	cfg.Consumer.Group.Session.Timeout = sessionTimeout
	// The default of 3 s is how long others go on before they notice that a member came or left.
	cfg.Consumer.Group.Heartbeat.Interval = heartbeatInterval
	// Foreign programs may write in transactions; what they aborted was never said.
	cfg.Consumer.IsolationLevel = sarama.ReadCommitted
	// One fetch of 4 MiB instead of 1 MiB costs a partition less per record when it is behind.
	cfg.Consumer.Fetch.Default = 4 << 20
	// How long an idle fetch stays open; records that come end it at once. Also bounds how long closing takes.
	cfg.Consumer.MaxWaitTime = 250 * time.Millisecond

	// The default is the leader alone, whose failure loses acknowledged records.
	cfg.Producer.RequiredAcks = sarama.WaitForAll
	// A retry must neither double nor reorder. Idempotence wants one request at a time.
	cfg.Producer.Idempotent = true
	cfg.Net.MaxOpenRequests = 1
	// goka's 100 ms is how long an emit waits for company: 50 ms of latency on average.
	cfg.Producer.Flush.Frequency = c.Linger
	// goka's ten tries, 100 ms apart, do not outlast the election of a leader; these last ten seconds. Then the
	// processor stops.
	cfg.Producer.Retry.Max = 100
	cfg.Producer.Compression = sarama.CompressionSnappy
	if c.Uncompressed {
		cfg.Producer.Compression = sarama.CompressionNone
	}
	cfg.Producer.MaxMessageBytes = c.MaxRecordBytes
	return cfg
}
