package ingest

import (
	"net/netip"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/schemas"
)

// AccessLog is a web server's access log in the common or combined format of
// Apache, nginx and most others, with or without a virtual host in front and
// with anything after it. Its clock has seconds, so identical lines are counted
// apart. A request that is no HTTP is kept as a session event.
type AccessLog struct{}

// Name returns accesslog.
func (AccessLog) Name() string { return "accesslog" }

// Detect reports whether the line is address, two words, a time in brackets
// and a request in quotes.
func (AccessLog) Detect(line []byte) bool {
	_, refusal := parseAccess(string(line))
	return refusal == nil
}

// NewDecoder returns a decoder for one file.
func (AccessLog) NewDecoder() Decoder { return &accessDecoder{seen: newOrdinals(maxOrdinals)} }

type accessDecoder struct {
	seen  *ordinals
	facts []Fact
}

// Learn implements [Decoder].
func (d *accessDecoder) Learn(line []byte) { _, _ = d.Decode(line) }

// Decode implements [Decoder].
func (d *accessDecoder) Decode(line []byte) ([]Fact, error) {
	a, refusal := parseAccess(string(line))
	if refusal != nil {
		return nil, refusal
	}
	ordinal := d.seen.next(schemas.EventID(line, schemas.EventPart{}))
	envelope := schemas.Envelope{
		EventID: schemas.EventID(line, schemas.EventPart{Ordinal: ordinal}), EventTime: a.at, AttackerUUID: schemas.AttackerID(a.source),
	}
	fact := a.fact(envelope)
	if err := fact.Validate(); err != nil {
		return nil, refuseInvalid(err)
	}
	d.facts = append(d.facts[:0], fact)
	return d.facts, nil
}

// access is one line of an access log.
type access struct {
	source                  netip.Addr
	host                    string
	at                      time.Time
	request, referer, agent string
	status                  int64
}

const accessClock = "02/Jan/2006:15:04:05 -0700"

func parseAccess(line string) (*access, *Refusal) {
	a := new(access)
	head, rest, ok := strings.Cut(line, " [")
	words := strings.Fields(head)
	if !ok || len(words) < 3 || len(words) > 8 {
		return nil, refuse(ReasonUnknownFormat, "the line is no access log")
	}
	addr, err := netip.ParseAddr(words[0])
	if err != nil && len(words) > 3 { // a virtual host stands in front
		a.host = words[0]
		addr, err = netip.ParseAddr(words[1])
	}
	if err != nil {
		return nil, refuse(ReasonBadSource, "the first word of the line is no IP address")
	}
	a.source = addr
	clock, rest, ok := strings.Cut(rest, "] ")
	if !ok {
		return nil, refuse(ReasonNoTime, "the line has no time in brackets")
	}
	if a.at, err = time.Parse(accessClock, clock); err != nil {
		return nil, refuse(ReasonBadTime, "the time in brackets is no access log's")
	}
	a.at = a.at.UTC()
	if refusal := checkClock(a.at); refusal != nil {
		return nil, refusal
	}
	if a.request, rest, ok = quoted(rest); !ok {
		return nil, refuse(ReasonMissingField, "the line has no request in quotes")
	}
	status, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	a.status = max(parseWhole(status), 0)
	_, rest, _ = strings.Cut(rest, " ") // the size of the answer
	a.referer, rest, _ = quoted(rest)
	a.agent, _, _ = quoted(rest)
	return a, nil
}

// quoted takes a quoted text off the front of a line, and the server's escapes
// off the text.
func quoted(line string) (text, rest string, ok bool) {
	line = strings.TrimLeft(line, " ")
	if !strings.HasPrefix(line, `"`) {
		return "", line, false
	}
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			return unescape(line[1:i]), line[i+1:], true
		}
	}
	return "", line, false
}

// unescape takes off backslashes before quotes and backslashes, and reads \xNN.
func unescape(text string) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out = append(out, text[i])
			continue
		}
		i++
		if n, ok := hexByte(text[i:]); ok {
			out = append(out, n)
			i += 2
			continue
		}
		if text[i] != '"' && text[i] != '\\' {
			out = append(out, '\\')
		}
		out = append(out, text[i])
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

func hexByte(text string) (byte, bool) {
	if len(text) < 3 || text[0] != 'x' {
		return 0, false
	}
	high, low := hexDigit(text[1]), hexDigit(text[2])
	return byte(high<<4 | low), high >= 0 && low >= 0
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// fact makes a request, or of bytes that are none a session event.
func (a *access) fact(envelope schemas.Envelope) Fact {
	request, ok := requestLine(a.request)
	if !ok {
		method, target, found := strings.Cut(a.request, " ") // HTTP/0.9
		if found && methods[method] && strings.HasPrefix(target, "/") {
			request = &schemas.HTTPEvent{Method: method}
			setTarget(request, target)
			ok = true
		}
	}
	if !ok {
		envelope.SourceKind = schemas.KindSession
		return &schemas.SessionEvent{
			Envelope: envelope, Activity: schemas.ActivityOther, SensorEvent: "accesslog", Protocol: "http", SrcIP: a.source.String(),
			Detail: readable([]byte(a.request)),
		}
	}
	envelope.SourceKind = schemas.KindHTTPRequest
	request.Envelope, request.SrcIP, request.Status = envelope, a.source.String(), int(min(a.status, 999))
	request.Host = or(request.Host, clip(a.host, schemas.MaxShortText))
	if a.referer != "-" {
		request.Referer = clip(a.referer, schemas.MaxLongText)
	}
	if a.agent != "-" {
		request.UserAgent = clip(a.agent, schemas.MaxLongText)
	}
	return request
}
