package topology

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
)

// Disagreement is one setting in which the broker differs from the map.
type Disagreement struct {
	// Topic is the name on the broker; Setting the broker's word for what differs, or "topic" when there is
	// none.
	Topic, Setting string
	// Have and Want are the values there and here. A number that is a floor has "at least" before it.
	Have, Want string
	// Do says how to end the disagreement.
	Do string
}

// String returns the disagreement as one sentence.
func (d Disagreement) String() string { return "topic " + d.Topic + ": " + d.what() }

// what is the sentence without the topic.
func (d Disagreement) what() string {
	return fmt.Sprintf("%s is %s and must be %s; %s", d.Setting, d.Have, d.Want, d.Do)
}

// Disagreements is the error of [Admin.Verify]: all of them, sorted by topic.
type Disagreements []Disagreement

// Error returns one sentence a line. What is the same of more than three topics is said once, of the first,
// with how many more there are.
func (ds Disagreements) Error() string {
	alike := make(map[string]int)
	for _, d := range ds {
		alike[d.what()]++
	}
	var lines []string
	for _, d := range ds {
		switch n := alike[d.what()]; {
		case n == 0: // said
		case n <= 3:
			lines = append(lines, d.String())
		default:
			lines = append(lines, fmt.Sprintf("topic %s and %d more: %s", d.Topic, n-1, d.what()))
			alike[d.what()] = 0
		}
	}
	return strings.Join(lines, "\n")
}

const settingMissing = "topic"

func (ds Disagreements) missing() bool {
	for _, d := range ds {
		if d.Setting == settingMissing {
			return true
		}
	}
	return false
}

// Verify compares the topics on the broker with the map: partitions, replicas, retention, compaction, record
// size. No topics means the whole map, changelogs included. Its error is [Disagreements] when the broker
// answered; nothing may start then.
func (a *Admin) Verify(ctx context.Context, topics ...Topic) error {
	topics = orAll(topics)
	names := make([]string, len(topics))
	for i, t := range topics {
		names[i] = a.c.Topic(t)
	}
	details, err := a.adm.ListTopics(ctx, names...)
	if err != nil {
		return fmt.Errorf("looking up topics: %w", err)
	}
	var existing []string
	for _, n := range names {
		if details.Has(n) {
			existing = append(existing, n)
		}
	}
	configs, err := a.adm.DescribeTopicConfigs(ctx, existing...)
	if err != nil {
		return fmt.Errorf("looking up topic settings: %w", err)
	}
	var found Disagreements
	for _, t := range topics {
		ds, err := a.compare(t, details, configs)
		if err != nil {
			return err
		}
		found = append(found, ds...)
	}
	if len(found) == 0 {
		return nil
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].Topic < found[j].Topic })
	return found
}

// compare finds every disagreement about one topic.
func (a *Admin) compare(t Topic, details kadm.TopicDetails, configs kadm.ResourceConfigs) (Disagreements, error) {
	name := a.c.Topic(t)
	if !details.Has(name) {
		return Disagreements{{name, settingMissing, "missing", "there", "run: ttpstream topics create"}}, nil
	}
	d := details[name]
	if d.Err != nil {
		return nil, fmt.Errorf("looking up topic %s: %w", name, d.Err)
	}
	var ds Disagreements
	if have, want := len(d.Partitions), a.c.partitions(t); have != want {
		ds = append(ds, Disagreement{name, "partitions", strconv.Itoa(have), strconv.Itoa(want), a.partitionAdvice(t, have)})
	}
	if have := d.Partitions.NumReplicas(); have < a.c.ReplicationFactor {
		ds = append(ds, Disagreement{name, "replication factor", strconv.Itoa(have), "at least " + strconv.Itoa(a.c.ReplicationFactor),
			"reassign its replicas with kafka-reassign-partitions, or lower replication_factor"})
	}
	config, err := configs.On(name, nil)
	if err == nil {
		err = config.Err
	}
	if err != nil {
		return nil, fmt.Errorf("looking up settings of topic %s: %w", name, err)
	}
	return append(ds, compareSettings(name, a.c.settings(t), config.Configs)...), nil
}

func compareSettings(name string, wanted []setting, configs []kadm.Config) (ds Disagreements) {
	have := make(map[string]string, len(configs))
	for _, c := range configs {
		have[c.Key] = c.MaybeValue()
	}
	for _, s := range wanted {
		if s.met(have[s.key]) {
			continue
		}
		want := s.want
		if s.floor && want != "-1" {
			want = "at least " + want
		}
		ds = append(ds, Disagreement{name, s.key, orUnset(have[s.key]), want,
			fmt.Sprintf("run: kafka-configs --alter --topic %s --add-config %s=%s", name, s.key, s.want)})
	}
	return ds
}

func orUnset(v string) string {
	if v == "" {
		return "not set"
	}
	return v
}

// partitionAdvice: keys move when a count changes, so the count that is there is the one to go by.
func (a *Admin) partitionAdvice(t Topic, have int) string {
	if t.Spread == Single {
		return "its order spans keys: delete the topic and make it anew, after saving what it holds"
	}
	return fmt.Sprintf("set partitions to %d if all topics have that many; otherwise delete this topic and make it anew", have)
}
