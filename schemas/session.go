package schemas

// The activities of a session.
const (
	ActivityConnect        = "connect"
	ActivityClientVersion  = "client_version"
	ActivityClientKex      = "client_kex"
	ActivityClientSize     = "client_size"
	ActivityClientVar      = "client_var"
	ActivityParams         = "params"
	ActivityClosed         = "closed"
	ActivityLogClosed      = "log_closed"
	ActivityForwardRequest = "forward_request"
	ActivityForwardData    = "forward_data"
	ActivityCommandOutcome = "command_outcome"
	ActivityExploitAttempt = "exploit_attempt"
	ActivityOther          = "other"
)

// Activities returns every activity of a session. The slice is the caller's.
func Activities() []string {
	return []string{
		ActivityConnect, ActivityClientVersion, ActivityClientKex, ActivityClientSize,
		ActivityClientVar, ActivityParams, ActivityClosed, ActivityLogClosed,
		ActivityForwardRequest, ActivityForwardData, ActivityCommandOutcome,
		ActivityExploitAttempt, ActivityOther,
	}
}

// SessionEvent is something that happened to a connection other than a login,
// a command or a transfer, on topic attacker.session. Which fields are set
// depends on Activity; all but Activity may be empty.
type SessionEvent struct {
	Envelope
	// Activity is one of [Activities].
	Activity string `json:"activity"`
	// SensorEvent is the sensor's own name of the event, such as
	// cowrie.client.kex.
	SensorEvent string `json:"sensor_event,omitempty"`
	Protocol    string `json:"protocol,omitempty"`
	SrcIP       string `json:"src_ip,omitempty"`
	SrcPort     int    `json:"src_port,omitempty"`
	DstIP       string `json:"dst_ip,omitempty"`
	DstPort     int    `json:"dst_port,omitempty"`
	// DurationSeconds is how long the connection or its log lasted.
	DurationSeconds float64 `json:"duration_seconds,omitempty"`
	// ClientVersion is the peer's version banner.
	ClientVersion string `json:"client_version,omitempty"`
	// Hassh is the MD5 of the SSH client's offered algorithms, HasshAlgorithms
	// the string that it hashes, JA4H the fingerprint of a forwarded HTTP
	// client.
	Hassh           string `json:"hassh,omitempty"`
	HasshAlgorithms string `json:"hassh_algorithms,omitempty"`
	JA4H            string `json:"ja4h,omitempty"`
	// ForwardHost, ForwardPort and ForwardData are where a tunnel through the
	// sensor was to go and what was sent into it.
	ForwardHost string `json:"forward_host,omitempty"`
	ForwardPort int    `json:"forward_port,omitempty"`
	ForwardData string `json:"forward_data,omitempty"`
	// VarName and VarValue are an environment variable set by the client.
	VarName  string `json:"var_name,omitempty"`
	VarValue string `json:"var_value,omitempty"`
	// Arch is the architecture that the sensor pretended to have.
	Arch string `json:"arch,omitempty"`
	// Command and CommandFound are what the sensor made of a command that
	// attacker.command holds already.
	Command      string `json:"command,omitempty"`
	CommandFound bool   `json:"command_found,omitempty"`
	// LogSHA256 is the hash of a recorded terminal log.
	LogSHA256 string `json:"log_sha256,omitempty"`
	// Detail is the sensor's own message where nothing above holds it.
	Detail string `json:"detail,omitempty"`
}

// Validate returns every problem of the record, joined, or nil.
func (e *SessionEvent) Validate() error {
	var c check
	e.Envelope.check(&c, KindSession)
	c.oneOf("activity", e.Activity, Activities()...)
	for _, f := range []struct{ name, text string }{
		{"sensor_event", e.SensorEvent}, {"protocol", e.Protocol}, {"src_ip", e.SrcIP},
		{"dst_ip", e.DstIP}, {"hassh", e.Hassh}, {"ja4h", e.JA4H}, {"arch", e.Arch},
		{"log_sha256", e.LogSHA256},
	} {
		c.short(f.name, f.text)
	}
	for _, f := range []struct{ name, text string }{
		{"client_version", e.ClientVersion}, {"hassh_algorithms", e.HasshAlgorithms},
		{"forward_host", e.ForwardHost}, {"forward_data", e.ForwardData},
		{"var_name", e.VarName}, {"var_value", e.VarValue}, {"command", e.Command}, {"detail", e.Detail},
	} {
		c.long(f.name, f.text)
	}
	c.port("src_port", e.SrcPort)
	c.port("dst_port", e.DstPort)
	c.port("forward_port", e.ForwardPort)
	c.notNegative("duration_seconds", e.DurationSeconds)
	return c.result()
}
