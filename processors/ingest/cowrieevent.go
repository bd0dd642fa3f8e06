package ingest

import (
	"net/netip"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/schemas"
)

// cowrieEvent is one event on its way to a fact. The readers below take a
// member each.
type cowrieEvent struct {
	reader
	id       string
	envelope schemas.Envelope
	srcIP    string
	protocol string
	// inputSeen says that the session has logged an input before.
	inputSeen bool
}

func (e *cowrieEvent) readID() {
	if m := e.member("eventid"); m == nil {
		e.refuse(ReasonNoEventID, "the line has no eventid")
		return
	}
	e.id = e.word("eventid")
	if e.refusal == nil && !strings.HasPrefix(e.id, cowriePrefix) {
		e.refuse(ReasonForeignEvent, "the eventid does not begin with "+cowriePrefix)
	}
}

// cowrieTimes are how Cowrie spells time: with Z, or with an offset when it
// does not run in UTC (which strftime writes without a colon), or with
// neither, which meant UTC before 2018.
var cowrieTimes = [...]string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999",
}

func (e *cowrieEvent) readTime() {
	if e.member("timestamp") == nil {
		e.refuse(ReasonNoTime, "the line has no timestamp")
		return
	}
	text := e.text("timestamp")
	if e.refusal != nil {
		return
	}
	for _, layout := range cowrieTimes {
		at, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if at.Before(schemas.MinEventTime) || !at.Before(schemas.MaxEventTime) {
			e.refuse(ReasonClock, "the timestamp is in "+at.Format("2006")+"; the sensor's clock is wrong")
		}
		e.envelope.EventTime = at.UTC()
		return
	}
	e.refuse(ReasonBadTime, "the timestamp is no ISO 8601 time")
}

// readSource reads who did it, by the line or else by its session's connect.
func (e *cowrieEvent) readSource(known session) {
	e.srcIP = e.word("src_ip")
	if e.srcIP == "" && strings.HasPrefix(e.id, "cowrie.abuseipdb.") {
		e.srcIP = e.word("IP") // the address that the report is about
	}
	e.srcIP = or(e.srcIP, known.srcIP)
	e.protocol = or(e.word("protocol"), known.protocol)
	e.envelope.Sensor = or(e.word("sensor"), known.sensor)
	e.inputSeen = known.inputSeen
	if e.refusal != nil {
		return
	}
	if e.srcIP == "" {
		e.refuse(ReasonNoSource, "neither the line nor its session's connect in this file has a src_ip")
		return
	}
	addr, err := netip.ParseAddr(e.srcIP)
	if err != nil {
		e.refuse(ReasonBadSource, "the src_ip is no IP address")
		return
	}
	e.envelope.AttackerUUID = schemas.AttackerID(addr)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
