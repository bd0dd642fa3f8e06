package broker

import "time"

// retain deletes the oldest segments of a topic that keeps records for a time
// only, where every record in them is older than that, and so is the file:
// records may bear the time of events of long ago. The last segment stays, as
// it carries the high watermark.
//
// The start of the log moves first, in the snapshot, then the files go: a
// crash between the two leaves segments below the start, which the next start
// deletes, never a log whose missing beginning nobody is told of.
func (d *dataDir) retain(p *partition) error {
	keep, ok := p.topic.expires()
	if !ok || len(p.segs) < 2 {
		return nil
	}
	start := p.start
	for i, seg := range p.segs[:len(p.segs)-1] {
		newest := seg.modified
		if t := time.UnixMilli(seg.maxTime); t.After(newest) {
			newest = t
		}
		if d.now.Sub(newest) <= keep {
			break
		}
		start = max(start, p.segs[i+1].base)
	}
	if start == p.start {
		return nil
	}
	d.log.Info("broker: retention", "partition", p.String(), "from", p.start, "to", start)
	p.start = start
	if err := d.step("move log start"); err != nil {
		return err
	}
	if err := p.saveSnapshot(true); err != nil {
		return err
	}
	return d.deleteBelowStart(p)
}
