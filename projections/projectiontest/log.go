package projectiontest

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
)

// Finding is a tag in few words. Equal findings of different versions are
// versions of one finding.
type Finding struct {
	// Event numbers the event; time, attacker, session and sensor follow from
	// it: see [Finding.Attacker] and so on.
	Event int
	// Rule and Version of the rule; Technique numbers what it finds, 0 to 3.
	Rule      int
	Version   int64
	Technique int
	// Step is the confidence in hundredths.
	Step int
}

// techniques are what findings find: two under one parent, one of them under
// two tactics.
var techniques = []struct{ tactic, technique, sub string }{
	{"TA0011", "T1105", ""},
	{"TA0002", "T1059", "T1059.004"},
	{"TA0002", "T1059", ""},
	{"TA0005", "T1059", "T1059.004"},
}

// attackers is how many different ones there are.
const attackers = 5

// Attacker returns the event's attacker.
func (f Finding) Attacker() uuid.UUID {
	return schematest.Attacker("198.51.100." + strconv.Itoa(1+f.Event%attackers))
}

// Session returns the event's session; every seventh event has none.
func (f Finding) Session() string {
	if f.Event%7 == 6 {
		return ""
	}
	return "session-" + strconv.Itoa(f.Event%attackers) + "-" + strconv.Itoa(f.Event%3)
}

// Sensor returns the event's sensor.
func (f Finding) Sensor() string { return "sensor-" + strconv.Itoa(f.Event%3) }

// Time returns the event's time: some hours apart, to the nanosecond.
func (f Finding) Time() time.Time {
	return schematest.Time.Add(time.Duration(f.Event) * (5*time.Hour + 1))
}

// RuleID returns the rule's id.
func (f Finding) RuleID() string { return fmt.Sprintf("R%04d", f.Rule) }

// Tag returns the tag.
func (f Finding) Tag(tb testing.TB, changes ...func(*schemas.Tag)) *schemas.Tag {
	tb.Helper()
	event := schematest.Command(func(e *schemas.CommandEvent) {
		e.Command = "wget " + strconv.Itoa(f.Event)
		e.AttackerUUID, e.SessionID, e.Sensor, e.EventTime = f.Attacker(), f.Session(), f.Sensor(), f.Time()
	})
	t := techniques[f.Technique]
	return schematest.TagOf(tb, event, append([]func(*schemas.Tag){func(tag *schemas.Tag) {
		tag.RuleID, tag.RuleVersion, tag.Confidence = f.RuleID(), max(f.Version, 1), float64(f.Step)/100
		tag.Tactic, tag.TechniqueID, tag.SubTechniqueID = t.tactic, t.technique, t.sub
	}}, changes...)...)
}

// Partition is where the finding's attacker is kept, of n.
func (f Finding) Partition(n int) int32 { return int32(f.Event % attackers % n) }

// Log is one partition of ttp.tagged, or ttp.rule.history.
type Log struct {
	tb        testing.TB
	topic     topology.Topic
	partition int32
	entries   []projections.Entry
	messages  []topology.Message
}

// NewLog returns an empty partition.
func NewLog(tb testing.TB, topic topology.Topic, partition int32) *Log {
	return &Log{tb: tb, topic: topic, partition: partition}
}

// Source names the partition.
func (l *Log) Source() topology.TopicPartition {
	return topology.TopicPartition{Topic: l.topic.Name, Partition: l.partition}
}

// Add publishes a record, through its bytes.
func (l *Log) Add(record any) *Log {
	l.tb.Helper()
	raw, err := schemas.EncodeJSON(record)
	if err != nil {
		l.tb.Fatal(err)
	}
	return l.AddRaw(raw)
}

// AddRaw publishes bytes.
func (l *Log) AddRaw(raw []byte) *Log {
	l.tb.Helper()
	return l.AddKeyed("key", raw)
}

// AddKeyed publishes bytes under a key, where keys matter.
func (l *Log) AddKeyed(key string, raw []byte) *Log {
	l.tb.Helper()
	m := topology.Message{
		Topic: l.topic, Key: key, Value: raw, Pinned: true, Partition: l.partition,
		Headers: []topology.Header{
			{Key: schemas.HeaderSource, Value: fmt.Appendf(nil, "attacker.command/%d/%d", l.partition, 1000+len(l.entries))},
			{Key: schemas.HeaderRevision, Value: []byte("7")},
			{Key: schemas.HeaderOrigin, Value: []byte(schemas.OriginLive)},
		},
	}
	entry, err := projections.DecodeEntry(topology.Record{
		Topic: l.topic.Name, Partition: l.partition, Offset: int64(len(l.entries)), Key: key, Value: raw, Headers: m.Headers,
	})
	if err != nil {
		l.tb.Fatal(err)
	}
	l.entries, l.messages = append(l.entries, entry), append(l.messages, m)
	return l
}

// Messages are what was published through this log, in order, for a broker
// whose partition holds nothing else.
func (l *Log) Messages() []topology.Message { return l.messages }

// Find publishes tags.
func (l *Log) Find(findings ...Finding) *Log {
	l.tb.Helper()
	for _, f := range findings {
		l.Add(f.Tag(l.tb))
	}
	return l
}

// Write writes what a store does not have yet, in one batch, as a new owner.
func (l *Log) Write(store projections.Store) {
	l.tb.Helper()
	ctx := bounded(l.tb)
	claim := must[[]projections.Claim](l.tb)(store.Claim(ctx, l.Source()))[0]
	if err := store.Write(ctx, l.Batch(claim, len(l.entries))); err != nil {
		l.tb.Fatal(err)
	}
}

// Batch returns the entries from the claim's offset to an end.
func (l *Log) Batch(claim projections.Claim, end int) projections.Batch {
	return projections.Batch{Claim: claim, Next: int64(end), Entries: l.entries[max(claim.Next, 0):end]}
}

// Len is the offset behind the last record.
func (l *Log) Len() int { return len(l.entries) }
