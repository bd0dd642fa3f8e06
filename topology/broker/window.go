package broker

import "math"

// windowEntries is how many of a producer's last batches are remembered, and
// so how many an idempotent producer may have in flight.
const windowEntries = 5

// window is what is known of a producer's sequence numbers in a partition: a
// batch that is sent again, because its acknowledgement was lost, is found in
// it and not stored twice.
type window struct {
	entries [windowEntries]windowEntry
	at      uint8 // where the next entry goes
	count   uint8
	epoch   int16
	nextSeq int32
	seen    bool
	last    int64 // offset of the latest batch
}

type windowEntry struct {
	FirstSeq int32 `json:"first_seq"`
	NextSeq  int32 `json:"next_seq"`
	Offset   int64 `json:"offset"`
}

// push adds a batch that is in the log, as kfake does when it accepts one.
func (w *window) push(epoch int16, firstSeq, count int32, offset int64) {
	next := int32((int64(firstSeq) + int64(count)) % math.MaxInt32)
	if !w.seen || epoch != w.epoch {
		*w = window{epoch: epoch, seen: true}
	}
	w.entries[w.at] = windowEntry{firstSeq, next, offset}
	w.at = (w.at + 1) % windowEntries
	w.count = min(w.count+1, windowEntries)
	w.nextSeq, w.last = next, offset
}

// storedWindow is a window in kfake's file.
type storedWindow struct {
	Producer  int64                      `json:"pid"`
	Topic     string                     `json:"topic"`
	Partition int32                      `json:"partition"`
	Entries   [windowEntries]windowEntry `json:"entries"`
	Count     uint8                      `json:"count"`
	At        uint8                      `json:"at"`
	Epoch     int16                      `json:"epoch"`
	Seen      bool                       `json:"seen"`
	NextSeq   int32                      `json:"next_seq"`
}

func (s storedWindow) window() *window {
	w := &window{entries: s.Entries, at: s.At % windowEntries, count: min(s.Count, windowEntries),
		epoch: s.Epoch, nextSeq: s.NextSeq, seen: s.Seen}
	for _, e := range w.entries[:w.count] {
		w.last = max(w.last, e.Offset)
	}
	return w
}

func (w *window) stored(producer int64, p *partition) storedWindow {
	return storedWindow{Producer: producer, Topic: p.topic.Name, Partition: p.id, Entries: w.entries,
		Count: w.count, At: w.at, Epoch: w.epoch, Seen: w.seen, NextSeq: w.nextSeq}
}
