package topology

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Admin asks and tells the broker about topics, offsets and groups. It is safe for concurrent use.
type Admin struct {
	c   Cluster
	cl  *kgo.Client
	adm *kadm.Client
}

// NewAdmin makes an Admin. It connects when it is first used.
func NewAdmin(c Cluster) (*Admin, error) {
	c, err := c.ready()
	if err != nil {
		return nil, err
	}
	cl, err := kgo.NewClient(baseOptions(c)...)
	if err != nil {
		return nil, fmt.Errorf("admin: %w", err)
	}
	return &Admin{c, cl, kadm.NewClient(cl)}, nil
}

// Close ends the Admin.
func (a *Admin) Close() { a.cl.Close() }

// Ping returns an error when no broker answers before ctx ends.
func (a *Admin) Ping(ctx context.Context) error {
	if err := a.cl.Ping(ctx); err != nil {
		return fmt.Errorf("no broker answers at %s: %w", strings.Join(a.c.Brokers, ", "), err)
	}
	return nil
}

// Starts returns the offset of the oldest record of each partition.
func (a *Admin) Starts(ctx context.Context, t Topic) (map[int32]int64, error) {
	listed, err := a.adm.ListStartOffsets(ctx, a.c.Topic(t))
	return a.offsets(t, listed, err)
}

// Ends returns the offset of the record that will be next in each partition. Records of transactions under way
// are beyond it, as they are for readers.
func (a *Admin) Ends(ctx context.Context, t Topic) (map[int32]int64, error) {
	listed, err := a.adm.ListCommittedOffsets(ctx, a.c.Topic(t))
	return a.offsets(t, listed, err)
}

func (a *Admin) offsets(t Topic, listed kadm.ListedOffsets, err error) (map[int32]int64, error) {
	if err == nil {
		err = listed.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("offsets of %s: %w", a.c.Topic(t), err)
	}
	offsets := make(map[int32]int64)
	listed.Each(func(o kadm.ListedOffset) { offsets[o.Partition] = o.Offset })
	return offsets, nil
}

// Committed returns, by topic (without the namespace) and partition, the offset the group goes on from. What it
// never committed is missing.
func (a *Admin) Committed(ctx context.Context, g Group) (map[string]map[int32]int64, error) {
	resp, err := a.adm.FetchOffsets(ctx, string(a.c.Group(g)))
	if err == nil {
		err = resp.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("offsets of group %s: %w", a.c.Group(g), err)
	}
	committed := make(map[string]map[int32]int64)
	resp.Each(func(o kadm.OffsetResponse) {
		topic := a.c.Plain(o.Topic)
		if committed[topic] == nil {
			committed[topic] = make(map[int32]int64)
		}
		committed[topic][o.Partition] = o.At
	})
	return committed, nil
}

// Forget removes what a group has committed: it begins at the oldest record again. It fails while the group has
// members. A group that is not known is no error. Tables of groups stay as they are.
func (a *Admin) Forget(ctx context.Context, g Group) error {
	resp, err := a.adm.DeleteGroups(ctx, string(a.c.Group(g)))
	if err == nil {
		err = resp.Error()
	}
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		return fmt.Errorf("forgetting the offsets of group %s: %w", a.c.Group(g), err)
	}
	return nil
}

// Create makes a topic of another program, with one partition and the broker's defaults, unless it is there.
func (a *Admin) Create(ctx context.Context, name string) error {
	resp, err := a.adm.CreateTopic(ctx, 1, int16(a.c.ReplicationFactor), nil, name)
	if err == nil {
		err = resp.Err
	}
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return fmt.Errorf("creating topic %s: %w", name, err)
	}
	return nil
}

// DeleteRecords drops the records before the given offset of each partition, for ever. It bounds the memory of
// an embedded broker whose topics are read once. A group that has not come that far stops with [ErrOffsetLost].
// Apache Kafka refuses it for compacted topics.
func (a *Admin) DeleteRecords(ctx context.Context, t Topic, before map[int32]int64) error {
	var offsets kadm.Offsets
	for p, o := range before {
		offsets.AddOffset(a.c.Topic(t), p, o, -1)
	}
	resp, err := a.adm.DeleteRecords(ctx, offsets)
	if err == nil {
		err = resp.Error()
	}
	if err != nil {
		return fmt.Errorf("deleting records of %s: %w", a.c.Topic(t), err)
	}
	return nil
}

// DeleteNamespace removes every topic and group of the cluster's namespace. It refuses when there is none.
func (a *Admin) DeleteNamespace(ctx context.Context) error {
	if a.c.Namespace == "" {
		return fmt.Errorf("deleting a namespace: the namespace is empty, which would mean everything")
	}
	topics, err := a.adm.ListTopics(ctx)
	if err != nil {
		return fmt.Errorf("listing topics: %w", err)
	}
	if mine := a.mine(topics.Names()); len(mine) > 0 {
		if deleted, err := a.adm.DeleteTopics(ctx, mine...); err != nil {
			return fmt.Errorf("deleting topics: %w", err)
		} else if err := deleted.Error(); err != nil {
			return fmt.Errorf("deleting topics: %w", err)
		}
	}
	groups, err := a.adm.ListGroups(ctx)
	if err != nil {
		return fmt.Errorf("listing groups: %w", err)
	}
	if mine := a.mine(groups.Groups()); len(mine) > 0 {
		if deleted, err := a.adm.DeleteGroups(ctx, mine...); err != nil {
			return fmt.Errorf("deleting groups: %w", err)
		} else if err := deleted.Error(); err != nil {
			return fmt.Errorf("deleting groups: %w", err)
		}
	}
	return nil
}

func (a *Admin) mine(names []string) []string {
	var mine []string
	for _, n := range names {
		if strings.HasPrefix(n, a.c.prefix()) {
			mine = append(mine, n)
		}
	}
	return mine
}
