package schematest

import "github.com/ttpstream/ttpstream/schemas"

// Evidence returns realistic evidence of the type that belongs to kind, or nil
// for an unknown kind.
func Evidence(kind schemas.SourceKind) schemas.Evidence {
	switch kind {
	case schemas.KindCommand:
		return &schemas.CommandEvidence{Matched: matched("cmd.name", "wget")}
	case schemas.KindAuthAttempt:
		return &schemas.AuthEvidence{Protocol: "ssh", Method: "password", MatchedFields: []string{"auth.pair"}}
	case schemas.KindHTTPRequest:
		return &schemas.HTTPEvidence{Matched: matched("http.path", "/.env"), Method: "GET"}
	case schemas.KindPayload, schemas.KindTransfer:
		return &schemas.TransferEvidence{Matched: matched("transfer.filename", "bins.sh"), Direction: schemas.TransferDownload}
	case schemas.KindSession:
		return &schemas.SessionEvidence{Matched: matched("session.client_version", "SSH-2.0-Go"), Activity: schemas.ActivityClientVersion}
	case schemas.KindScan, schemas.KindBehaviour:
		return &schemas.BehaviourEvidence{Class: "brute_force", ToolGuesses: []string{"hydra"}}
	case schemas.KindCanary:
		return &schemas.CanaryEvidence{TokenType: "aws_keys"}
	case schemas.KindCanaryFingerprint:
		return &schemas.FingerprintEvidence{Signals: []string{"webdriver"}}
	}
	return derivedEvidence(kind)
}

// derivedEvidence is that of kinds that no honeypot sees by itself.
func derivedEvidence(kind schemas.SourceKind) schemas.Evidence {
	switch kind {
	case schemas.KindEmail, schemas.KindEmailHeader, schemas.KindEmailBody:
		return &schemas.EmailEvidence{Traits: []string{"url.punycode"}, FromDomain: "bank.example"}
	case schemas.KindEmailAttachment:
		return &schemas.AttachmentEvidence{Extension: "docm", Traits: []string{"macro"}}
	case schemas.KindIntelVerdict:
		return &schemas.IntelEvidence{Provider: schemas.ProviderAbuseIPDB, Verdict: "18,22"}
	case schemas.KindIdentityRollup:
		return &schemas.IdentityEvidence{Counted: "networks", Threshold: 3}
	case schemas.KindCorrelation:
		return &schemas.CorrelationEvidence{Type: "event_count", Threshold: ">= 5", TimespanSeconds: 300}
	}
	return nil
}

func matched(field, text string) schemas.Matched {
	return schemas.Matched{MatchedTokens: []schemas.Token{{Field: field, Text: text, Pattern: text}}}
}
