package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/ttpstream/ttpstream/topology"
)

// ForeignTopic is a topic that another program writes, such as the one of
// Cowrie's Kafka output: one record is one line of its log.
type ForeignTopic struct {
	// Cluster is the Kafka that the topic is on. Its Namespace is empty.
	Cluster topology.Cluster
	// Topic is its name. Required.
	Topic string
	// Group is the consumer group that remembers how far it is read. Several
	// processes of one group take turns. Required.
	Group string
	// LearnBack is how many records of each partition before those are read
	// again after a restart, for what later lines need of earlier ones (the
	// protocol of a session). Defaults to 20,000.
	LearnBack int64
}

const (
	defaultLearnBack = 20_000
	// foreignWait bounds a poll that finds nothing.
	foreignWait = 5 * time.Second
)

// FollowTopic publishes what comes over a topic until ctx ends (nil). An
// offset is committed once everything before it is acknowledged. Errors:
// Kafka's; the topic is not there; records that were not read yet are gone.
func (i *Ingester) FollowTopic(ctx context.Context, o ForeignTopic) error {
	if o.LearnBack == 0 {
		o.LearnBack = defaultLearnBack
	}
	admin, err := topology.NewAdmin(o.Cluster)
	if err != nil {
		return err
	}
	defer admin.Close()
	topic := topology.Topic{Name: o.Topic}
	if _, err := admin.Ends(ctx, topic); err != nil {
		return fmt.Errorf("topic %s: %w", o.Topic, err)
	}
	inbox, err := topology.NewInbox(o.Cluster, topology.Group{Name: o.Group}, topic)
	if err != nil {
		return err
	}
	defer inbox.Close()
	f := &foreign{ingester: i, o: o, topic: topic, admin: admin, inbox: inbox}
	for {
		if err := f.batch(ctx); err != nil {
			if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
				return nil
			}
			return err
		}
	}
}

// foreign is one topic being read.
type foreign struct {
	ingester *Ingester
	o        ForeignTopic
	topic    topology.Topic
	admin    *topology.Admin
	inbox    *topology.Inbox
	turn     int64
	files    map[int32]*file // by partition: order holds within one
}

func (f *foreign) batch(ctx context.Context) error {
	batch, err := f.inbox.Poll(ctx, foreignWait)
	if err != nil {
		return err
	}
	if batch.Active && batch.Turn != f.turn {
		if err := f.learn(ctx); err != nil {
			return err
		}
		f.turn = batch.Turn
	}
	if len(batch.Records) == 0 {
		return nil
	}
	for _, record := range batch.Records {
		f.ingester.countBytes(len(record.Value))
		if err := f.file(record.Partition).publish(ctx, recordLine(record)); err != nil {
			return err
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush) // what is published need not be read again
	defer cancel()
	if err := f.ingester.publisher.sink.Flush(last); err != nil {
		return err
	}
	return f.inbox.Commit(last, batch.Records...)
}

func (f *foreign) file(partition int32) *file {
	if f.files[partition] == nil {
		name := "kafka/" + f.topic.Name + "/" + strconv.Itoa(int(partition))
		f.files[partition] = f.ingester.newFile(name, f.ingester.format)
	}
	return f.files[partition]
}

// learn reads again what stands before the committed offsets, without
// publishing it.
func (f *foreign) learn(ctx context.Context) error {
	f.files = map[int32]*file{}
	committed, err := f.admin.Committed(ctx, topology.Group{Name: f.o.Group})
	if err != nil {
		return err
	}
	starts, err := f.admin.Starts(ctx, f.topic)
	if err != nil {
		return err
	}
	from, to := map[int32]int64{}, map[int32]int64{}
	for partition, offset := range committed[f.topic.Name] {
		if back := max(starts[partition], offset-f.o.LearnBack); back < offset {
			from[partition], to[partition] = back, offset
		}
	}
	if len(from) == 0 {
		return nil
	}
	reader, err := topology.NewReader(ctx, f.o.Cluster, f.topic, topology.From{Offsets: from})
	if err != nil {
		return err
	}
	defer reader.Close()
	for !passed(reader.Next(), to) {
		records, err := reader.Poll(ctx)
		if err != nil {
			return err
		}
		for _, record := range records {
			if record.Offset < to[record.Partition] {
				f.file(record.Partition).learn(recordLine(record))
			}
		}
	}
	return nil
}

func passed(next, to map[int32]int64) bool {
	for partition, offset := range to {
		if next[partition] < offset {
			return false
		}
	}
	return true
}

// recordLine is a record as a line of a log; its number is the offset.
func recordLine(r topology.Record) *line {
	text := bytes.TrimRight(r.Value, "\r\n")
	l := &line{text: text, size: int64(len(text)), number: r.Offset}
	l.text = l.text[:min(len(l.text), MaxLineBytes)]
	return l
}
