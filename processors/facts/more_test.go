package facts

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// An event that says nothing has facts that say nothing, and is no error.
func TestLiftersTolerateAbsence(t *testing.T) {
	t.Parallel()
	var out match.Event
	for name, lift := range map[string]func(){
		"http":        func() { LiftHTTP(&schemas.HTTPEvent{}, &out) },
		"email":       func() { LiftEmail(&schemas.EmailEvent{}, &out) },
		"header":      func() { LiftEmailHeader(&schemas.EmailEvent{}, &out) },
		"body":        func() { LiftEmailBody(&schemas.EmailEvent{}, &out) },
		"canary":      func() { LiftCanary(&schemas.CanaryEvent{}, &out) },
		"fingerprint": func() { LiftCanary(&schemas.CanaryEvent{Fingerprint: &schemas.BrowserFingerprint{}}, &out) },
		"intel":       func() { LiftIntel(&schemas.IntelEvent{}, &out) },
		"behaviour":   func() { LiftBehaviour(&schemas.BehaviourEvent{}, &out) },
		"identity":    func() { LiftIdentity(nil, &out) },
	} {
		lift()
		for _, field := range out.Base.All() {
			for _, v := range field.Values {
				if v.String() != "0" && v.String() != "false" {
					t.Errorf("%s: %s is %s", name, field.Name, v.String())
				}
			}
		}
	}
}

func TestIntelScores(t *testing.T) {
	t.Parallel()
	half, none := 0.5, 0.0
	var out match.Event
	LiftIntel(&schemas.IntelEvent{Provider: "greynoise", Verdict: "unknown", Score: &half, Tags: []string{"TOR"}}, &out)
	if out.Weight != 0.5 || !slices.Equal(textsOf(&out, "intel.tags"), []string{"tor"}) {
		t.Errorf("weight %v, tags %v", out.Weight, textsOf(&out, "intel.tags"))
	}
	LiftIntel(&schemas.IntelEvent{Provider: "greynoise", Verdict: "benign", Score: &none, Tags: []string{"tor"}, Categories: []string{"18"}}, &out)
	if len(textsOf(&out, "intel.tags")) > 0 || len(textsOf(&out, "intel.categories")) > 0 {
		t.Error("an address that is held for good has tags")
	}
	LiftIntel(&schemas.IntelEvent{Provider: "greynoise", Verdict: "suspicious"}, &out)
	if _, ok := out.Base.Lookup("intel.score"); ok || out.Weight != 0 {
		t.Error("a value that nobody mapped has a score")
	}
}

