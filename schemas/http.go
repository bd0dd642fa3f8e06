package schemas

// HTTPEvent is one HTTP request, on topic attacker.http. All but Method and
// Path may be empty.
type HTTPEvent struct {
	Envelope
	SrcIP string `json:"src_ip,omitempty"`
	// Method is the request's method, as sent.
	Method string `json:"method"`
	Scheme string `json:"scheme,omitempty"`
	Host   string `json:"host,omitempty"`
	Port   int    `json:"port,omitempty"`
	// Path is the request target up to the question mark, not decoded.
	Path string `json:"path"`
	// Query is the request target after the question mark, not decoded.
	Query string `json:"query,omitempty"`
	// Version is the protocol's version, such as 1.1.
	Version   string `json:"version,omitempty"`
	UserAgent string `json:"user_agent,omitempty"`
	Referer   string `json:"referer,omitempty"`
	// Headers are the request's headers in the order sent, without those that
	// carry credentials (Authorization, Cookie), whose names alone are kept.
	Headers []HTTPHeader `json:"headers,omitempty"`
	// Body is the start of the request's body.
	Body string `json:"body,omitempty"`
	// Status is the status code of the answer. 0: unknown.
	Status int `json:"status,omitempty"`
}

// HTTPHeader is one header line.
type HTTPHeader struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (e *HTTPEvent) Validate() error {
	var c check
	e.Envelope.check(&c, KindHTTPRequest)
	c.required("method", e.Method, MaxShortText)
	c.short("src_ip", e.SrcIP)
	c.short("scheme", e.Scheme)
	c.short("host", e.Host)
	c.short("version", e.Version)
	c.long("path", e.Path)
	c.long("query", e.Query)
	c.long("user_agent", e.UserAgent)
	c.long("referer", e.Referer)
	c.long("body", e.Body)
	c.port("port", e.Port)
	if e.Status < 0 || e.Status > 999 {
		c.add("status: %d is no status code", e.Status)
	}
	if len(e.Headers) > MaxListLength {
		c.add("headers: %d entries, at most %d", len(e.Headers), MaxListLength)
	}
	for _, h := range e.Headers {
		c.short("headers.name", h.Name)
		c.long("headers.value", h.Value)
	}
	return c.result()
}
