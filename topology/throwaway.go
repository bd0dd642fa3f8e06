package topology

import (
	"errors"

	"github.com/lovoo/goka/storage"
)

// ThrowawayStorage keeps tables that nobody needs after the process: the first keys of each partition in
// memory, where they cost a tenth of what LevelDB takes, and further ones in what next makes. So memory is bounded
// by keys and a table is not. Nothing survives a restart, and tables cannot be iterated.
func ThrowawayStorage(next Storage, keys int) Storage {
	return func(topic string, partition int32) (storage.Storage, error) {
		further, err := next(topic, partition)
		if err != nil {
			return nil, err
		}
		return &throwawayTable{Storage: further, room: keys, first: make(map[string][]byte)}, nil
	}
}

// throwawayTable is one partition's. goka calls a table of a processor from one goroutine.
type throwawayTable struct {
	storage.Storage // further keys
	first           map[string][]byte
	room            int
	spilled         bool
	offset          int64
	offsetKnown     bool
}

var errNotIterable = errors.New("a table to throw away cannot be iterated")

// Has returns whether there is a value.
func (t *throwawayTable) Has(key string) (bool, error) {
	if _, known := t.first[key]; known || !t.spilled {
		return known, nil
	}
	return t.Storage.Has(key)
}

// Get returns the value, nil for none.
func (t *throwawayTable) Get(key string) ([]byte, error) {
	if value, known := t.first[key]; known || !t.spilled {
		return value, nil
	}
	return t.Storage.Get(key)
}

// Set keeps value, which must not change afterwards.
func (t *throwawayTable) Set(key string, value []byte) error {
	if _, known := t.first[key]; known || len(t.first) < t.room && !t.spilled {
		t.first[key] = value
		return nil
	}
	t.spilled = true
	return t.Storage.Set(key, value)
}

// Delete forgets a value.
func (t *throwawayTable) Delete(key string) error {
	if _, known := t.first[key]; known || !t.spilled {
		delete(t.first, key)
		return nil
	}
	return t.Storage.Delete(key)
}

// GetOffset returns how far the table has come in its changelog.
func (t *throwawayTable) GetOffset(unknown int64) (int64, error) {
	if !t.offsetKnown {
		return unknown, nil
	}
	return t.offset, nil
}

// SetOffset notes how far the table has come in its changelog.
func (t *throwawayTable) SetOffset(offset int64) error {
	t.offset, t.offsetKnown = offset, true
	return nil
}

// Iterator fails.
func (*throwawayTable) Iterator() (storage.Iterator, error) { return nil, errNotIterable }

// IteratorWithRange fails.
func (*throwawayTable) IteratorWithRange(_, _ []byte) (storage.Iterator, error) {
	return nil, errNotIterable
}
