package schemas

import (
	"time"

	"github.com/google/uuid"
)

// Envelope is what every fact about an attacker carries.
type Envelope struct {
	// EventID is [EventID] of what the sensor wrote.
	EventID uuid.UUID `json:"event_id"`
	// EventTime is the sensor's clock, UTC.
	EventTime time.Time `json:"event_time"`
	// SourceKind says what sort of event this is.
	SourceKind SourceKind `json:"source_kind"`
	// Sensor is the sensor's own name. May be empty.
	Sensor string `json:"sensor,omitempty"`
	// AttackerUUID is [AttackerID] or [AttackerDomainID] of the source, and
	// the key of every fact topic.
	AttackerUUID uuid.UUID `json:"attacker_uuid"`
	// SessionID is the sensor's id of the connection. May be empty.
	SessionID string `json:"session_id,omitempty"`
}

// Event returns the envelope. It makes every fact an [Eventer].
func (e *Envelope) Event() *Envelope { return e }

// Eventer is any fact record.
type Eventer interface {
	Event() *Envelope
	Validate() error
}

func (e *Envelope) check(c *check, kinds ...SourceKind) {
	if e.EventID == uuid.Nil {
		c.add("event_id: required")
	}
	if e.AttackerUUID == uuid.Nil {
		c.add("attacker_uuid: required")
	}
	c.time("event_time", e.EventTime)
	c.short("sensor", e.Sensor)
	c.short("session_id", e.SessionID)
	for _, kind := range kinds {
		if e.SourceKind == kind {
			return
		}
	}
	c.add("source_kind: %q does not belong to this record (one of %q)", e.SourceKind, kinds)
}
