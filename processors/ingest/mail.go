package ingest

import (
	"errors"
	"io"
	"net/netip"

	"github.com/ttpstream/ttpstream/processors/ingest/email"
	"github.com/ttpstream/ttpstream/schemas"
)

// MaxMessageBytes is the longest mail that is decoded.
const MaxMessageBytes = email.MaxBytes

// Mail is messages as they were sent: a file with one (.eml, an entry of a
// Maildir, a capture of SMTP) or a mailbox of many (mbox). What becomes of a
// message is said in package email; its id is of its bytes, without the line
// that a mailbox puts before it, so that a message is one event wherever it
// lies. A message that is refused leaves a dead letter without its text.
type Mail struct {
	// Relays are the networks of one's own mail servers, passed over in search
	// of whose a message is. Defaults to none.
	Relays []netip.Prefix
}

// Name returns mail.
func (Mail) Name() string { return "mail" }

// Detect returns false: a mail is known by the start of its file, not by a
// line.
func (Mail) Detect([]byte) bool { return false }

// NewDecoder returns a decoder for one file.
func (m Mail) NewDecoder() Decoder { return &mailDecoder{options: email.Options{Relays: m.Relays}} }

// cut implements framed.
func (Mail) cut(head []byte, in io.Reader) records { return newMessageReader(in, isMailbox(head)) }

type mailDecoder struct {
	options email.Options
	facts   []Fact
}

// Learn implements [Decoder]: there is nothing to learn.
func (*mailDecoder) Learn([]byte) {}

// Decode implements [Decoder].
func (d *mailDecoder) Decode(message []byte) ([]Fact, error) {
	event, err := email.Reduce(message, d.options)
	switch {
	case errors.Is(err, email.ErrNotMail):
		return nil, refuse(ReasonNotMail, err.Error())
	case errors.Is(err, email.ErrNoTime):
		return nil, refuse(ReasonNoTime, err.Error())
	case errors.Is(err, email.ErrNoSource):
		return nil, refuse(ReasonNoSource, err.Error())
	case err != nil:
		return nil, refuseInvalid(err)
	}
	event.EventID = schemas.EventID(email.Canonical(message), schemas.EventPart{})
	if err := event.Validate(); err != nil {
		return nil, refuseInvalid(err)
	}
	d.facts = append(d.facts[:0], event)
	return d.facts, nil
}
