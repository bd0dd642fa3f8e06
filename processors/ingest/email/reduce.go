package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/jhillyerd/enmime/v2"

	"github.com/ttpstream/ttpstream/schemas"
)

// MaxBytes is the longest message that is read.
const MaxBytes = 32 << 20

// The errors of [Reduce].
var (
	// ErrNotMail: the bytes have no header that a mail has.
	ErrNotMail = errors.New("no mail: it has none of the headers that a mail has")
	// ErrNoTime: neither a hop nor the sender says when.
	ErrNoTime = errors.New("no time: neither a Received nor the Date header has one that can be read")
	// ErrNoSource: nothing says where it came from.
	ErrNoSource = errors.New("no source: no hop outside the relays, no return path and no sender")
)

// Options say how messages are read. The zero value is ready for use.
type Options struct {
	// Relays are the networks of one's own mail servers, whose hops are passed
	// over. Private and loopback addresses always are. Defaults to none.
	Relays []netip.Prefix
}

// parser reads MIME as mail programs do: what is malformed is passed over, and
// no time is spent on guessing character sets.
var parser = enmime.NewParser(
	enmime.SkipMalformedParts(true), enmime.MultipartWOBoundaryAsSinglePart(true), enmime.DisableCharacterDetection(true),
	enmime.MaxStoredPartErrors(4), enmime.StripMediaTypeInvalidCharacters(true),
)

// message is a mail on its way to a record.
type message struct {
	envelope *enmime.Envelope
	headers  headers
	hops     []hop
	event    *schemas.EmailEvent
	traits   map[string]bool
	// words is the text as a person reads it, in lower case.
	words string
	html  *page
}

func (m *message) trait(name string, seen bool) {
	if seen {
		m.traits[name] = true
	}
}

// Reduce reads one message and returns its record, complete but for EventID.
// Errors: [ErrNotMail], [ErrNoTime], [ErrNoSource] and what the MIME parser
// refuses. They never quote the message.
func Reduce(raw []byte, o Options) (*schemas.EmailEvent, error) {
	raw, fromLine := unbox(raw)
	h := readHeaders(raw)
	if !h.likeMail() {
		return nil, ErrNotMail
	}
	envelope, err := parser.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		envelope = textOnly(raw)
	}
	m := &message{envelope: envelope, headers: h, hops: hops(h), event: new(schemas.EmailEvent), traits: map[string]bool{}}
	m.event.SourceKind = schemas.KindEmail
	if err := m.readSource(o); err != nil {
		return nil, err
	}
	if err := m.readTime(fromLine); err != nil {
		return nil, err
	}
	m.readHeaders()
	m.readBody()
	m.readAttachments()
	for name := range m.traits {
		m.event.Traits = append(m.event.Traits, name)
	}
	slices.Sort(m.event.Traits)
	if err := m.event.Validate(); err != nil && !onlyID(err) {
		return nil, fmt.Errorf("not a record: %w", err)
	}
	return m.event, nil
}

// onlyID reports whether a record lacks nothing but the id that its reader
// gives it.
func onlyID(err error) bool { return err.Error() == "event_id: required" }

// textOnly is the envelope of a message whose MIME structure cannot be read:
// everything after the headers is text.
func textOnly(raw []byte) *enmime.Envelope {
	_, body := splitMessage(raw)
	return &enmime.Envelope{Root: &enmime.Part{}, Text: strings.ToValidUTF8(string(body[:min(len(body), maxText)]), "\uFFFD")}
}

// unbox takes off the line that begins a message in a mailbox, and returns it.
func unbox(raw []byte) (message []byte, fromLine string) {
	raw = bytes.TrimLeft(raw, "\r\n")
	for _, prefix := range [...]string{"From ", ">From "} {
		if bytes.HasPrefix(raw, []byte(prefix)) {
			line, rest, _ := bytes.Cut(raw, []byte("\n"))
			return rest, strings.TrimRight(string(line), "\r")
		}
	}
	return raw, ""
}

// Canonical returns what a message's id is made of: the message as it was
// sent, without a mailbox's line before it, with line feeds alone and without
// blank lines at its end. So a message has one id in a mailbox and in a file.
func Canonical(raw []byte) []byte {
	raw, _ = unbox(raw)
	return bytes.TrimRight(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), "\n")
}

// readSource finds whose the message is.
func (m *message) readSource(o Options) error {
	if addr := outside(m.hops, o.Relays); addr.IsValid() {
		m.event.SrcIP, m.event.AttackerUUID = addr.String(), schemas.AttackerID(addr)
		return nil
	}
	domain := domainOf(m.headers.get("Return-Path"))
	if domain == "" {
		domain = domainOf(m.headers.get("From"))
	}
	if domain == "" {
		return ErrNoSource
	}
	m.event.AttackerUUID = schemas.AttackerDomainID(domain)
	return nil
}

// readTime takes the time of receipt, which our own server wrote, or else what
// the sender says.
func (m *message) readTime(fromLine string) error {
	sent, sentOK := parseDate(m.headers.get("Date"))
	m.trait("header.no_date", !m.headers.has("Date"))
	m.trait("header.bad_date", m.headers.has("Date") && !sentOK)
	for _, hop := range m.hops {
		if hop.at.IsZero() {
			continue
		}
		m.event.EventTime = hop.at
		if sentOK {
			m.event.DateSkewSeconds = sent.Sub(hop.at).Seconds()
			m.trait("header.date_future", m.event.DateSkewSeconds > (12*time.Hour).Seconds())
			m.trait("header.date_past", m.event.DateSkewSeconds < -(4*24*time.Hour).Seconds())
		}
		return nil
	}
	if sentOK {
		m.event.EventTime = sent
		return nil
	}
	if _, clock, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(fromLine, ">"), "From "), " "); ok {
		if at, err := time.Parse(time.ANSIC, strings.Join(strings.Fields(clock), " ")); err == nil && inRange(at) {
			m.event.EventTime = at.UTC()
			return nil
		}
	}
	return ErrNoTime
}

// hashOf returns a SHA-256 in lower-case hex.
func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
