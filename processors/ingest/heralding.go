package ingest

import (
	"github.com/ttpstream/ttpstream/schemas"
)

// heralding is the honeypot that collects credentials: one line a session, when
// it is over, with every attempt in it. The session is part 0, the attempts
// are parts 1, 2, … An attempt of VNC often has no user, and one without a
// password offered another way to log in.
var heralding = sensor{
	name: "heralding",
	has: func(o *object) bool {
		return hasKind(o, "auth_attempts", kindArray) && hasStrings(o, "source_ip", "protocol")
	},
	decode: decodeHeralding,
}

// maxParts bounds the entries of a list that become facts of their own.
const maxParts = 4096

func decodeHeralding(e *sensorEvent) {
	e.when("timestamp")
	e.from("source_ip")
	e.envelope.SessionID = e.word("session_id")
	protocol := e.word("protocol")
	e.add(&schemas.SessionEvent{
		Envelope: e.as(schemas.KindSession, 0), Activity: schemas.ActivityClosed, SensorEvent: "heralding.session", Protocol: protocol,
		SrcIP: e.srcIP, SrcPort: e.port("source_port"), DstIP: e.text("destination_ip"), DstPort: e.port("destination_port"),
		DurationSeconds: e.atLeastZero("duration"), ClientVersion: e.clientVersion(),
	})
	for i, attempt := range e.objects("auth_attempts") {
		fact := &schemas.AuthEvent{
			Envelope: e.as(schemas.KindAuthAttempt, i+1), SrcIP: e.srcIP, SrcPort: e.port("source_port"), Protocol: protocol, Method: "none",
			Username: attempt.credential("username"), Password: attempt.credential("password"),
		}
		if attempt.member("password") != nil {
			fact.Method = "password"
		}
		if at, refusal := parseClock(attempt.text("timestamp")); refusal == nil {
			fact.EventTime = at
		}
		e.taken(attempt)
		e.add(fact)
	}
}

// clientVersion is what the client called itself, of the protocols that say.
func (e *sensorEvent) clientVersion() string {
	auxiliary := e.sub("auxiliary_data")
	if m := auxiliary.member("client_version"); m == nil || m.kind != kindString {
		return ""
	}
	return clip(bare(auxiliary.text("client_version")), schemas.MaxLongText)
}

// atLeastZero is a number of which a negative says nothing.
func (e *reader) atLeastZero(name string) float64 {
	value, _ := e.number(name)
	return max(value, 0)
}

// objects returns readers of the objects in a list, at most maxParts.
func (e *reader) objects(name string) []*reader {
	m := e.member(name)
	if m == nil {
		return nil
	}
	if m.kind != kindArray {
		e.refuse(ReasonWrongType, name+" is "+m.kind.String()+" and no list")
		return nil
	}
	var found []*reader
	for _, raw := range elements(m.text) {
		if len(found) == maxParts {
			e.refuse(ReasonBadValue, name+" has more entries than anybody makes")
			return nil
		}
		inner := &reader{object: new(object), words: e.words}
		if inner.object.parse(raw) != nil {
			e.refuse(ReasonWrongType, name+" holds something else than objects")
			return nil
		}
		found = append(found, inner)
	}
	return found
}

// texts returns the texts of a list, and of a single one; what is null or
// something else is the empty text.
func (e *reader) texts(name string) []string {
	m := e.member(name)
	if m == nil {
		return nil
	}
	if m.kind == kindString {
		return []string{string(m.text)}
	}
	if m.kind != kindArray {
		e.refuse(ReasonWrongType, name+" is "+m.kind.String()+" and no list")
		return nil
	}
	var texts []string
	for _, raw := range elements(m.text) {
		if len(texts) == maxParts {
			e.refuse(ReasonBadValue, name+" has more entries than anybody makes")
			return nil
		}
		texts = append(texts, looseText(raw))
	}
	return texts
}
