package ingest

import (
	"github.com/ttpstream/ttpstream/schemas"
)

// browserFingerprint is what a decoy page of one's own posts about a browser:
// src_ip, time and the fingerprint, whose members are named as in the browser
// (navigator.userAgent is userAgent).
var browserFingerprint = sensor{
	name:   "fingerprint",
	coarse: true,
	has: func(o *object) bool {
		return hasKind(o, "fingerprint", kindObject) && hasStrings(o, "src_ip") || isNavigator(o)
	},
	decode: decodeFingerprint,
}

func isNavigator(o *object) bool {
	return hasStrings(o, "userAgent", "platform") && (o.get("webdriver") != nil || o.get("screen") != nil || o.get("videoCard") != nil)
}

func decodeFingerprint(e *sensorEvent) {
	if isNavigator(e.object) {
		e.refuse(ReasonNoSource, "a fingerprint alone does not say whose it is: send src_ip, time and fingerprint")
		return
	}
	e.when("time", "timestamp")
	e.from("src_ip")
	e.envelope.Sensor = clip(e.either("sensor"), schemas.MaxShortText)
	fingerprint, err := Fingerprint(e.member("fingerprint").text)
	if err != nil {
		e.refuse(ReasonBadValue, "the fingerprint cannot be read")
		return
	}
	e.add(&schemas.CanaryEvent{
		Envelope: e.as(schemas.KindCanaryFingerprint, 0), SrcIP: e.srcIP, TokenType: or(clip(e.either("token_type"), schemas.MaxShortText), "web"),
		TokenID: clip(e.either("token"), schemas.MaxShortText), UserAgent: fingerprint.UserAgent, Fingerprint: fingerprint,
	})
}

// Fingerprint reads what a browser says of itself: an object whose members are
// named as in the browser (userAgent, platform, maxTouchPoints, webdriver,
// languages, screen.width, …), as collectors spell it. What is absent stays
// unknown; a value of another type is as good as absent. Errors: no JSON
// object.
func Fingerprint(raw []byte) (*schemas.BrowserFingerprint, error) {
	e := &sensorEvent{reader: reader{object: new(object), words: words{}}}
	if err := e.object.parse(raw); err != nil {
		return nil, err
	}
	card, screen := e.loose("videoCard", "webgl"), e.loose("screen")
	f := &schemas.BrowserFingerprint{
		Webdriver: e.maybe("webdriver"), Platform: e.short("platform"), UserAgent: clip(e.first("userAgent", "user_agent"), schemas.MaxLongText),
		Languages: e.list("languages"), TimeZone: e.short("timezone", "timeZone", "time_zone"),
		WebGLVendor:   or(card.short("vendor", "unmaskedVendor"), e.short("webglVendor", "webgl_vendor")),
		WebGLRenderer: or(card.short("renderer", "unmaskedRenderer"), e.short("webglRenderer", "webgl_renderer")),
		CanvasHash:    e.short("canvasHash", "canvas", "canvas_hash"), AudioHash: e.short("audioHash", "audio", "audio_hash"),
		ScreenWidth: screen.size("width"), ScreenHeight: screen.size("height"), TouchPoints: e.touch(),
		WebRTCAddresses: e.list("webrtc", "webrtcAddresses", "webrtc_addresses"),
	}
	if len(f.Languages) == 0 {
		if language := e.short("language"); language != "" {
			f.Languages = []string{language}
		}
	}
	return f, nil
}

// The readers below take what is of another type for absent: a browser that is
// lied about may say anything.

func (e *sensorEvent) loose(names ...string) *sensorEvent {
	for _, name := range names {
		if m := e.member(name); m != nil && m.kind == kindObject {
			return &sensorEvent{reader: *e.sub(name)}
		}
	}
	return &sensorEvent{reader: reader{object: new(object), words: e.words}}
}

func (e *sensorEvent) first(names ...string) string {
	for _, name := range names {
		if m := e.member(name); m != nil && (m.kind == kindString || m.kind == kindNumber) {
			return string(m.text)
		}
	}
	return ""
}

func (e *sensorEvent) short(names ...string) string {
	return clip(e.first(names...), schemas.MaxShortText)
}

func (e *sensorEvent) list(names ...string) []string {
	var found []string
	for _, name := range names {
		m := e.member(name)
		if m == nil || m.kind != kindArray {
			continue
		}
		for _, raw := range elements(m.text) {
			if text := looseText(raw); text != "" && len(found) < schemas.MaxListLength {
				found = append(found, clip(text, schemas.MaxShortText))
			}
		}
	}
	return found
}

func (e *sensorEvent) maybe(name string) *bool {
	m := e.member(name)
	if m == nil || m.kind != kindBool {
		return nil
	}
	value := m.text[0] == 't'
	return &value
}

func (e *sensorEvent) size(name string) int {
	if m := e.member(name); m != nil && m.kind == kindNumber {
		return int(max(parseWhole(string(m.text)), 0))
	}
	return 0
}

func (e *sensorEvent) touch() *int {
	m := e.member("maxTouchPoints")
	if m == nil || m.kind != kindNumber {
		return nil
	}
	points := int(max(parseWhole(string(m.text)), 0))
	return &points
}
