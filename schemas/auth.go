package schemas

// AuthEvent is one attempt to log in, on topic attacker.auth.
type AuthEvent struct {
	Envelope
	// SrcIP is the source address as the sensor wrote it. May be empty.
	SrcIP string `json:"src_ip,omitempty"`
	// SrcPort is the source's TCP or UDP port. 0: unknown.
	SrcPort int `json:"src_port,omitempty"`
	// Protocol is the service tried: ssh, telnet, ftp, smtp … May be empty.
	Protocol string `json:"protocol,omitempty"`
	// Method is how: password, publickey, keyboard-interactive, none.
	Method string `json:"method,omitempty"`
	// Success says that the sensor let the attacker in.
	Success bool `json:"success"`
	// Username is the account tried. May be empty.
	Username string `json:"username,omitempty"`
	// Password is what was tried, or its keyed hash where ingest is told so.
	// It stays on this topic: no other record has a field for it.
	Password string `json:"password,omitempty"`
	// PasswordHashed says that Password holds a keyed hash.
	PasswordHashed bool `json:"password_hashed,omitempty"`
	// KeyFingerprint is the fingerprint of an offered public key.
	KeyFingerprint string `json:"key_fingerprint,omitempty"`
	// KeyType is the type of an offered public key, such as ssh-ed25519.
	KeyType string `json:"key_type,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (e *AuthEvent) Validate() error {
	var c check
	e.Envelope.check(&c, KindAuthAttempt)
	c.short("src_ip", e.SrcIP)
	c.port("src_port", e.SrcPort)
	c.short("protocol", e.Protocol)
	c.short("method", e.Method)
	c.long("username", e.Username)
	c.long("password", e.Password)
	c.short("key_fingerprint", e.KeyFingerprint)
	c.short("key_type", e.KeyType)
	return c.result()
}
