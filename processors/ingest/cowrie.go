package ingest

import (
	"bytes"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// Cowrie is the SSH and Telnet honeypot's JSON log: one event a line, as its
// output_jsonlog writes them, its Kafka output sends them, and Logstash,
// Filebeat or an Elasticsearch export hand them on.
//
// One line is one fact. Which one is a table (cowrieevents.go); what goes
// into its id is said in cowriecanonical.go. Three things are not as plain as
// they look, and were decided by reading Cowrie's history:
//
//   - cowrie.command.failed and .success repeat a command that
//     cowrie.command.input holds already, so they are a session's
//     command_outcome and no second command. Cowrie logs the input since
//     2016-09-18; before, the outcome was the only record. Such a log is known
//     by its session ids, of 8 digits until 2017-05-21 and of 12 since: an
//     outcome in a session with a short id and no input before it in its file
//     is a command.
//   - cowrie.command.input with a realm is no command: it is a line of
//     standard input to the program that the realm names. It is a session
//     event, and for passwd and chpasswd its text is left out, being a
//     password.
//   - cowrie.client.fingerprint is an attempt to log in with a key, and since
//     2024-11-20 cowrie.login.failed or .success repeats the attempt with its
//     outcome. Events have a uuid since 2025-10-09: with one, the login is
//     the fact and the fingerprint a session event; without, the fingerprint
//     is a failed login. Releases 2.6.1 to 2.8.0 log both without a uuid, so
//     there an attempt with a key counts twice.
//
// A line that lacks src_ip, protocol or sensor takes them from its session's
// cowrie.session.connect in the same file, which older releases alone need
// (protocol is on every line since 2025-10-08). The event's id is made of the
// line only, so it does not depend on that.
type Cowrie struct{}

// Name returns cowrie.
func (Cowrie) Name() string { return "cowrie" }

// Detect reports whether the line is a JSON object whose eventid begins with
// "cowrie.", perhaps inside what a shipper wraps around it.
func (Cowrie) Detect(line []byte) bool {
	var o object
	if o.parse(line) != nil || unwrapCowrie(&o) != nil {
		return false
	}
	m := o.get("eventid")
	return m != nil && m.kind == kindString && bytes.HasPrefix(m.text, []byte(cowriePrefix))
}

// NewDecoder returns a decoder for one file.
func (Cowrie) NewDecoder() Decoder {
	return &cowrieDecoder{words: words{}, sessions: newSessionTable(maxCowrieSessions)}
}

const (
	cowriePrefix  = "cowrie."
	cowrieConnect = "cowrie.session.connect"
	cowrieInput   = "cowrie.command.input"
	// maxCowrieSessions bounds what is remembered of a file, at about 200 bytes
	// each. The oldest is forgotten first.
	maxCowrieSessions = 1 << 16
)

type cowrieDecoder struct {
	object    object
	canonical []byte
	facts     []Fact
	words     words
	sessions  *sessionTable
}

// Decode implements [Decoder].
func (d *cowrieDecoder) Decode(line []byte) ([]Fact, error) {
	e, err := d.event(line)
	if err != nil {
		return nil, err
	}
	build, known := cowrieEvents[e.id]
	if !known {
		build = cowrieOther
	}
	fact := build(e)
	if e.refusal != nil {
		return nil, e.refusal
	}
	if err := fact.Validate(); err != nil {
		return nil, refuseInvalid(err)
	}
	d.facts = append(d.facts[:0], fact)
	return d.facts, nil
}

// Learn implements [Decoder]. Only two events leave something behind.
func (d *cowrieDecoder) Learn(line []byte) {
	if bytes.Contains(line, []byte(cowrieConnect)) || bytes.Contains(line, []byte(cowrieInput)) {
		_, _ = d.event(line) // a line that Decode would refuse teaches nothing
	}
}

// event reads what every event has, and learns from it.
func (d *cowrieDecoder) event(line []byte) (*cowrieEvent, error) {
	if err := d.object.parse(line); err != nil {
		return nil, err
	}
	if err := unwrapCowrie(&d.object); err != nil {
		return nil, err
	}
	e := &cowrieEvent{reader: reader{object: &d.object, words: d.words}}
	e.readID()
	e.readTime()
	e.envelope.SessionID = e.word("session")
	known := d.sessions.get(e.envelope.SessionID)
	e.readSource(known)
	if e.refusal != nil {
		return nil, e.refusal
	}
	d.canonical = d.object.appendCanonical(d.canonical[:0], cowrieWrote)
	e.envelope.EventID = schemas.EventID(d.canonical, schemas.EventPart{})
	d.learn(e)
	return e, nil
}

func (d *cowrieDecoder) learn(e *cowrieEvent) {
	switch e.id {
	case cowrieConnect:
		d.sessions.put(e.envelope.SessionID, session{
			srcIP: e.srcIP, protocol: e.protocol, sensor: e.envelope.Sensor,
		})
	case cowrieInput:
		if shortSession(e.envelope.SessionID) && !e.inputSeen {
			s := d.sessions.get(e.envelope.SessionID)
			s.inputSeen = true
			d.sessions.put(e.envelope.SessionID, s)
		}
	}
}

// shortSession reports whether the session id is of a release before
// 2017-05-21.
func shortSession(id string) bool { return len(id) == 8 }

// refuseInvalid says why a record that Decode made is none. The only texts
// that Decode does not bound itself are those it would falsify by clipping.
func refuseInvalid(err error) *Refusal {
	detail := err.Error()
	if strings.Contains(detail, " bytes, at most ") {
		return refuse(ReasonFieldTooLong, detail)
	}
	return refuse(ReasonBadValue, detail)
}
