package schemas

// CommandEvent is a line that an attacker typed or sent to a shell, on topic
// attacker.command.
type CommandEvent struct {
	Envelope
	// SrcIP is the source address as the sensor wrote it. May be empty.
	SrcIP string `json:"src_ip,omitempty"`
	// Protocol is how the line came in: ssh, telnet, adb … May be empty.
	Protocol string `json:"protocol,omitempty"`
	// Command is the line as typed. At most [MaxLongText] bytes.
	Command string `json:"command"`
}

// Validate returns every problem of the record, joined, or nil.
func (e *CommandEvent) Validate() error {
	var c check
	e.Envelope.check(&c, KindCommand)
	c.short("src_ip", e.SrcIP)
	c.short("protocol", e.Protocol)
	c.long("command", e.Command)
	return c.result()
}
