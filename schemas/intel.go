package schemas

// The providers of verdicts that have a mapping of their own.
const (
	ProviderAbuseIPDB = "abuseipdb"
	ProviderGreyNoise = "greynoise"
	ProviderFeodo     = "feodo"
	ProviderThreatFox = "threatfox"
)

// IntelEvent is what a threat-intelligence provider says of an address, on
// topic attacker.intel.enriched.
//
// Its tags have source id attacker + provider + verdict, so that asking again
// adds no tag.
type IntelEvent struct {
	Envelope
	SrcIP string `json:"src_ip,omitempty"`
	// Provider is the provider's short name, lower case.
	Provider string `json:"provider"`
	// Verdict is the provider's answer in normal form: a classification, or
	// the sorted categories.
	Verdict string `json:"verdict"`
	// Score is the provider's confidence in [0,1]. Absent where the provider
	// gave none that is mapped: an unmapped value is nothing, never a guess.
	Score *float64 `json:"score,omitempty"`
	// Categories are the provider's category codes.
	Categories []string `json:"categories,omitempty"`
	// Tags are the provider's labels.
	Tags []string `json:"tags,omitempty"`
	// MalwareFamily is the family that the provider names.
	MalwareFamily string `json:"malware_family,omitempty"`
	// ThreatType is what kind of indicator this is, such as botnet_cc.
	ThreatType string `json:"threat_type,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (e *IntelEvent) Validate() error {
	var c check
	e.Envelope.check(&c, KindIntelVerdict)
	c.required("provider", e.Provider, MaxShortText)
	c.required("verdict", e.Verdict, MaxShortText)
	c.short("src_ip", e.SrcIP)
	if e.Score != nil {
		c.unit("score", *e.Score)
	}
	c.list("categories", e.Categories, MaxShortText)
	c.list("tags", e.Tags, MaxShortText)
	c.short("malware_family", e.MalwareFamily)
	c.short("threat_type", e.ThreatType)
	return c.result()
}
