package topology

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Provision makes the topics that are missing and then verifies all of them, as [Admin.Verify] does. No topics
// means the whole map, changelogs included. What exists is left as it is. It may run any number of times, by
// any number of instances at once.
func (a *Admin) Provision(ctx context.Context, topics ...Topic) error {
	topics = orAll(topics)
	if err := a.create(ctx, topics); err != nil {
		return err
	}
	return a.untilVisible(ctx, topics)
}

func orAll(topics []Topic) []Topic {
	if len(topics) > 0 {
		return topics
	}
	return slices.Concat(Topics(), Changelogs())
}

// create asks for all topics in one request; one by one would cost a second on a cluster.
func (a *Admin) create(ctx context.Context, topics []Topic) error {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.TimeoutMillis = 30_000
	for _, t := range topics {
		rt := kmsg.NewCreateTopicsRequestTopic()
		rt.Topic = a.c.Topic(t)
		rt.NumPartitions = int32(a.c.partitions(t))
		rt.ReplicationFactor = int16(a.c.ReplicationFactor)
		for _, s := range a.c.settings(t) {
			rc := kmsg.NewCreateTopicsRequestTopicConfig()
			rc.Name, rc.Value = s.key, kmsg.StringPtr(s.want)
			rt.Configs = append(rt.Configs, rc)
		}
		req.Topics = append(req.Topics, rt)
	}
	resp, err := req.RequestWith(ctx, a.cl)
	if err != nil {
		return fmt.Errorf("creating topics: %w", err)
	}
	var errs []error
	for _, t := range resp.Topics {
		err := kerr.ErrorForCode(t.ErrorCode)
		if err == nil || errors.Is(err, kerr.TopicAlreadyExists) {
			continue
		}
		if errors.Is(err, kerr.InvalidReplicationFactor) {
			return a.createError(t.Topic, err, nil) // as of every other topic
		}
		errs = append(errs, a.createError(t.Topic, err, t.ErrorMessage))
	}
	return errors.Join(errs...)
}

func (a *Admin) createError(topic string, err error, message *string) error {
	if errors.Is(err, kerr.InvalidReplicationFactor) {
		return fmt.Errorf("creating topic %s: the cluster has too few brokers for replication_factor %d; add brokers, or set replication_factor to at most their number: %w",
			topic, a.c.ReplicationFactor, err)
	}
	if message != nil && *message != "" {
		return fmt.Errorf("creating topic %s: %s: %w", topic, *message, err)
	}
	return fmt.Errorf("creating topic %s: %w", topic, err)
}

// A topic that was just made is not at once known to every broker. Asking again at this rhythm, for this long,
// is more than a healthy cluster needs.
const (
	visibleEvery  = 50 * time.Millisecond
	visibleWithin = 15 * time.Second
)

func (a *Admin) untilVisible(ctx context.Context, topics []Topic) error {
	ctx, cancel := context.WithTimeout(ctx, visibleWithin)
	defer cancel()
	for {
		err := a.Verify(ctx, topics...)
		var no Disagreements
		if !errors.As(err, &no) || !no.missing() {
			return err
		}
		select {
		case <-time.After(visibleEvery):
		case <-ctx.Done():
			return err
		}
	}
}
