package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/ttpstream/ttpstream/processors"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/broker"
)

// engine is the whole line in one process on an embedded broker: what scan
// runs in memory and up on a directory.
type engine struct {
	broker   *broker.Broker
	cluster  topology.Cluster
	admin    *topology.Admin
	producer *topology.Producer
	line     *processors.Line
	watch    *topology.Watch
	metrics  *processors.Metrics
	options  rules.Options
	log      *slog.Logger
}

// engineOptions say where an engine keeps what it has.
type engineOptions struct {
	// dataDir holds topics and tables. Empty: topics in memory.
	dataDir string
	// tableDir holds what tables have beyond memory. Required where dataDir is empty.
	tableDir string
	port     int
	// linger: see [topology.Cluster].
	linger     time.Duration
	partitions int
	rules      rules.Options
	restart    processors.RestartPolicy
	registrar  processors.RegistrarOptions
	log        *slog.Logger
}

// memoryKeys is how many tags the gate of a scan knows by heart, in each
// partition: about 100 MB in all.
const memoryKeys = 150_000

func (o engineOptions) storage() topology.Storage {
	if o.dataDir != "" {
		return topology.DiskStorage(filepath.Join(o.dataDir, "tables"))
	}
	return topology.ThrowawayStorage(topology.DiskStorage(o.tableDir), memoryKeys)
}

// startEngine starts the broker and makes the topics and the parts. Nothing
// is read or judged until run.
func startEngine(ctx context.Context, o engineOptions) (*engine, error) {
	topics := ""
	if o.dataDir != "" {
		topics = filepath.Join(o.dataDir, "topics")
	}
	kafka, err := broker.Start(ctx, broker.Options{DataDir: topics, Port: o.port, Logger: o.log})
	if err != nil {
		return nil, err
	}
	e := &engine{broker: kafka, watch: topology.NewWatch(), metrics: &processors.Metrics{}, options: o.rules, log: o.log}
	e.cluster = topology.Cluster{
		Brokers: kafka.Addrs(), Partitions: o.partitions, ReplicationFactor: 1, FactRetention: topology.Forever,
		Linger: o.linger, Uncompressed: o.dataDir == "", Logger: o.log,
	}.WithDefaults()
	if err := e.connect(ctx, o); err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

func (e *engine) connect(ctx context.Context, o engineOptions) (err error) {
	if e.admin, err = topology.NewAdmin(e.cluster); err != nil {
		return err
	}
	if err = e.admin.Provision(ctx); err != nil {
		return err
	}
	if e.producer, err = topology.NewProducer(e.cluster); err != nil {
		return err
	}
	o.registrar.Rules = o.rules
	e.line, err = processors.NewLine(processors.Env{
		Cluster: e.cluster, Storage: o.storage(), Unannounced: o.dataDir == "", Watch: e.watch, Metrics: e.metrics, Logger: o.log,
	}, processors.LineOptions{Instance: "embedded", Registrar: o.registrar, Restart: o.restart})
	return err
}

// publishRules publishes rules and returns when each is admitted or refused
// and the admitted ones are in force.
func (e *engine) publishRules(ctx context.Context, units []*rules.Unit) error {
	offset, err := publishUnits(ctx, e.producer, units, nil)
	if err != nil || offset < 0 {
		return err
	}
	if err := e.line.Registrar.Handled(ctx, topology.Rules, offset); err != nil {
		return err
	}
	return e.line.Follower.Wait(ctx, e.line.Registrar.Revision())
}

// judgedTopic is a fact topic and the group that judges it.
type judgedTopic struct {
	facts topology.Topic
	group topology.Group
}

func judgedGroups() (names []string) {
	for _, j := range judged {
		names = append(names, j.group.Name)
	}
	return names
}

// judged pairs each fact topic with its group, as the map says.
var judged = taggers()

func taggers() (found []judgedTopic) {
	for _, role := range topology.Roles() {
		if role.Class == "taggers" {
			found = append(found, judgedTopic{facts: role.Reads[0], group: role.Group})
		}
	}
	return found
}

// drain returns when everything published so far is judged and through the
// gate.
func (e *engine) drain(ctx context.Context) error {
	for _, j := range judged {
		ends, err := e.admin.Ends(ctx, j.facts)
		if err != nil {
			return err
		}
		if err := e.wait(ctx, j.group, j.facts, ends); err != nil {
			return err
		}
	}
	ends, err := e.admin.Ends(ctx, topology.Candidate)
	if err != nil {
		return err
	}
	return e.wait(ctx, topology.GateGroup, topology.Candidate, ends)
}

func (e *engine) wait(ctx context.Context, group topology.Group, topic topology.Topic, before map[int32]int64) error {
	return e.watch.Wait(ctx, string(e.cluster.Group(group)), e.cluster.Topic(topic), before)
}

// finished returns, by partition, the offset before which a group has
// finished everything.
func (e *engine) finished(group topology.Group, topic topology.Topic) map[int32]int64 {
	offsets := map[int32]int64{}
	for partition := range int32(e.cluster.Partitions) {
		offset := e.watch.Finished(string(e.cluster.Group(group)), e.cluster.Topic(topic), partition)
		offsets[partition] = max(offset, 0)
	}
	return offsets
}

// closePatience bounds what is spent on an orderly end.
const closePatience = 10 * time.Second

func (e *engine) close() error {
	if e.producer != nil {
		ctx, cancel := context.WithTimeout(context.Background(), closePatience)
		defer cancel()
		_ = e.producer.Flush(ctx) // what is lost here was never said to be published
		e.producer.Close()
	}
	if e.admin != nil {
		e.admin.Close()
	}
	if err := e.broker.Close(); err != nil {
		return fmt.Errorf("closing the embedded broker: %w", err)
	}
	return nil
}
