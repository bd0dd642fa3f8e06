package schemas

// EmailEvidence is why a message, its headers or its body were tagged.
type EmailEvidence struct {
	// HeaderNames and Traits name what matched, not what it said.
	HeaderNames []string `json:"header_names,omitempty"`
	Traits      []string `json:"traits,omitempty"`
	// FromDomain and RecipientDomains are domains, never addresses.
	FromDomain       string   `json:"from_domain,omitempty"`
	RecipientDomains []string `json:"recipient_domains,omitempty"`
	RecipientCount   int      `json:"recipient_count,omitempty"`
	URLHosts         []string `json:"url_hosts,omitempty"`
	BodyFingerprint  string   `json:"body_fingerprint,omitempty"`
}

func (*EmailEvidence) belongsTo(k SourceKind) bool {
	return k == KindEmail || k == KindEmailHeader || k == KindEmailBody
}
func (e *EmailEvidence) check(c *check) {
	c.list("evidence.header_names", e.HeaderNames, MaxTokenText)
	c.list("evidence.traits", e.Traits, MaxTokenText)
	c.short("evidence.from_domain", e.FromDomain)
	c.list("evidence.recipient_domains", e.RecipientDomains, MaxTokenText)
	c.notNegative("evidence.recipient_count", float64(e.RecipientCount))
	c.list("evidence.url_hosts", e.URLHosts, MaxTokenText)
	c.short("evidence.body_fingerprint", e.BodyFingerprint)
}

// AttachmentEvidence is why an attachment was tagged.
type AttachmentEvidence struct {
	SHA256    string   `json:"sha256,omitempty"`
	MediaType string   `json:"media_type,omitempty"`
	Extension string   `json:"extension,omitempty"`
	Traits    []string `json:"traits,omitempty"`
}

func (*AttachmentEvidence) belongsTo(k SourceKind) bool { return k == KindEmailAttachment }
func (e *AttachmentEvidence) check(c *check) {
	c.short("evidence.sha256", e.SHA256)
	c.short("evidence.media_type", e.MediaType)
	c.short("evidence.extension", e.Extension)
	c.list("evidence.traits", e.Traits, MaxTokenText)
}

// IntelEvidence is why a provider's verdict was tagged.
type IntelEvidence struct {
	Provider string `json:"provider,omitempty"`
	Verdict  string `json:"verdict,omitempty"`
	// Score is the provider's, in [0,1].
	Score         *float64 `json:"score,omitempty"`
	Categories    []string `json:"categories,omitempty"`
	MalwareFamily string   `json:"malware_family,omitempty"`
	ThreatType    string   `json:"threat_type,omitempty"`
}

func (*IntelEvidence) belongsTo(k SourceKind) bool { return k == KindIntelVerdict }
func (e *IntelEvidence) check(c *check) {
	c.short("evidence.provider", e.Provider)
	c.short("evidence.verdict", e.Verdict)
	if e.Score != nil {
		c.unit("evidence.score", *e.Score)
	}
	c.list("evidence.categories", e.Categories, MaxTokenText)
	c.short("evidence.malware_family", e.MalwareFamily)
	c.short("evidence.threat_type", e.ThreatType)
}

// BehaviourEvidence is why a way of behaving was tagged.
type BehaviourEvidence struct {
	Class       string   `json:"class,omitempty"`
	ToolGuesses []string `json:"tool_guesses,omitempty"`
}

func (*BehaviourEvidence) belongsTo(k SourceKind) bool { return k == KindBehaviour || k == KindScan }
func (e *BehaviourEvidence) check(c *check) {
	c.short("evidence.class", e.Class)
	c.list("evidence.tool_guesses", e.ToolGuesses, MaxTokenText)
}

// IdentityEvidence is why an identity was tagged: what was counted over its
// attackers.
type IdentityEvidence struct {
	// Counted is the fact that was counted, such as networks.
	Counted   string `json:"counted,omitempty"`
	Threshold int64  `json:"threshold,omitempty"`
}

func (*IdentityEvidence) belongsTo(k SourceKind) bool { return k == KindIdentityRollup }
func (e *IdentityEvidence) check(c *check) {
	c.short("evidence.counted", e.Counted)
	c.notNegative("evidence.threshold", float64(e.Threshold))
}

// CorrelationEvidence is why a window was tagged. It holds nothing that
// depends on which event completed the window.
type CorrelationEvidence struct {
	// Type is Sigma's correlation type, such as event_count.
	Type string `json:"type,omitempty"`
	// Group holds the values of group-by. Values of secret fields are keyed
	// hashes.
	Group []GroupValue `json:"group,omitempty"`
	// Threshold is the condition, such as ">= 5".
	Threshold string `json:"threshold,omitempty"`
	// TimespanSeconds is the window's length.
	TimespanSeconds int64 `json:"timespan_seconds,omitempty"`
}

// GroupValue is one value of a correlation's group-by.
type GroupValue struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

func (*CorrelationEvidence) belongsTo(k SourceKind) bool { return k == KindCorrelation }
func (e *CorrelationEvidence) check(c *check) {
	c.short("evidence.type", e.Type)
	c.short("evidence.threshold", e.Threshold)
	c.notNegative("evidence.timespan_seconds", float64(e.TimespanSeconds))
	if len(e.Group) > MaxTokens {
		c.add("evidence.group: %d, at most %d", len(e.Group), MaxTokens)
	}
	for _, g := range e.Group {
		c.bounded("evidence.group.field", g.Field, MaxTokenText)
		c.bounded("evidence.group.value", g.Value, MaxTokenText)
	}
}
