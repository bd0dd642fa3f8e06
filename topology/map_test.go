package topology_test

import (
	"slices"
	"testing"

	"github.com/ttpstream/ttpstream/topology"
)

func TestMapIsConsistent(t *testing.T) {
	t.Parallel()
	names := make(map[string]bool)
	for _, topic := range slices.Concat(topology.Topics(), topology.Changelogs()) {
		if topic.Name == "" || topic.Key == "" || topic.Doc == "" {
			t.Errorf("topic %+v lacks a name, a key or a doc", topic)
		}
		if names[topic.Name] {
			t.Errorf("topic %s is listed twice", topic.Name)
		}
		names[topic.Name] = true
		if topic.Policy != topology.Compact && (topic.CompactionLag != 0 || topic.TombstoneLife != 0) {
			t.Errorf("topic %s is not compacted and has settings for compaction", topic.Name)
		}
	}
	groups := make(map[string]string)
	for _, r := range topology.Roles() {
		for _, topic := range slices.Concat(r.Reads, r.Follows, r.Writes) {
			if !names[topic.Name] {
				t.Errorf("role %s has an edge to %s, which no list holds", r.Name, topic.Name)
			}
		}
		if len(r.Reads) > 0 && r.Group.Name == "" {
			t.Errorf("role %s reads as a group and has none", r.Name)
		}
		if other := groups[r.Group.Name]; r.Group.Name != "" && other != "" {
			t.Errorf("roles %s and %s share group %s", other, r.Name, r.Group.Name)
		}
		groups[r.Group.Name] = r.Name
	}
}

// Inputs of one goka group must have one partition count, and its table has the same.
func TestGroupsReadCopartitionedTopics(t *testing.T) {
	t.Parallel()
	for _, r := range topology.Roles() {
		for _, topic := range r.Reads {
			if topic.Spread != r.Reads[0].Spread {
				t.Errorf("role %s reads %s and %s, which differ in partitions", r.Name, topic.Name, r.Reads[0].Name)
			}
		}
		if r.Group.Table && r.Reads[0].Spread != r.Group.Changelog().Spread {
			t.Errorf("role %s has a table that is not copartitioned with its input", r.Name)
		}
	}
}

// The picture draws a class once, so its roles must not differ in more than they read.
func TestRolesOfAClassAreAlike(t *testing.T) {
	t.Parallel()
	first := make(map[string]topology.Role)
	for _, r := range topology.Roles() {
		f, ok := first[r.Class]
		if r.Class == "" || !ok {
			first[r.Class] = r
			continue
		}
		if !slices.Equal(f.Writes, r.Writes) || !slices.Equal(f.Follows, r.Follows) {
			t.Errorf("roles %s and %s are both %s and differ in what they follow or write", f.Name, r.Name, r.Class)
		}
	}
}

func TestNamespace(t *testing.T) {
	t.Parallel()
	c := topology.Cluster{Namespace: "lab-1"}
	if got := c.Topic(topology.Tagged); got != "lab-1.ttp.tagged" {
		t.Errorf("topic is named %s", got)
	}
	if got := c.Plain("lab-1.ttp.tagged"); got != "ttp.tagged" {
		t.Errorf("plain name is %s", got)
	}
	if got := topology.GateGroup.Changelog().Name; got != "ttp.gate-table" {
		t.Errorf("changelog is named %s", got)
	}
}

func TestValidateNamesEveryField(t *testing.T) {
	t.Parallel()
	err := topology.Cluster{Namespace: "a.b", Partitions: -1, ReplicationFactor: 1, MinInsyncReplicas: 2, FactRetention: 5, MaxRecordBytes: 1}.Validate()
	for _, field := range []string{"brokers", "namespace", "partitions", "min_insync_replicas", "fact_retention", "max_record_bytes"} {
		if !containsText(err, field) {
			t.Errorf("no word of %s in: %v", field, err)
		}
	}
	if err := (topology.Cluster{Brokers: []string{"localhost:9092"}}).Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
}
