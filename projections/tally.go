package projections

import (
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

// LikelyConfidence is the confidence from which on a tag counts as likely.
// Below it lies what ordinary administration also does.
const LikelyConfidence = 0.6

// numbers is what is summed up over tags, wherever they are counted.
type numbers struct {
	tags, likely int64
	hundredths   int8  // greatest confidence, in 0.01
	first, last  int64 // times of the first and last tag, ns since 1970; meaningless without tags
}

func (n *numbers) add(t *schemas.Tag) {
	n.merge(&numbers{
		tags: 1, likely: likely(t), hundredths: int8(math.Round(t.Confidence * 100)),
		first: t.CreatedAt.UnixNano(), last: t.CreatedAt.UnixNano(),
	})
}

func likely(t *schemas.Tag) int64 {
	if t.Confidence >= LikelyConfidence {
		return 1
	}
	return 0
}

func (n *numbers) merge(other *numbers) {
	switch {
	case other.tags == 0:
		return
	case n.tags == 0:
		*n = *other
		return
	}
	n.tags += other.tags
	n.likely += other.likely
	n.hundredths = max(n.hundredths, other.hundredths)
	n.first = min(n.first, other.first)
	n.last = max(n.last, other.last)
}

// report returns the numbers as a report spells them.
func (n *numbers) report() Numbers {
	if n.tags == 0 {
		return Numbers{}
	}
	return Numbers{
		Tags: n.tags, Likely: n.likely, MaxConfidence: float64(n.hundredths) / 100,
		FirstSeen: time.Unix(0, n.first).UTC(), LastSeen: time.Unix(0, n.last).UTC(),
	}
}

// tally adds who was counted.
type tally struct {
	numbers
	attackers, sessions distinct
}

func (c *tally) add(t *schemas.Tag, bound int) {
	c.numbers.add(t)
	if t.AttackerUUID != uuid.Nil {
		c.attackers.add(uuidKey(t.AttackerUUID), bound)
	}
	addSession(&c.sessions, t, bound)
}

func addSession(d *distinct, t *schemas.Tag, bound int) {
	if t.SessionID != "" {
		d.add(textKey(t.Sensor, t.SessionID), bound) // ids are unique on one sensor
	}
}

func (c *tally) merge(other *tally, bound int) {
	c.numbers.merge(&other.numbers)
	c.attackers.merge(&other.attackers, bound)
	c.sessions.merge(&other.sessions, bound)
}
