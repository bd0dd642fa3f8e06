package ingest

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

const nameHoneytrap = "honeytrap"

// honeytrap listens on every port and keeps the first bytes that come: one
// line a connection, in seconds. A payload that is a request of HTTP becomes
// one, beside the connection; of any other the start is the session's detail.
// Files that it fetched are parts 1, 2, …
var honeytrap = sensor{
	name:   nameHoneytrap,
	coarse: true,
	has:    func(o *object) bool { return hasKind(o, "attack_connection", kindObject) },
	decode: decodeHoneytrap,
}

func decodeHoneytrap(e *sensorEvent) {
	e.when("start_time", "@timestamp", "end_time")
	attack := &sensorEvent{reader: *e.sub("attack_connection")}
	e.fromText(attack.word("remote_ip"), "remote_ip")
	payload := &sensorEvent{reader: *attack.sub("payload")}
	raw, err := hex.DecodeString(payload.text("data_hex"))
	if err != nil {
		e.refuse(ReasonBadValue, "data_hex is not in hexadecimal")
	}
	port := attack.port("local_port")
	session := &schemas.SessionEvent{
		Envelope: e.as(schemas.KindSession, 0), Activity: schemas.ActivityConnect, SensorEvent: "honeytrap." + attack.word("protocol"),
		Protocol: payloadProtocol(raw, attack.word("protocol")), SrcIP: e.srcIP, SrcPort: attack.port("remote_port"), DstIP: attack.word("local_ip"), DstPort: port,
	}
	if banner := strings.TrimSpace(string(raw)); session.Protocol == "ssh" && printable(banner) {
		session.Activity, session.ClientVersion = schemas.ActivityClientVersion, clip(banner, maxDetail)
	}
	request, isHTTP := httpPayload(raw)
	if !isHTTP {
		session.Detail = readable(raw)
	}
	e.taken(&attack.reader)
	e.taken(&payload.reader)
	e.add(session)
	if isHTTP {
		request.Envelope, request.SrcIP, request.Port = e.as(schemas.KindHTTPRequest, 0), e.srcIP, port
		e.add(request)
	}
	e.honeytrapDownloads()
}

// payloadProtocol names what a payload speaks, by its first bytes.
func payloadProtocol(raw []byte, transport string) string {
	text := string(raw[:min(len(raw), 64)])
	switch {
	case strings.HasPrefix(text, "SSH-"):
		return "ssh"
	case looksTLS(raw):
		return "tls"
	case strings.Contains(text, "Cookie: mstshash="), strings.HasPrefix(text, "\x03\x00\x00"):
		return "rdp"
	case strings.Contains(text, " HTTP/1."), strings.HasPrefix(text, "GET /"):
		return "http"
	case strings.Contains(text, "SIP/2.0"):
		return "sip"
	case strings.HasPrefix(text, "RFB "):
		return "vnc"
	case len(raw) > 8 && (strings.Contains(text, "\xffSMB") || strings.Contains(text, "\xfeSMB")):
		return "smb"
	}
	return transport
}

func (e *sensorEvent) honeytrapDownloads() {
	m := e.member("downloads")
	if m == nil || m.kind != kindObject {
		return
	}
	downloads := e.sub("downloads")
	for i, at := range downloads.object.order {
		if i == maxParts {
			e.refuse(ReasonBadValue, "downloads has more entries than anybody makes")
			return
		}
		entry := &downloads.object.members[at]
		if entry.kind != kindObject {
			continue
		}
		d := &reader{object: new(object), words: e.words}
		if d.object.parse(entry.text) != nil {
			continue
		}
		e.add(&schemas.TransferEvent{
			Envelope: e.as(schemas.KindTransfer, i+1), Direction: schemas.TransferDownload, Success: d.member("sha512_hash") != nil || d.member("md5_hash") != nil,
			SrcIP: e.srcIP, URL: clip(honeytrapURL(d), schemas.MaxLongText), Filename: clip(d.either("filename", "file"), schemas.MaxLongText),
		})
	}
}

func honeytrapURL(d *reader) string {
	if url := d.either("url", "uri"); url != "" {
		return url
	}
	host := d.either("remote_ip", "host")
	if host == "" {
		return ""
	}
	if port := d.whole("remote_port", 65535); port > 0 {
		host += ":" + strconv.FormatInt(port, 10)
	}
	return or(d.either("protocol"), "tcp") + "://" + host
}
