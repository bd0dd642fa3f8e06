package facts

import (
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftCanary lifts a hit on a planted token, and what a browser said of itself
// where it did. browser.traits names what does not fit together
// (canarytraits.go); a browser that says nothing has none. Out is reset first.
func LiftCanary(ev *schemas.CanaryEvent, out *match.Event) { LiftCanaryFrom(ev, "", out) }

// LiftCanaryFrom is LiftCanary for a source whose country is known, as two
// letters: then time zone and languages are compared with it, too.
func LiftCanaryFrom(ev *schemas.CanaryEvent, country string, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindCanary
	if ev.SourceKind == schemas.KindCanaryFingerprint {
		out.SourceKind = schemas.KindCanaryFingerprint
	}
	f := &out.Base
	addText(f, "canary.token_type", ev.TokenType)
	addText(f, "canary.token_id", ev.TokenID)
	addText(f, "canary.user_agent", ev.UserAgent)
	addText(f, "sensor", ev.Sensor)
	b := ev.Fingerprint
	if b == nil {
		return
	}
	if b.Webdriver != nil {
		f.AddBool("browser.webdriver", *b.Webdriver)
	}
	addText(f, "browser.user_agent", b.UserAgent)
	addText(f, "browser.platform", b.Platform)
	f.AddAll("browser.languages", validAll(b.Languages))
	addText(f, "browser.time_zone", b.TimeZone)
	addText(f, "browser.webgl_vendor", b.WebGLVendor)
	addText(f, "browser.webgl_renderer", b.WebGLRenderer)
	addText(f, "browser.canvas_hash", b.CanvasHash)
	addText(f, "browser.audio_hash", b.AudioHash)
	addNumber(f, "browser.screen_width", float64(b.ScreenWidth))
	addNumber(f, "browser.screen_height", float64(b.ScreenHeight))
	if b.TouchPoints != nil {
		f.AddInt("browser.touch_points", int64(*b.TouchPoints))
	}
	f.AddAll("browser.webrtc", validAll(b.WebRTCAddresses))
	f.AddAll("browser.traits", browserTraits(b, country))
}

func validAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = valid(text)
	}
	return out
}
