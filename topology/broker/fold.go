package broker

import (
	"sort"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// fold adds a batch to what is known of the partition.
func (p *partition) fold(h header, raw []byte, now time.Time) {
	p.last, p.end = h.offset, h.next()
	p.epoch = max(p.epoch, h.epoch)
	p.maxTime = max(p.maxTime, h.maxTime)
	lag := p.topic.minLag()
	if lag > 0 && p.cleanable < 0 && h.maxTime > now.Add(-lag).UnixMilli() {
		p.cleanable = h.offset
	}
	switch {
	case h.offset < p.cleaned:
		p.clean += h.bytes
	case p.cleanable < 0:
		p.dirty += h.bytes
	}
	if h.producer >= 0 {
		p.foldTransaction(h, raw)
		p.foldSequence(h)
	}
}

// foldTransaction follows a producer's transactions.
func (p *partition) foldTransaction(h header, raw []byte) {
	t, open := p.open[h.producer]
	switch {
	case h.control():
		if open && !commits(raw) {
			a := abortedTxn{h.producer, t.first, h.offset}
			p.aborted, p.bad[h.producer] = append(p.aborted, a), append(p.bad[h.producer], a)
		}
		delete(p.open, h.producer)
	case h.inTransaction() && !open:
		p.open[h.producer] = transaction{first: h.offset, epoch: h.prodEpoch}
	case h.inTransaction():
		t.epoch = h.prodEpoch
		p.open[h.producer] = t
	}
}

// commits tells a commit marker from an abort marker; one that cannot be read
// aborts.
func commits(raw []byte) bool {
	var r kmsg.Record
	var key kmsg.ControlRecordKey
	if r.ReadFrom(raw[headerBytes:]) != nil || key.ReadFrom(r.Key) != nil {
		return false
	}
	return key.Type == kmsg.ControlRecordKeyTypeCommit
}

// foldSequence follows a producer's sequence numbers. What compaction thinned
// no longer tells them; the producers known at the start before do.
func (p *partition) foldSequence(h header) {
	if h.control() || h.firstSeq < 0 || h.count != h.lastDelta+1 {
		return
	}
	w := p.windows[h.producer]
	if w == nil {
		w = &window{last: -1}
		p.windows[h.producer] = w
	}
	if h.offset <= w.last {
		return // known since the start before
	}
	w.push(h.prodEpoch, h.firstSeq, h.count, h.offset)
}

// hasAborted tells whether an offset of a producer lies in one of its aborted
// transactions.
func (p *partition) hasAborted(producer, offset int64) bool {
	of := p.bad[producer]
	i := sort.Search(len(of), func(i int) bool { return of[i].LastOffset > offset })
	return i < len(of) && of[i].FirstOffset <= offset
}
