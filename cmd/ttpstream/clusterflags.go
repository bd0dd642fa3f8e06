package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/ttpstream/ttpstream/topology"
)

// clusterFlags say which Kafka to talk to. Every command that talks to one
// has them.
type clusterFlags struct {
	Brokers           []string      `help:"Kafka brokers, host:port, comma separated." default:"127.0.0.1:9092"`
	Namespace         string        `help:"Put this and a dot before every topic and group name." placeholder:"NAME"`
	Partitions        int           `help:"Partitions of every fact topic. Chosen once. 0: as the topics are; 12 where there are none yet." default:"0"`
	ReplicationFactor int           `help:"Copies of each partition. 0: as the topics are; 3, or one per broker, where there are none yet." default:"0"`
	MinInsyncReplicas int           `help:"Copies that must have a record before it counts as published; 0: two, or one where there is one copy." default:"0"`
	ConnectTimeout    time.Duration `help:"How long to wait for the first answer of a broker." default:"15s"`
	ClientID          string        `help:"Name of this program in the broker's logs. Default: ttpstream-HOST-PID." placeholder:"NAME"`
}

// Validate is asked by the parser: what cannot be is wrong usage.
func (f *clusterFlags) Validate() error {
	if f.Partitions < 0 || f.ReplicationFactor < 0 {
		return errors.New("--partitions and --replication-factor must not be negative")
	}
	said := f.said(nil)
	if len(said.Brokers) == 0 { // of a command that needs none, in a file without
		return nil
	}
	return said.Validate()
}

// cluster connects, and returns the cluster that the flags and the topics on it
// describe. Errors: no broker answers.
func (f *clusterFlags) cluster(ctx context.Context, log *slog.Logger) (topology.Cluster, error) {
	said := f.said(log)
	if err := said.Validate(); err != nil {
		return said, usageError{err}
	}
	if err := answers(ctx, said, f.ConnectTimeout); err != nil {
		return said, err
	}
	adopted, err := topology.Adopt(ctx, said)
	return adopted.WithDefaults(), err
}

// said returns the flags as the topology takes them.
func (f *clusterFlags) said(log *slog.Logger) topology.Cluster {
	return topology.Cluster{
		Brokers: f.Brokers, ClientID: f.clientID(), Namespace: f.Namespace, Partitions: f.Partitions,
		ReplicationFactor: f.ReplicationFactor, MinInsyncReplicas: f.MinInsyncReplicas, Logger: log,
	}
}

func (f *clusterFlags) clientID() string {
	if f.ClientID != "" {
		return f.ClientID
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("ttpstream-%s-%d", host, os.Getpid())
}
