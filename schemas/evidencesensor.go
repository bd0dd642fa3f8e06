package schemas

// CommandEvidence is why a command was tagged.
type CommandEvidence struct {
	Matched
	// DecodingDepth is how many layers of encoding had to be opened.
	DecodingDepth int `json:"decoding_depth,omitempty"`
	// Fallback says that the line was no valid shell and was split by words.
	Fallback bool `json:"fallback,omitempty"`
}

func (*CommandEvidence) belongsTo(k SourceKind) bool { return k == KindCommand }
func (e *CommandEvidence) check(c *check) {
	e.Matched.check(c)
	c.notNegative("evidence.decoding_depth", float64(e.DecodingDepth))
}

// AuthEvidence is why a login was tagged. It names the fields that matched
// and not what they held: a tried user name is often a tried password too.
type AuthEvidence struct {
	Protocol      string   `json:"protocol,omitempty"`
	Method        string   `json:"method,omitempty"`
	Success       bool     `json:"success"`
	MatchedFields []string `json:"matched_fields,omitempty"`
}

func (*AuthEvidence) belongsTo(k SourceKind) bool { return k == KindAuthAttempt }
func (e *AuthEvidence) check(c *check) {
	c.short("evidence.protocol", e.Protocol)
	c.short("evidence.method", e.Method)
	c.list("evidence.matched_fields", e.MatchedFields, MaxTokenText)
}

// SessionEvidence is why something about a connection was tagged.
type SessionEvidence struct {
	Matched
	Activity string `json:"activity,omitempty"`
	// Hassh is the SSH client's fingerprint.
	Hassh string `json:"hassh,omitempty"`
}

func (*SessionEvidence) belongsTo(k SourceKind) bool { return k == KindSession }
func (e *SessionEvidence) check(c *check) {
	e.Matched.check(c)
	c.short("evidence.activity", e.Activity)
	c.short("evidence.hassh", e.Hassh)
}

// TransferEvidence is why a file was tagged.
type TransferEvidence struct {
	Matched
	Direction string `json:"direction,omitempty"`
	// SHA256 and Size describe the content.
	SHA256 string `json:"sha256,omitempty"`
	Size   int64  `json:"size,omitempty"`
}

func (*TransferEvidence) belongsTo(k SourceKind) bool { return k == KindTransfer || k == KindPayload }
func (e *TransferEvidence) check(c *check) {
	e.Matched.check(c)
	c.short("evidence.direction", e.Direction)
	c.short("evidence.sha256", e.SHA256)
	c.notNegative("evidence.size", float64(e.Size))
}

// HTTPEvidence is why a request was tagged.
type HTTPEvidence struct {
	Matched
	Method string `json:"method,omitempty"`
	// HeaderNames are the names of the headers that matched.
	HeaderNames []string `json:"header_names,omitempty"`
}

func (*HTTPEvidence) belongsTo(k SourceKind) bool { return k == KindHTTPRequest }
func (e *HTTPEvidence) check(c *check) {
	e.Matched.check(c)
	c.short("evidence.method", e.Method)
	c.list("evidence.header_names", e.HeaderNames, MaxTokenText)
}

// CanaryEvidence is why a tripped token was tagged.
type CanaryEvidence struct {
	Matched
	TokenType string `json:"token_type,omitempty"`
}

func (*CanaryEvidence) belongsTo(k SourceKind) bool { return k == KindCanary }
func (e *CanaryEvidence) check(c *check) {
	e.Matched.check(c)
	c.short("evidence.token_type", e.TokenType)
}

// FingerprintEvidence is why a browser's fingerprint was tagged.
type FingerprintEvidence struct {
	Matched
	// Signals are the names of the facts that matched.
	Signals []string `json:"signals,omitempty"`
}

func (*FingerprintEvidence) belongsTo(k SourceKind) bool { return k == KindCanaryFingerprint }
func (e *FingerprintEvidence) check(c *check) {
	e.Matched.check(c)
	c.list("evidence.signals", e.Signals, MaxTokenText)
}
