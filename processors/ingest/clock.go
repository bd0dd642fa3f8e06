package ingest

import (
	"math"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/schemas"
)

// clockLayouts are how sensors and providers spell time: ISO 8601 in its
// variants, with a blank for the T, with a zone or, meaning UTC, without.
var clockLayouts = [...]string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04:05.999999999",
	"2006-01-02T15:04:05.999999999Z0700",
	"2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999Z0700",
	"2006-01-02 15:04:05 UTC",
	"2006-01-02 15:04:05 (UTC)",
	"2006-01-02 15:04:05.999999999 -0700 MST",
	"2006-01-02",
}

// parseClock reads a time. Errors: a refusal by the Reason words of time.
func parseClock(text string) (time.Time, *Refusal) {
	text = strings.TrimSpace(text)
	if len(text) > 64 {
		return time.Time{}, refuse(ReasonBadTime, "the time is longer than any time")
	}
	for _, layout := range clockLayouts {
		at, err := time.Parse(layout, text)
		if err == nil {
			return at.UTC(), checkClock(at)
		}
	}
	return time.Time{}, refuse(ReasonBadTime, "the time is no ISO 8601 time")
}

func checkClock(at time.Time) *Refusal {
	if at.Before(schemas.MinEventTime) || !at.Before(schemas.MaxEventTime) {
		return refuse(ReasonClock, "the time is in "+at.UTC().Format("2006")+"; the sensor's clock is wrong")
	}
	return nil
}

// when takes the event's time from the first of these members that is there:
// a text, or seconds since 1970.
func (e *sensorEvent) when(names ...string) {
	if e.refusal != nil {
		return
	}
	for _, name := range names {
		m := e.member(name)
		if m == nil || m.kind == kindString && len(m.text) == 0 {
			continue
		}
		e.whenMember(name, m)
		return
	}
	e.refuse(ReasonNoTime, "the record has no "+names[0])
}

func (e *sensorEvent) whenMember(name string, m *member) {
	switch m.kind {
	case kindString:
		at, refusal := parseClock(string(m.text))
		e.envelope.EventTime = at
		if refusal != nil {
			e.refuse(refusal.Reason, refusal.Detail)
		}
	case kindNumber:
		seconds, _ := e.number(name)
		if seconds > 1e11 { // milliseconds
			seconds /= 1000
		}
		if !(math.Abs(seconds) < 1e11) {
			e.refuse(ReasonBadTime, name+" is no time")
			return
		}
		whole, part := math.Modf(seconds)
		e.envelope.EventTime = time.Unix(int64(whole), int64(part*1e6)*1e3).UTC()
		if refusal := checkClock(e.envelope.EventTime); refusal != nil {
			e.refuse(refusal.Reason, refusal.Detail)
		}
	default:
		e.refuse(ReasonWrongType, name+" is "+m.kind.String()+" and no time")
	}
}
