package facts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// Lift builds the record of a source kind from what a rule's test gives
// (`given: {command: "id"}`) and lifts it. The keys are the JSON names of the
// record's fields; the envelope is filled in where the test does not give it.
// Errors: a source kind without a lifter, an unknown key, a value of another
// type than the field's, a record that is not valid. Each names the field.
func Lift(kind schemas.SourceKind, given map[string]any) (*match.Event, error) {
	switch kind {
	case schemas.KindCommand:
		return lift(kind, given, new(schemas.CommandEvent), LiftCommand)
	case schemas.KindAuthAttempt:
		return lift(kind, given, new(schemas.AuthEvent), LiftAuth)
	case schemas.KindSession:
		return lift(kind, given, new(schemas.SessionEvent), LiftSession)
	case schemas.KindTransfer, schemas.KindPayload:
		return lift(kind, given, new(schemas.TransferEvent), LiftTransfer)
	case schemas.KindHTTPRequest:
		return lift(kind, given, new(schemas.HTTPEvent), LiftHTTP)
	case schemas.KindCanary, schemas.KindCanaryFingerprint:
		return lift(kind, given, new(schemas.CanaryEvent), LiftCanary)
	case schemas.KindIntelVerdict:
		return lift(kind, given, new(schemas.IntelEvent), LiftIntel)
	case schemas.KindBehaviour, schemas.KindScan:
		return lift(kind, given, new(schemas.BehaviourEvent), LiftBehaviour)
	case schemas.KindEmail:
		return lift(schemas.KindEmail, given, new(schemas.EmailEvent), LiftEmail)
	case schemas.KindEmailHeader:
		return lift(schemas.KindEmail, given, new(schemas.EmailEvent), LiftEmailHeader)
	case schemas.KindEmailBody:
		return lift(schemas.KindEmail, given, new(schemas.EmailEvent), LiftEmailBody)
	case schemas.KindEmailAttachment:
		return lift(schemas.KindEmail, given, new(schemas.EmailEvent), liftFirstAttachment)
	case schemas.KindIdentityRollup:
		return liftIdentity(given)
	}
	return nil, fmt.Errorf("given: no lifter for source kind %q", string(kind))
}

// givenTime is the event time of tests that give none.
var givenTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func lift[R schemas.Eventer](kind schemas.SourceKind, given map[string]any, record R, lift func(R, *match.Event)) (*match.Event, error) {
	if err := decodeGiven(given, record); err != nil {
		return nil, fmt.Errorf("given: %w", err)
	}
	envelope := record.Event()
	if envelope.SourceKind == "" {
		envelope.SourceKind = kind
	}
	if envelope.SourceKind != kind {
		return nil, fmt.Errorf("given: source_kind: %q, want %q", string(envelope.SourceKind), string(kind))
	}
	if envelope.EventID == uuid.Nil {
		envelope.EventID = uuid.Max
	}
	if envelope.AttackerUUID == uuid.Nil {
		envelope.AttackerUUID = uuid.Max
	}
	if envelope.EventTime.IsZero() {
		envelope.EventTime = givenTime
	}
	if err := record.Validate(); err != nil {
		return nil, fmt.Errorf("given: %w", err)
	}
	out := new(match.Event)
	lift(record, out)
	return out, nil
}

// decodeGiven fills a record strictly.
func decodeGiven(given map[string]any, record any) error {
	for key := range given {
		if key != strings.ToLower(key) { // which the decoder would let pass
			return fmt.Errorf("unknown field %q", key)
		}
	}
	raw, err := json.Marshal(given)
	if err != nil {
		return fmt.Errorf("no JSON value: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(record)
	var mistyped *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &mistyped):
		return fmt.Errorf("%s: have a %s, want a %s", mistyped.Field, mistyped.Value, mistyped.Type)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("unknown field %s", name)
	}
	return err
}

// liftFirstAttachment is for tests of rules about attachments.
func liftFirstAttachment(ev *schemas.EmailEvent, out *match.Event) {
	if len(ev.Attachments) == 0 {
		out.Reset()
		out.SourceKind = schemas.KindEmailAttachment
		return
	}
	LiftEmailAttachment(ev, &ev.Attachments[0], out)
}

// liftIdentity reads the summaries of an identity's attackers from the key
// attackers.
func liftIdentity(given map[string]any) (*match.Event, error) {
	var rollup struct {
		Attackers []*schemas.IdentitySummary `json:"attackers"`
	}
	if err := decodeGiven(given, &rollup); err != nil {
		return nil, fmt.Errorf("given: %w", err)
	}
	out := new(match.Event)
	LiftIdentity(rollup.Attackers, out)
	return out, nil
}
