package schemas

// EmailEvent is one parsed message, already reduced, on topic email.received.
// It has no field for a recipient's address or for body text.
type EmailEvent struct {
	Envelope
	SrcIP string `json:"src_ip,omitempty"`
	// MessageIDHash is the SHA-256 of the Message-ID, lower-case hex.
	MessageIDHash string `json:"message_id_hash,omitempty"`
	// FromDomain, ReturnPathDomain and ReplyToDomain are the domains of the
	// header and envelope senders, lower case.
	FromDomain       string `json:"from_domain,omitempty"`
	ReturnPathDomain string `json:"return_path_domain,omitempty"`
	ReplyToDomain    string `json:"reply_to_domain,omitempty"`
	// HELO is the name with which the peer greeted.
	HELO string `json:"helo,omitempty"`
	// Mailer is the X-Mailer or User-Agent header.
	Mailer string `json:"mailer,omitempty"`
	// SPF, DKIM and DMARC are the results that Authentication-Results gives.
	SPF   string `json:"spf,omitempty"`
	DKIM  string `json:"dkim,omitempty"`
	DMARC string `json:"dmarc,omitempty"`
	// HeaderNames are the names of the headers, in order.
	HeaderNames []string `json:"header_names,omitempty"`
	// ReceivedHops is the number of Received headers.
	ReceivedHops int `json:"received_hops,omitempty"`
	// DateSkewSeconds is the Date header minus the time of receipt.
	DateSkewSeconds float64 `json:"date_skew_seconds,omitempty"`
	// RecipientCount and RecipientDomains say to how many and to which
	// domains; never to whom.
	RecipientCount   int      `json:"recipient_count,omitempty"`
	RecipientDomains []string `json:"recipient_domains,omitempty"`
	// URLHosts are the hosts of URLs in the body.
	URLHosts []string `json:"url_hosts,omitempty"`
	// Traits are names of what the parser saw in headers, body and URLs, such
	// as url.punycode or body.urgency.
	Traits []string `json:"traits,omitempty"`
	// BodyFingerprint is a locality-sensitive hash of the normalised body.
	BodyFingerprint string `json:"body_fingerprint,omitempty"`
	// EncodedBytes is the length of encoded blocks in the body, in bytes.
	EncodedBytes int64 `json:"encoded_bytes,omitempty"`
	// Attachments describes each attachment by content.
	Attachments []EmailAttachment `json:"attachments,omitempty"`
}

// EmailAttachment describes an attachment without holding it.
type EmailAttachment struct {
	// SHA256 is the hash of the content, lower-case hex.
	SHA256 string `json:"sha256"`
	// Extension is the last extension of the file name, lower case.
	Extension string `json:"extension,omitempty"`
	// MediaType is what the content is; DeclaredType what the mail says.
	MediaType    string   `json:"media_type,omitempty"`
	DeclaredType string   `json:"declared_type,omitempty"`
	Size         int64    `json:"size,omitempty"`
	Traits       []string `json:"traits,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (e *EmailEvent) Validate() error {
	var c check
	e.Envelope.check(&c, KindEmail)
	for _, f := range []struct{ name, text string }{
		{"src_ip", e.SrcIP}, {"message_id_hash", e.MessageIDHash}, {"from_domain", e.FromDomain},
		{"return_path_domain", e.ReturnPathDomain}, {"reply_to_domain", e.ReplyToDomain}, {"helo", e.HELO},
		{"mailer", e.Mailer}, {"spf", e.SPF}, {"dkim", e.DKIM}, {"dmarc", e.DMARC}, {"body_fingerprint", e.BodyFingerprint},
	} {
		c.short(f.name, f.text)
	}
	c.list("header_names", e.HeaderNames, MaxShortText)
	c.list("recipient_domains", e.RecipientDomains, MaxShortText)
	c.list("url_hosts", e.URLHosts, MaxShortText)
	c.list("traits", e.Traits, MaxShortText)
	c.notNegative("received_hops", float64(e.ReceivedHops))
	c.notNegative("recipient_count", float64(e.RecipientCount))
	c.notNegative("encoded_bytes", float64(e.EncodedBytes))
	c.finite("date_skew_seconds", e.DateSkewSeconds)
	if len(e.Attachments) > MaxListLength {
		c.add("attachments: %d entries, at most %d", len(e.Attachments), MaxListLength)
	}
	for _, a := range e.Attachments {
		c.required("attachments.sha256", a.SHA256, MaxShortText)
		c.short("attachments.extension", a.Extension)
		c.short("attachments.media_type", a.MediaType)
		c.short("attachments.declared_type", a.DeclaredType)
		c.list("attachments.traits", a.Traits, MaxShortText)
		c.notNegative("attachments.size", float64(a.Size))
	}
	return c.result()
}
