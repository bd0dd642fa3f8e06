package schemas

import (
	"fmt"
)

// Evidence says why a tag was made, in a closed type per source kind. No type
// has a field for a password, a mail body or a recipient's address, and
// whoever fills matched tokens masks the event's secrets first.
type Evidence interface {
	belongsTo(SourceKind) bool
	check(*check)
}

// Token is a piece of the event that a rule's pattern matched.
type Token struct {
	// Field is the fact's name, such as cmd.args.
	Field string `json:"field"`
	// Text is what matched, secrets masked. At most [MaxTokenText] bytes.
	Text string `json:"text,omitempty"`
	// Pattern is what the rule looked for. At most [MaxTokenText] bytes.
	Pattern string `json:"pattern,omitempty"`
}

// Bounds on matched tokens: evidence is a pointer, not a copy of the event.
const (
	MaxTokenText = 256
	MaxTokens    = 16
)

// Matched holds what a rule matched, in the order of the rule's selections.
// At most [MaxTokens].
type Matched struct {
	MatchedTokens []Token `json:"matched_tokens,omitempty"`
}

func (m *Matched) check(c *check) {
	if len(m.MatchedTokens) > MaxTokens {
		c.add("evidence.matched_tokens: %d, at most %d", len(m.MatchedTokens), MaxTokens)
	}
	for _, t := range m.MatchedTokens {
		c.required("evidence.matched_tokens.field", t.Field, MaxTokenText)
		c.bounded("evidence.matched_tokens.text", t.Text, MaxTokenText)
		c.bounded("evidence.matched_tokens.pattern", t.Pattern, MaxTokenText)
	}
}

// newEvidence returns an empty value of the type that belongs to kind.
func newEvidence(kind SourceKind) (Evidence, error) {
	switch kind {
	case KindCommand:
		return &CommandEvidence{}, nil
	case KindAuthAttempt:
		return &AuthEvidence{}, nil
	case KindHTTPRequest:
		return &HTTPEvidence{}, nil
	case KindPayload, KindTransfer:
		return &TransferEvidence{}, nil
	case KindSession:
		return &SessionEvidence{}, nil
	case KindScan, KindBehaviour:
		return &BehaviourEvidence{}, nil
	case KindCanary:
		return &CanaryEvidence{}, nil
	case KindCanaryFingerprint:
		return &FingerprintEvidence{}, nil
	case KindEmail, KindEmailHeader, KindEmailBody:
		return &EmailEvidence{}, nil
	case KindEmailAttachment:
		return &AttachmentEvidence{}, nil
	case KindIntelVerdict:
		return &IntelEvidence{}, nil
	case KindIdentityRollup:
		return &IdentityEvidence{}, nil
	case KindCorrelation:
		return &CorrelationEvidence{}, nil
	}
	return nil, kind.validate()
}

func decodeEvidence(kind SourceKind, raw []byte) (Evidence, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil // Validate refuses it
	}
	evidence, err := newEvidence(kind)
	if err != nil {
		return nil, err
	}
	if err := unmarshal(raw, evidence); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return evidence, nil
}
