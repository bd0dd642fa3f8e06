package broker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// formatVersion is the version of kfake's files that this package reads and
// writes.
const formatVersion = 1

// topic is what kfake's list of topics says of one.
type topic struct {
	Name       string            `json:"name"`
	ID         string            `json:"id"`
	Partitions int32             `json:"partitions"`
	Configs    map[string]string `json:"configs"`
}

// compacted tells whether only the last record of a key need be kept.
func (t topic) compacted() bool { return strings.Contains(t.Configs["cleanup.policy"], "compact") }

// expires returns how long the topic keeps records, and false when for ever,
// which is also what a topic means that does not say.
func (t topic) expires() (time.Duration, bool) {
	policy := t.Configs["cleanup.policy"]
	if policy != "" && !strings.Contains(policy, "delete") {
		return 0, false
	}
	d := t.millis("retention.ms", -1)
	return d, d >= 0
}

// minLag is how old a record must be before compaction looks at it.
func (t topic) minLag() time.Duration { return t.millis("min.compaction.lag.ms", 0) }

// tombstones is how long a tombstone stays after the compaction that first met it.
func (t topic) tombstones() time.Duration { return t.millis("delete.retention.ms", 24*60*60*1000) }

// millis is a setting in milliseconds, or its default when it is not set, no
// number, or negative.
func (t topic) millis(key string, unset int64) time.Duration {
	n, err := strconv.ParseInt(t.Configs[key], 10, 64)
	if err != nil || n < 0 {
		n = unset
	}
	const most = int64(1<<63-1) / int64(time.Millisecond)
	return time.Duration(min(n, most)) * time.Millisecond
}

// partitionDir is where kfake keeps a partition.
func partitionDir(dir, topic string, id int32) string {
	return filepath.Join(dir, "partitions", fmt.Sprintf("%s-%d", url.PathEscape(topic), id))
}

// readTopics returns the topics of a data directory, and false when there is
// nothing in it yet. kfake starts empty, and forgets what is there, when its
// list is missing; readTopics refuses instead.
func readTopics(dir string) ([]topic, bool, error) {
	var meta struct {
		Version int `json:"version"`
	}
	known, err := readJSON(filepath.Join(dir, metaFile), &meta)
	if err != nil {
		return nil, false, err
	}
	if known && meta.Version != formatVersion {
		return nil, false, fmt.Errorf("%w: %s is of version %d, this program reads %d", ErrDamaged, metaFile, meta.Version, formatVersion)
	}
	var list struct {
		Version int     `json:"version"`
		Topics  []topic `json:"topics"`
	}
	listed, err := readJSON(filepath.Join(dir, topicsFile), &list)
	if err != nil {
		return nil, false, err
	}
	if listed && !known { // kfake writes meta.json first
		return nil, false, fmt.Errorf("%w: %s is missing", ErrDamaged, filepath.Join(dir, metaFile))
	}
	return list.Topics, known, checkPartitions(dir, list.Topics)
}

// checkPartitions refuses a directory that holds partitions of no topic: the
// list of topics is gone, or deleting a topic has failed half-way, and kfake
// would append to what is left when the topic is made again.
func checkPartitions(dir string, topics []topic) error {
	of := make(map[string]bool)
	for _, t := range topics {
		for id := range t.Partitions {
			of[filepath.Base(partitionDir(dir, t.Name, id))] = true
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, "partitions"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if !of[e.Name()] {
			return fmt.Errorf("%w: partitions/%s belongs to no topic of %s", ErrDamaged, e.Name(), topicsFile)
		}
	}
	return nil
}

// readJSON decodes a file, and returns false when there is none.
func readJSON(path string, into any) (bool, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return false, fmt.Errorf("%w: %s: %w", ErrDamaged, path, err)
	}
	return true, nil
}

// writeJSON encodes into a file, see [writeFile].
func writeJSON(path string, v any, durable bool) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", filepath.Base(path), err)
	}
	return writeFile(path, b, durable)
}
