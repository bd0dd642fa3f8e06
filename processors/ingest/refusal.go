package ingest

// The words for why a line is refused. They are stable: dashboards and
// golden lists count by them.
const (
	// ReasonLineTooLong: longer than [MaxLineBytes].
	ReasonLineTooLong = "line_too_long"
	// ReasonNULBytes: NUL bytes, as a file has where a machine lost power.
	ReasonNULBytes = "nul_bytes"
	// ReasonNotUTF8: bytes that are not UTF-8.
	ReasonNotUTF8 = "not_utf8"
	// ReasonNotJSON: no JSON, or more than one value.
	ReasonNotJSON = "not_json"
	// ReasonNotObject: JSON, but no object.
	ReasonNotObject = "not_object"
	// ReasonTooDeep: values nest deeper than anything a sensor writes.
	ReasonTooDeep = "too_deep"
	// ReasonUnknownFormat: no source recognises the line.
	ReasonUnknownFormat = "unknown_format"
	// ReasonNoEventID: the line does not say what happened.
	ReasonNoEventID = "no_event_id"
	// ReasonForeignEvent: the event is none of this source's.
	ReasonForeignEvent = "foreign_event"
	// ReasonNoTime: the line does not say when.
	ReasonNoTime = "no_time"
	// ReasonBadTime: the time cannot be read.
	ReasonBadTime = "bad_time"
	// ReasonClock: the time is outside what a working clock says.
	ReasonClock = "clock"
	// ReasonNoSource: nothing says which address did it.
	ReasonNoSource = "no_source"
	// ReasonBadSource: the source's address is no address.
	ReasonBadSource = "bad_source"
	// ReasonMissingField: the event lacks what it is about.
	ReasonMissingField = "missing_field"
	// ReasonWrongType: a field holds another type than it should.
	ReasonWrongType = "wrong_type"
	// ReasonBadValue: a field's value cannot be, such as port 70000.
	ReasonBadValue = "bad_value"
	// ReasonFieldTooLong: a field is longer than a record holds.
	ReasonFieldTooLong = "field_too_long"
	// ReasonNoEvent: the line is the format's, but tells of nothing that
	// anybody did, such as a comment or a header.
	ReasonNoEvent = "no_event"
	// ReasonNoAddress: the indicator is no address, so there is no attacker
	// whose it could be.
	ReasonNoAddress = "no_address"
	// ReasonNoVerdict: a provider that knows nothing of the address.
	ReasonNoVerdict = "no_verdict"
	// ReasonMessageTooLong: a mail longer than [MaxMessageBytes].
	ReasonMessageTooLong = "message_too_long"
	// ReasonNotMail: what should be a mail cannot be read as one.
	ReasonNotMail = "not_mail"
	// ReasonRecordTooLarge: the record is larger than its topic takes.
	ReasonRecordTooLarge = "record_too_large"
)

// Refusal is why a line became no fact. It never quotes what the line holds:
// a line may hold a password.
type Refusal struct {
	// Reason is one of the Reason words.
	Reason string
	// Detail is a sentence for people.
	Detail string
}

// Error returns the word and the sentence.
func (r *Refusal) Error() string { return r.Reason + ": " + r.Detail }

func refuse(reason, detail string) *Refusal { return &Refusal{Reason: reason, Detail: detail} }
