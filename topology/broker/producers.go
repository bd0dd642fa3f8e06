package broker

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
)

// maxWindows is how many producers a partition remembers over a restart, the
// latest. Each run of a program is one.
const maxWindows = 1000

// storedWindows is kfake's file of sequence numbers. kfake writes it at Close
// and reads it at every start, however old it is by then; a start of ours
// rewrites it from the log. TopicIDs tell ours from kfake's, which may be
// believed after a Close that went well, and a topic from one that was made
// again under its name.
type storedWindows struct {
	Version  int               `json:"version"`
	Windows  []storedWindow    `json:"windows"`
	TopicIDs map[string]string `json:"topic_ids,omitempty"`
}

// readWindows returns the windows known at the last start or Close, by topic
// and partition.
func (d *dataDir) readWindows(topics []topic) (map[string]map[int64]*window, error) {
	var stored storedWindows
	if _, err := readJSON(filepath.Join(d.path, windowsFile), &stored); err != nil {
		return nil, err
	}
	known := make(map[string]map[int64]*window)
	if stored.TopicIDs == nil && !d.clean {
		return known, nil
	}
	ids := make(map[string]string)
	for _, t := range topics {
		ids[t.Name] = t.ID
	}
	for _, s := range stored.Windows {
		if stored.TopicIDs != nil && stored.TopicIDs[s.Topic] != ids[s.Topic] {
			continue
		}
		dir := partitionDir(d.path, s.Topic, s.Partition)
		if known[dir] == nil {
			known[dir] = make(map[int64]*window)
		}
		known[dir][s.Producer] = s.window()
	}
	return known, nil
}

// prune drops windows that lie beyond the log, and all but the latest.
func (p *partition) prune() {
	ids := make([]int64, 0, len(p.windows))
	for id, w := range p.windows {
		if w.last >= p.end {
			delete(p.windows, id)
			continue
		}
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int { return int(p.windows[b].last - p.windows[a].last) })
	for _, id := range ids[min(len(ids), maxWindows):] {
		delete(p.windows, id)
	}
}

// writeWindows writes what the log tells of sequence numbers for kfake to read.
func (d *dataDir) writeWindows(topics []topic, parts []*partition) error {
	stored := storedWindows{Version: formatVersion, TopicIDs: make(map[string]string)}
	for _, t := range topics {
		stored.TopicIDs[t.Name] = t.ID
	}
	for _, p := range parts {
		for id, w := range p.windows {
			stored.Windows = append(stored.Windows, w.stored(id, p))
		}
	}
	if err := d.step("write " + windowsFile); err != nil {
		return err
	}
	return writeJSON(filepath.Join(d.path, windowsFile), stored, true)
}

// producerEntry is an entry of kfake's log of producer ids.
type producerEntry struct {
	Type    string `json:"type"` // init, endtx, timeout
	ID      int64  `json:"pid"`
	Epoch   int16  `json:"epoch"`
	TxnID   string `json:"txid,omitempty"`
	Timeout int32  `json:"timeout,omitempty"`
	Commit  *bool  `json:"commit,omitempty"`
}

// foldProducers replays the log of producer ids as kfake does.
func foldProducers(entries [][]byte) (map[int64]producerEntry, error) {
	ids := make(map[int64]producerEntry)
	byTxn := make(map[string]int64)
	for _, raw := range entries {
		var e producerEntry
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, pidsFile, err)
		}
		switch known, ok := ids[e.ID]; {
		case e.Type == "init":
			if before, ok := byTxn[e.TxnID]; ok && e.TxnID != "" && before != e.ID {
				delete(ids, before) // its epochs ran out
			}
			ids[e.ID] = e
			byTxn[e.TxnID] = e.ID
		case ok:
			known.Epoch = e.Epoch
			if e.Commit != nil {
				known.Commit = e.Commit
			}
			ids[e.ID] = known
		}
	}
	return ids, nil
}

// keepProducers returns which producer ids are still of use: transactional
// ones, and those of which a partition remembers something. After a kill it
// also raises the epoch of every transactional producer: their open
// transactions are gone, and kfake, asked to commit one, would answer that it
// had.
func (d *dataDir) keepProducers(ids map[int64]producerEntry, parts []*partition) map[int64]producerEntry {
	keep := make(map[int64]producerEntry)
	for id, e := range ids {
		if e.TxnID == "" {
			continue
		}
		if !d.clean {
			e.Epoch = min(e.Epoch+1, math.MaxInt16-1)
		}
		keep[id] = e
	}
	for _, p := range parts {
		for id, w := range p.windows {
			e, ok := keep[id]
			if !ok {
				e = producerEntry{ID: id, Epoch: ids[id].Epoch}
			}
			if e.TxnID == "" {
				e.Epoch = max(e.Epoch, w.epoch)
			}
			keep[id] = e
		}
	}
	return keep
}

// writeProducers rewrites the log of producer ids, unless a Close has left
// nothing to drop in it.
func (d *dataDir) writeProducers(entries [][]byte, parts []*partition) error {
	ids, err := foldProducers(entries)
	if err != nil {
		return err
	}
	keep := d.keepProducers(ids, parts)
	if d.clean && len(keep) == len(ids) {
		return nil
	}
	var out []byte
	for _, e := range keep {
		e.Type = "init"
		raw, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("encode %s: %w", pidsFile, err)
		}
		out = appendFrame(out, raw)
	}
	if err := d.step("write " + pidsFile); err != nil {
		return err
	}
	return writeFile(filepath.Join(d.path, pidsFile), out, true)
}
