package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// h0neytr4p is a web honeypot of traps: one line a request, in seconds.
// Headers are members that begin with header_.
var h0neytr4p = sensor{
	name:   "h0neytr4p",
	coarse: true,
	has: func(o *object) bool {
		return hasStrings(o, "request_method", "request_uri", "src_ip") && o.get("trapped") != nil
	},
	decode: decodeH0neytr4p,
}

func decodeH0neytr4p(e *sensorEvent) {
	e.when("timestamp")
	e.from("src_ip")
	fact := &schemas.HTTPEvent{
		Envelope: e.as(schemas.KindHTTPRequest, 0), SrcIP: e.srcIP, Method: e.text("request_method"), Scheme: e.word("protocol"),
	}
	for _, at := range e.object.order {
		m := &e.object.members[at]
		if name, ok := strings.CutPrefix(string(m.name), "header_"); ok && m.kind == kindString {
			addHeader(fact, name, string(m.text))
		}
	}
	fact.Host, fact.Port = or(fact.Host, e.text("hostname")), e.port("dest_port")
	fact.UserAgent = or(fact.UserAgent, clip(e.text("user-agent"), schemas.MaxLongText))
	setTarget(fact, e.text("request_uri"))
	if m := e.member("request_body"); m != nil {
		fact.Body = clip(formBody(m), schemas.MaxLongText)
	} else if m := e.member("body"); m != nil {
		fact.Body = clip(formBody(m), schemas.MaxLongText)
	}
	e.add(fact)
}

// honeyAML plays an API from a description: one line a request.
var honeyAML = sensor{
	name: "honeyaml",
	has: func(o *object) bool {
		m := o.get("target")
		return m != nil && strings.HasPrefix(string(m.text), "honeyaml::") && hasStrings(o, "path", "method")
	},
	decode: decodeHoneyAML,
}

func decodeHoneyAML(e *sensorEvent) {
	e.when("timestamp")
	e.from("src_ip")
	fact := &schemas.HTTPEvent{
		Envelope: e.as(schemas.KindHTTPRequest, 0), SrcIP: e.srcIP, Method: e.text("method"), Host: e.text("host"), Port: e.port("dest_port"),
		Status: int(e.whole("status_code", 999)),
	}
	if agent := e.text("user_agent"); agent != "" {
		addHeader(fact, "User-Agent", agent)
	}
	if accept := e.text("accept"); accept != "" {
		addHeader(fact, "Accept", accept)
	}
	setTarget(fact, e.text("path"))
	if m := e.member("body"); m != nil {
		fact.Body = clip(formBody(m), schemas.MaxLongText)
	}
	e.add(fact)
}
