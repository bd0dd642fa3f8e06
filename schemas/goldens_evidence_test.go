package schemas_test

import "github.com/ttpstream/ttpstream/schemas"

// evidenceGolden spells every field of a kind's evidence out.
func evidenceGolden(kind schemas.SourceKind) schemas.Evidence {
	matched := schemas.Matched{MatchedTokens: []schemas.Token{{Field: "cmd.args", Text: "-perm=u+s", Pattern: "-perm"}}}
	switch kind {
	case schemas.KindCommand:
		return &schemas.CommandEvidence{Matched: matched, DecodingDepth: 2, Fallback: true}
	case schemas.KindAuthAttempt:
		return &schemas.AuthEvidence{Protocol: "ssh", Method: "password", Success: true, MatchedFields: []string{"auth.pair"}}
	case schemas.KindHTTPRequest:
		return &schemas.HTTPEvidence{Matched: matched, Method: "GET", HeaderNames: []string{"User-Agent"}}
	case schemas.KindPayload, schemas.KindTransfer:
		return &schemas.TransferEvidence{Matched: matched, Direction: schemas.TransferUpload, SHA256: sha256A, Size: 2048}
	case schemas.KindSession:
		return &schemas.SessionEvidence{Matched: matched, Activity: schemas.ActivityClientKex, Hassh: "92674389fa1e47a27ddd8d9b63ecd42b"}
	case schemas.KindScan, schemas.KindBehaviour:
		return &schemas.BehaviourEvidence{Class: "scanning", ToolGuesses: []string{"masscan"}}
	case schemas.KindCanary:
		return &schemas.CanaryEvidence{Matched: matched, TokenType: "aws_keys"}
	case schemas.KindCanaryFingerprint:
		return &schemas.FingerprintEvidence{Matched: matched, Signals: []string{"webdriver"}}
	case schemas.KindEmail, schemas.KindEmailHeader, schemas.KindEmailBody:
		return &schemas.EmailEvidence{
			HeaderNames: []string{"X-Mailer"}, Traits: []string{"url.punycode"}, FromDomain: "bank.example",
			RecipientDomains: []string{"corp.example"}, RecipientCount: 3, URLHosts: []string{"xn--bnk-sna.example"}, BodyFingerprint: "T1A2B3",
		}
	case schemas.KindEmailAttachment:
		return &schemas.AttachmentEvidence{SHA256: sha256B, MediaType: "application/zip", Extension: "docm", Traits: []string{"macro"}}
	case schemas.KindIntelVerdict:
		return &schemas.IntelEvidence{
			Provider: schemas.ProviderThreatFox, Verdict: "botnet_cc", Score: new(0.75), Categories: []string{"18"},
			MalwareFamily: "elf.mirai", ThreatType: "botnet_cc",
		}
	case schemas.KindIdentityRollup:
		return &schemas.IdentityEvidence{Counted: "networks", Threshold: 3}
	case schemas.KindCorrelation:
		return &schemas.CorrelationEvidence{
			Type: "event_count", Group: []schemas.GroupValue{{Field: "attacker_uuid", Value: attackerID.String()}},
			Threshold: ">= 5", TimespanSeconds: 300,
		}
	}
	return nil
}
