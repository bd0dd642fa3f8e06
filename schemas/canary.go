package schemas

// CanaryEvent is a hit on a planted token or decoy, on topic
// canary.triggered.
type CanaryEvent struct {
	Envelope
	SrcIP string `json:"src_ip,omitempty"`
	// TokenType is what was planted, such as aws_keys or ms_word.
	TokenType string `json:"token_type"`
	// TokenID names the token. It is no secret: who holds it can only trip it.
	TokenID   string `json:"token_id,omitempty"`
	UserAgent string `json:"user_agent,omitempty"`
	// Fingerprint holds what a browser said of itself, where it did. Event
	// kind canary_fingerprint requires it.
	Fingerprint *BrowserFingerprint `json:"fingerprint,omitempty"`
}

// BrowserFingerprint is what a browser says of itself. Empty means unknown.
type BrowserFingerprint struct {
	Webdriver     *bool    `json:"webdriver,omitempty"`
	Platform      string   `json:"platform,omitempty"`
	UserAgent     string   `json:"user_agent,omitempty"`
	Languages     []string `json:"languages,omitempty"`
	TimeZone      string   `json:"time_zone,omitempty"`
	WebGLVendor   string   `json:"webgl_vendor,omitempty"`
	WebGLRenderer string   `json:"webgl_renderer,omitempty"`
	CanvasHash    string   `json:"canvas_hash,omitempty"`
	AudioHash     string   `json:"audio_hash,omitempty"`
	ScreenWidth   int      `json:"screen_width,omitempty"`
	ScreenHeight  int      `json:"screen_height,omitempty"`
	// TouchPoints is navigator.maxTouchPoints. Nil: unknown.
	TouchPoints *int `json:"touch_points,omitempty"`
	// WebRTCAddresses are the addresses that WebRTC revealed.
	WebRTCAddresses []string `json:"webrtc_addresses,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (e *CanaryEvent) Validate() error {
	var c check
	e.Envelope.check(&c, KindCanary, KindCanaryFingerprint)
	c.required("token_type", e.TokenType, MaxShortText)
	c.short("src_ip", e.SrcIP)
	c.short("token_id", e.TokenID)
	c.long("user_agent", e.UserAgent)
	if e.SourceKind == KindCanaryFingerprint && e.Fingerprint == nil {
		c.add("fingerprint: required for source_kind %s", KindCanaryFingerprint)
	}
	if f := e.Fingerprint; f != nil {
		f.check(&c)
	}
	return c.result()
}

func (f *BrowserFingerprint) check(c *check) {
	for _, s := range []struct{ name, text string }{
		{"platform", f.Platform}, {"time_zone", f.TimeZone}, {"webgl_vendor", f.WebGLVendor},
		{"webgl_renderer", f.WebGLRenderer}, {"canvas_hash", f.CanvasHash}, {"audio_hash", f.AudioHash},
	} {
		c.short("fingerprint."+s.name, s.text)
	}
	c.long("fingerprint.user_agent", f.UserAgent)
	c.list("fingerprint.languages", f.Languages, MaxShortText)
	c.list("fingerprint.webrtc_addresses", f.WebRTCAddresses, MaxShortText)
	c.notNegative("fingerprint.screen_width", float64(f.ScreenWidth))
	c.notNegative("fingerprint.screen_height", float64(f.ScreenHeight))
}
