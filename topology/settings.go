package topology

import (
	"strconv"
	"time"
)

// setting is one configuration entry of a topic on the broker.
type setting struct {
	key, want string
	// floor says that more is fine too: a number where -1 is without end.
	floor bool
}

// settings returns what the topic is created with and held to. They are all explicit, so that no default of a
// broker decides how long a record lives.
func (c Cluster) settings(t Topic) []setting {
	all := []setting{
		{key: "cleanup.policy", want: cleanupPolicy(t)},
		{key: "min.insync.replicas", want: strconv.Itoa(c.MinInsyncReplicas), floor: true},
		{key: "max.message.bytes", want: strconv.Itoa(c.MaxRecordBytes + batchSlack), floor: true},
		// Age counts from when the broker took a record: a producer's clock in 1970 would otherwise mean
		// deletion at once, and one in 2100 a record that never goes.
		{key: "message.timestamp.type", want: "LogAppendTime"},
	}
	switch t.Policy {
	case Compact:
		all = append(all, millis("min.compaction.lag.ms", t.CompactionLag), millis("delete.retention.ms", max(t.TombstoneLife, day)))
	case Keep:
		all = append(all, millis("retention.ms", Forever), setting{key: "retention.bytes", want: "-1", floor: true})
	case Delete:
		retention := t.Retention
		if retention == 0 {
			retention = c.FactRetention
		}
		all = append(all, millis("retention.ms", retention), setting{key: "retention.bytes", want: "-1", floor: true})
	}
	return all
}

func cleanupPolicy(t Topic) string {
	if t.Policy == Compact {
		return "compact"
	}
	return "delete"
}

func millis(key string, d time.Duration) setting {
	want := "-1"
	if d != Forever {
		want = strconv.FormatInt(d.Milliseconds(), 10)
	}
	return setting{key: key, want: want, floor: true}
}

// met reports whether what the broker has is good enough.
func (s setting) met(have string) bool {
	if have == s.want {
		return true
	}
	if !s.floor {
		return false
	}
	h, errHave := strconv.ParseInt(have, 10, 64)
	w, errWant := strconv.ParseInt(s.want, 10, 64)
	if errHave != nil || errWant != nil {
		return false
	}
	return h == -1 || w != -1 && h >= w
}
