package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// mailoney is an SMTP honeypot: one line each thing that a client said, in
// seconds. A session is the address and port. What a client said becomes a
// session event in SMTP's words, reduced: of addresses the domain is kept, of a
// message its size, of AUTH the method. The list emails is left out.
var mailoney = sensor{
	name:   "mailoney",
	coarse: true,
	has: func(o *object) bool {
		return hasStrings(o, "timestamp", "src_ip", "data") && hasKind(o, "src_port", kindNumber) && o.get("eventid") == nil
	},
	decode: decodeMailoney,
}

func decodeMailoney(e *sensorEvent) {
	e.when("timestamp")
	e.from("src_ip")
	e.envelope.SessionID = e.srcIP + ":" + string(e.member("src_port").text)
	said := strings.Trim(e.text("data"), "\r\n\x00 ")
	port := e.port("src_port")
	if request, ok := requestLine(said); ok && e.refusal == nil {
		request.Envelope, request.SrcIP = e.as(schemas.KindHTTPRequest, 0), e.srcIP
		e.add(request)
		return
	}
	fact := &schemas.SessionEvent{
		Envelope: e.as(schemas.KindSession, 0), Activity: schemas.ActivityOther, SensorEvent: "mailoney", Protocol: "smtp", SrcIP: e.srcIP, SrcPort: port,
	}
	verb, argument, _ := strings.Cut(said, " ")
	if v := strings.ToUpper(verb); v == "EHLO" || v == "HELO" {
		fact.Activity, fact.ClientVersion = schemas.ActivityClientVersion, v+" "+clip(strings.TrimSpace(argument), schemas.MaxShortText)
	} else {
		fact.Detail = smtpDetail(said)
	}
	e.add(fact)
}

// smtpVerbs are what a client may say between messages.
var smtpVerbs = map[string]bool{
	"MAIL": true, "RCPT": true, "DATA": true, "RSET": true, "QUIT": true, "NOOP": true, "VRFY": true, "EXPN": true, "HELP": true, "STARTTLS": true, "AUTH": true, "BDAT": true, "TURN": true,
}

// smtpDetail spells what a client said without whom it named.
func smtpDetail(said string) string {
	verb, argument, _ := strings.Cut(said, " ")
	verb = strings.ToUpper(verb)
	if !smtpVerbs[verb] || strings.Contains(said, "\n") {
		return "text, left out"
	}
	switch verb {
	case "MAIL", "RCPT":
		direction, address, _ := strings.Cut(argument, ":")
		return clip(verb+" "+strings.ToUpper(strings.TrimSpace(direction))+":"+mailDomain(address), schemas.MaxShortText)
	case "VRFY", "EXPN":
		return verb
	case "AUTH":
		method, _, _ := strings.Cut(argument, " ")
		return clip(verb+" "+strings.ToUpper(method), schemas.MaxShortText)
	}
	return verb
}

// mailDomain returns the domain of an address, with its at sign; nothing where
// there is none.
func mailDomain(address string) string {
	address, _, _ = strings.Cut(address, ">")
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	domain, _, _ := strings.Cut(address[at:], " ")
	return strings.ToLower(domain)
}
