package schemas_test

import (
	"regexp"
	"slices"
	"testing"
)

// What cannot be written cannot leak: a tried password has a field on the
// login it was tried in and nowhere else, and no record has one for a
// recipient, a subject or the text of a mail.
func TestNoFieldForPersonalData(t *testing.T) {
	t.Parallel()
	private := regexp.MustCompile(`passw|secret|credential|token$|recipient|subject|body|address|cookie|^to$|^cc$|mail`)
	allowed := []string{
		"AuthEvent.password", "AuthEvent.password_hashed", "IdentitySummary.credential_hashes", // the last: keyed hashes
		"EmailEvent.mailer", "EmailEvent.recipient_count", "EmailEvent.recipient_domains", "EmailEvent.body_fingerprint",
		"EmailEvidence.recipient_count", "EmailEvidence.recipient_domains", "EmailEvidence.body_fingerprint",
		"HTTPEvent.body",                      // what an attacker sent to a sensor, on its fact topic
		"BrowserFingerprint.webrtc_addresses", // IP addresses
		"Retraction.to",                       // a time
	}
	for _, g := range goldens() {
		for _, p := range places(g.value) {
			if name := p.owner + "." + p.field; private.MatchString(p.field) && !slices.Contains(allowed, name) {
				t.Errorf("%s: what for?", name)
			}
		}
	}
}
