package topology

import "time"

// Policy says how long the records of a topic live.
type Policy int

const (
	// Delete topics drop records that are older than the topic's retention.
	Delete Policy = iota
	// Compact topics keep the last value of every key; a nil value removes the key.
	Compact
	// Keep topics never drop a record: neither age nor size nor a later value of the key removes one.
	Keep
)

// String returns the policy's name as the documentation spells it.
func (p Policy) String() string {
	return [...]string{Delete: "delete", Compact: "compact", Keep: "keep"}[p]
}

// Spread says over how many partitions a topic is spread.
type Spread int

const (
	// Copartitioned topics have [Cluster.Partitions] partitions each: one key is in the same partition of each,
	// which is what goka needs of the inputs of one group.
	Copartitioned Spread = iota
	// Single topics have one partition, because their order spans keys.
	Single
)

// Topic is one topic of the map. Its values are in topics.go; there is no other way to name a topic.
type Topic struct {
	// Name is the topic's name in an empty namespace; [Cluster.Topic] gives the name on the broker.
	Name string
	// Key says what the record key is.
	Key string
	// Policy says how long records live.
	Policy Policy
	// Spread says over how many partitions the topic is spread.
	Spread Spread
	// Retention is how long a Delete topic keeps a record at least. Zero means [Cluster.FactRetention]. It has
	// no meaning for the other policies.
	Retention time.Duration
	// CompactionLag is how long a Compact topic keeps every value of a key at least, so that a reader that was
	// away that long still sees each of them. Defaults to 0: the broker compacts when it likes.
	CompactionLag time.Duration
	// TombstoneLife is how long a Compact topic keeps a nil value after compaction at least; a reader that was
	// away longer does not learn of the removal. Defaults to 24 h, Kafka's own default.
	TombstoneLife time.Duration
	// Doc says what a record is, in one line.
	Doc string
}

// String returns the topic's name in an empty namespace.
func (t Topic) String() string { return t.Name }

// Group is one consumer group of the map. Its values are in roles.go.
type Group struct {
	// Name is the group's name in an empty namespace; [Cluster.Group] gives the name on the broker.
	Name string
	// Table says that the group keeps a goka table. Its changelog is provisioned with the other topics.
	Table bool
	// CompactionLag and Doc are those of the table's changelog.
	CompactionLag time.Duration
	Doc           string
}

// Changelog is the topic behind the group's table, named as goka names it. It is the zero Topic for a group
// that has no table.
func (g Group) Changelog() Topic {
	if !g.Table {
		return Topic{}
	}
	return Topic{Name: g.Name + "-table", Key: "table key", Policy: Compact, CompactionLag: g.CompactionLag, Doc: g.Doc}
}
