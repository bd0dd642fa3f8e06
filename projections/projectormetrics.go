package projections

import (
	"sync/atomic"
	"time"
)

// ProjectorMetrics counts what projectors do. Safe for concurrent use.
type ProjectorMetrics struct {
	tags, retractions, changes, links, refused, batches atomic.Int64
	retries, fenced, rejoins, writing                   atomic.Int64
}

// ProjectorCounts are the counts at one moment.
type ProjectorCounts struct {
	// Tags, Retractions, Changes (of rules) and Links are records written, new or
	// not: what the ledger made of them its positions say. Refused went to the
	// dead letters.
	Tags, Retractions, Changes, Links, Refused int64
	// Batches is how many transactions were committed, or batches of them: one
	// per partition. Writing is how long that took.
	Batches int64
	Writing time.Duration
	// Retries is how often the database was not available, Fenced how often a
	// partition had another owner by then, Rejoins how often a group was joined
	// again for that or another reason.
	Retries, Fenced, Rejoins int64
}

// Counts returns the counts so far.
func (m *ProjectorMetrics) Counts() ProjectorCounts {
	return ProjectorCounts{
		Tags: m.tags.Load(), Retractions: m.retractions.Load(), Changes: m.changes.Load(), Links: m.links.Load(), Refused: m.refused.Load(),
		Batches: m.batches.Load(), Writing: time.Duration(m.writing.Load()),
		Retries: m.retries.Load(), Fenced: m.fenced.Load(), Rejoins: m.rejoins.Load(),
	}
}

func (m *ProjectorMetrics) wrote(batches []Batch, took time.Duration) {
	m.batches.Add(int64(len(batches)))
	m.writing.Add(int64(took))
	for _, b := range batches {
		m.refused.Add(b.Refused)
		for _, e := range b.Entries {
			switch {
			case e.Tag != nil:
				m.tags.Add(1)
			case e.Retraction != nil:
				m.retractions.Add(1)
			case e.Link != nil:
				m.links.Add(1)
			default:
				m.changes.Add(1)
			}
		}
	}
}
