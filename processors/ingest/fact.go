package ingest

import (
	"encoding/json"
	"fmt"
	"net/netip"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

// ready is records that have our shape already, of another ttpstream or of any
// program that writes to Kafka: the JSON of a fact topic. What they leave out
// is filled in: the event's id from the record, the attacker from src_ip, which
// also overrules an attacker_uuid that does not agree with it. So facts that
// were keyed in another way are keyed in ours.
var ready = sensor{
	name: "fact",
	has: func(o *object) bool {
		m := o.get("source_kind")
		return m != nil && m.kind == kindString && newFact(schemas.SourceKind(m.text)) != nil && hasStrings(o, "event_time")
	},
	decode: func(e *sensorEvent) {
		fact, refusal := factOf(schemas.SourceKind(e.word("source_kind")), e.object.line, e.canonical)
		if refusal != nil {
			e.refuse(refusal.Reason, refusal.Detail)
			return
		}
		e.add(fact)
	},
}

// newFact returns an empty record of the kind, nil where none travels on a
// topic of facts.
func newFact(kind schemas.SourceKind) Fact {
	switch kind {
	case schemas.KindCommand:
		return new(schemas.CommandEvent)
	case schemas.KindAuthAttempt:
		return new(schemas.AuthEvent)
	case schemas.KindHTTPRequest:
		return new(schemas.HTTPEvent)
	case schemas.KindSession:
		return new(schemas.SessionEvent)
	case schemas.KindTransfer, schemas.KindPayload:
		return new(schemas.TransferEvent)
	case schemas.KindIntelVerdict:
		return new(schemas.IntelEvent)
	case schemas.KindEmail:
		return new(schemas.EmailEvent)
	case schemas.KindCanary, schemas.KindCanaryFingerprint:
		return new(schemas.CanaryEvent)
	case schemas.KindBehaviour, schemas.KindScan:
		return new(schemas.BehaviourEvent)
	}
	return nil
}

// factOf reads a record of our own shape and fills in what it leaves out.
func factOf(kind schemas.SourceKind, raw, canonical []byte) (Fact, *Refusal) {
	fact := newFact(kind)
	if fact == nil {
		return nil, refuse(ReasonBadValue, fmt.Sprintf("no topic of facts takes the kind %q", string(kind)))
	}
	if err := json.Unmarshal(raw, fact); err != nil {
		return nil, refuse(ReasonWrongType, "a member has another type than the record's")
	}
	var source struct {
		SrcIP string `json:"src_ip"`
	}
	_ = json.Unmarshal(raw, &source) // it was read just now
	envelope := fact.Event()
	envelope.SourceKind, envelope.EventTime = kind, envelope.EventTime.UTC()
	if source.SrcIP != "" {
		addr, err := netip.ParseAddr(source.SrcIP)
		if err != nil {
			return nil, refuse(ReasonBadSource, "the src_ip is no IP address")
		}
		envelope.AttackerUUID = schemas.AttackerID(addr)
	}
	switch {
	case envelope.AttackerUUID == uuid.Nil:
		return nil, refuse(ReasonNoSource, "neither src_ip nor attacker_uuid says who did it")
	case envelope.EventTime.IsZero():
		return nil, refuse(ReasonNoTime, "the record has no event_time")
	}
	if envelope.EventID == uuid.Nil {
		envelope.EventID = schemas.EventID(canonical, schemas.EventPart{})
	}
	return fact, nil
}