func TestBrowserTraits(t *testing.T) {
	t.Parallel()
	yes, no, touch := true, 0, 5
	const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/147.0 Safari/537.36"
	const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
	for name, c := range map[string]struct {
		b       schemas.BrowserFingerprint
		country string
		want    []string
	}{
		"a person":          {schemas.BrowserFingerprint{UserAgent: windows, Platform: "Win32", WebGLRenderer: "ANGLE (Intel, UHD Direct3D11)", TouchPoints: &no, ScreenWidth: 1920, ScreenHeight: 1080}, "DE", nil},
		"driven":            {schemas.BrowserFingerprint{UserAgent: windows, Platform: "Win32", Webdriver: &yes}, "", []string{"webdriver"}},
		"another platform":  {schemas.BrowserFingerprint{UserAgent: windows, Platform: "Linux x86_64"}, "", []string{"platform_mismatch"}},
		"another renderer":  {schemas.BrowserFingerprint{UserAgent: windows, Platform: "Win32", WebGLRenderer: "Apple GPU"}, "", []string{"renderer_mismatch"}},
		"a phone's desk":    {schemas.BrowserFingerprint{UserAgent: iphone, Platform: "iPhone", TouchPoints: &no}, "", []string{"mobile_mismatch"}},
		"a phone":           {schemas.BrowserFingerprint{UserAgent: iphone, Platform: "iPhone", TouchPoints: &touch, ScreenWidth: 390, ScreenHeight: 844}, "", nil},
		"a tablet as a Mac": {schemas.BrowserFingerprint{UserAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", Platform: "MacIntel", TouchPoints: &touch}, "", nil},
		"inner and outside": {schemas.BrowserFingerprint{WebRTCAddresses: []string{"10.8.0.2", "203.0.113.9", "x.local"}}, "", []string{"webrtc_private", "webrtc_public"}},
		"elsewhere":         {schemas.BrowserFingerprint{TimeZone: "Asia/Shanghai", Languages: []string{"zh-CN", "en-US"}}, "DE", []string{"zone_mismatch", "language_mismatch"}},
		"at home":           {schemas.BrowserFingerprint{TimeZone: "Europe/Berlin", Languages: []string{"de-DE", "en-US"}}, "DE", nil},
		"country not known": {schemas.BrowserFingerprint{TimeZone: "Asia/Shanghai", Languages: []string{"zh-CN"}}, "", nil},
	} {
		if got := browserTraits(&c.b, c.country); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestIdentityFacts(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 8, 21, 10, 0, 0, 0, time.UTC)
	var attackers []*schemas.IdentitySummary
	for i, network := range []string{"198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24"} {
		attackers = append(attackers, &schemas.IdentitySummary{
			AttackerUUID: uuid.NewSHA1(uuid.Nil, []byte(network)), Network: network, Services: []string{"ssh"}, CredentialHashes: []string{"a", network},
			FirstSeen: at.Add(time.Duration(i) * time.Hour), LastSeen: at.Add(time.Duration(i+1) * time.Hour),
		})
	}
	var out, turned match.Event
	LiftIdentity(attackers, &out)
	slices.Reverse(attackers)
	LiftIdentity(attackers, &turned)
	for name, want := range map[string]string{
		"identity.attackers": "3", "identity.networks": "3", "identity.services": "1", "identity.credentials": "4", "identity.credential_attackers": "3", "identity.credential_services": "1", "identity.seconds": "10800",
	} {
		if got := textsOf(&out, name); !slices.Equal(got, []string{want}) || !slices.Equal(textsOf(&turned, name), got) {
			t.Errorf("%s: %v and %v, want %s", name, got, textsOf(&turned, name), want)
		}
	}
}

// A part of a message has the traits of that part, and the message all.
func TestEmailParts(t *testing.T) {
	t.Parallel()
	ev := &schemas.EmailEvent{
		Traits:      []string{"body.urgency", "header.brand_name", "url.ip_literal"},
		Attachments: []schemas.EmailAttachment{{SHA256: "aa", Traits: []string{"attachment.macro"}}},
	}
	var out match.Event
	for name, c := range map[string]struct {
		lift func(*schemas.EmailEvent, *match.Event)
		kind schemas.SourceKind
		want []string
	}{
		"whole":  {LiftEmail, schemas.KindEmail, ev.Traits},
		"header": {LiftEmailHeader, schemas.KindEmailHeader, []string{"header.brand_name"}},
		"body":   {LiftEmailBody, schemas.KindEmailBody, []string{"body.urgency", "url.ip_literal"}},
	} {
		c.lift(ev, &out)
		if got := textsOf(&out, "mail.traits"); out.SourceKind != c.kind || !slices.Equal(got, c.want) {
			t.Errorf("%s: %s %v, want %v", name, out.SourceKind, got, c.want)
		}
	}
	LiftEmail(ev, &out)
	if len(out.Scopes) != 1 || !slices.Equal(textsOf(&out, "mail.forgery"), []string{"1"}) || !slices.Equal(textsOf(&out, "mail.lures"), []string{"1"}) {
		t.Errorf("%d scopes, forgery %v", len(out.Scopes), textsOf(&out, "mail.forgery"))
	}
}
