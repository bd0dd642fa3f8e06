package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// tanner is the brain of SNARE, a web honeypot: one line a request. Its path is
// the whole target; form fields of a POST are an object and become a body again
// as it may have been sent; headers have lost their order, and come by name.
var tanner = sensor{
	name: "tanner",
	has: func(o *object) bool {
		return hasKind(o, "peer", kindObject) && hasStrings(o, "method", "path") && o.get("headers") != nil
	},
	decode: decodeTanner,
}

func decodeTanner(e *sensorEvent) {
	e.when("timestamp")
	peer := e.sub("peer")
	e.fromText(peer.word("ip"), "peer.ip")
	e.envelope.Sensor = e.word("uuid")
	fact := &schemas.HTTPEvent{
		Envelope: e.as(schemas.KindHTTPRequest, 0), SrcIP: e.srcIP, Method: e.required("method"), Scheme: "http", Status: int(e.whole("status", 999)),
	}
	setTarget(fact, e.required("path"))
	e.taken(peer)
	e.headers(fact, "headers")
	if m := e.member("post_data"); m != nil {
		fact.Body = clip(formBody(m), schemas.MaxLongText)
	}
	fact.SessionID = e.tannerSession()
	e.add(fact)
}

// headers adds the headers that an object holds.
func (e *sensorEvent) headers(fact *schemas.HTTPEvent, name string) {
	m := e.member(name)
	if m == nil || m.kind != kindObject {
		return
	}
	inner := e.sub(name)
	for _, at := range inner.object.order {
		h := &inner.object.members[at]
		if h.kind == kindString || h.kind == kindNumber {
			addHeader(fact, string(h.name), string(h.text))
		}
	}
}

// formBody spells form fields as a form is sent, without the encoding that
// their server took off.
func formBody(m *member) string {
	if m.kind == kindString {
		return string(m.text)
	}
	var o object
	if m.kind != kindObject || o.parse(m.text) != nil {
		return ""
	}
	var out strings.Builder
	for i := range o.members {
		if i > 0 {
			out.WriteByte('&')
		}
		field := &o.members[i]
		out.Write(field.name)
		out.WriteByte('=')
		out.Write(field.text)
	}
	return out.String()
}

// tannerSession is the session that SNARE keeps by a cookie.
func (e *sensorEvent) tannerSession() string {
	at := e.reader
	for _, name := range [...]string{"response_msg", "response", "message"} {
		m := at.member(name)
		if m == nil || m.kind != kindObject {
			return ""
		}
		inner := object{}
		if inner.parse(m.text) != nil {
			return ""
		}
		at = reader{object: &inner, words: e.words}
	}
	if m := at.member("sess_uuid"); m == nil || m.kind != kindString {
		return ""
	}
	return clip(at.word("sess_uuid"), schemas.MaxShortText)
}
