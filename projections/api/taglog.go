package api

import (
	"context"

	"github.com/ttpstream/ttpstream/topology"
)

// TagLog is ttp.tagged as a log.
type TagLog interface {
	// Read opens the log at the offsets of from, or behind the newest record of
	// every partition when from is nil. It fails with [topology.ErrOffsetLost]
	// when an offset is not in the log.
	Read(ctx context.Context, from map[int32]int64) (TagReader, error)
	// Range returns, by partition, the oldest offset and the one behind the
	// newest.
	Range(ctx context.Context) (starts, ends map[int32]int64, err error)
}

// TagReader reads a log from some offsets on, each partition in order. It is
// for one goroutine. [topology.Reader] is one.
type TagReader interface {
	// Poll waits for records, at least one, or returns ctx's error.
	Poll(ctx context.Context) ([]topology.Record, error)
	// Next returns, by partition, the offset of the record to come.
	Next() map[int32]int64
	Close()
}

// NewTagLog returns the log of a cluster.
func NewTagLog(c topology.Cluster) TagLog { return clusterLog{c} }

type clusterLog struct{ cluster topology.Cluster }

// Range asks the broker.
func (l clusterLog) Range(ctx context.Context) (starts, ends map[int32]int64, err error) {
	admin, err := topology.NewAdmin(l.cluster)
	if err != nil {
		return nil, nil, err
	}
	defer admin.Close()
	if starts, err = admin.Starts(ctx, topology.Tagged); err != nil {
		return nil, nil, err
	}
	ends, err = admin.Ends(ctx, topology.Tagged)
	return starts, ends, err
}

// Read makes a reader.
func (l clusterLog) Read(ctx context.Context, from map[int32]int64) (TagReader, error) {
	r, err := topology.NewReader(ctx, l.cluster, topology.Tagged, topology.From{End: from == nil, Offsets: from})
	if err != nil {
		return nil, err
	}
	return r, nil
}
