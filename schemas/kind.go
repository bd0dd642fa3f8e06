package schemas

import (
	"fmt"
	"slices"
)

// SourceKind says what sort of event a tag was made from. The spellings are
// frozen: they are part of every tag's id.
type SourceKind string

// The source kinds.
const (
	KindCommand           SourceKind = "command"
	KindAuthAttempt       SourceKind = "auth_attempt"
	KindHTTPRequest       SourceKind = "http_request"
	KindPayload           SourceKind = "payload"
	KindTransfer          SourceKind = "transfer"
	KindSession           SourceKind = "session"
	KindScan              SourceKind = "scan"
	KindBehaviour         SourceKind = "behaviour"
	KindCanary            SourceKind = "canary"
	KindCanaryFingerprint SourceKind = "canary_fingerprint"
	KindEmail             SourceKind = "email"
	KindEmailHeader       SourceKind = "email_header"
	KindEmailBody         SourceKind = "email_body"
	KindEmailAttachment   SourceKind = "email_attachment"
	KindIntelVerdict      SourceKind = "intel_verdict"
	KindIdentityRollup    SourceKind = "identity_rollup"
	KindCorrelation       SourceKind = "correlation"
)

var sourceKinds = []SourceKind{
	KindCommand, KindAuthAttempt, KindHTTPRequest, KindPayload, KindTransfer,
	KindSession, KindScan, KindBehaviour, KindCanary, KindCanaryFingerprint,
	KindEmail, KindEmailHeader, KindEmailBody, KindEmailAttachment,
	KindIntelVerdict, KindIdentityRollup, KindCorrelation,
}

// SourceKinds returns every source kind, in the order of the table in the
// design. The slice is the caller's.
func SourceKinds() []SourceKind { return slices.Clone(sourceKinds) }

// Valid reports whether k is one of the source kinds.
func (k SourceKind) Valid() bool { return slices.Contains(sourceKinds, k) }

// validate returns an error that names the field where k is unknown.
func (k SourceKind) validate() error {
	if k.Valid() {
		return nil
	}
	return fmt.Errorf("source_kind: unknown value %q", string(k))
}
