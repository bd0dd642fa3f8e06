package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// openCanary is Thinkst's open-source honeypot: one event a line, with a type
// as a number and what happened in logdata. It decides by the type
// (opencanarytypes.go); a type that is not there becomes a session event, so
// that nothing is lost. Three of its fields need care: utc_time is UTC and so,
// against its name, is local_time; ports are numbers or texts, and -1 where
// there is none; passwords stay in logins.
var openCanary = sensor{
	name: "opencanary",
	has: func(o *object) bool {
		return hasKind(o, "logtype", kindNumber) && hasStrings(o, "node_id") && o.get("logdata") != nil
	},
	decode: decodeOpenCanary,
}

func decodeOpenCanary(e *sensorEvent) {
	e.when("utc_time", "local_time")
	e.envelope.Sensor = e.word("node_id")
	c := &canaryEvent{sensorEvent: e, kind: e.whole("logtype", 1<<31), log: &reader{object: new(object), words: e.words}}
	if hasKind(e.object, "logdata", kindObject) {
		c.log = e.sub("logdata")
	}
	if c.kind < 2000 {
		e.refuse(ReasonNoSource, "the event is about the sensor and names no attacker")
		return
	}
	e.from("src_host")
	build, known := openCanaryTypes[c.kind]
	if !known {
		build = openCanaryType{"other", canaryOther}
	}
	c.protocol = build.protocol
	if e.refusal == nil {
		build.decode(c)
	}
	e.taken(c.log)
}

// canaryEvent is one OpenCanary event: log reads its logdata.
type canaryEvent struct {
	*sensorEvent
	kind     int64
	protocol string
	log      *reader
}

// loosePort is a port of which -1, or what is no port, says that there is none.
func (c *canaryEvent) loosePort(name string) int {
	port := int64(-1)
	if m := c.member(name); m != nil && (m.kind == kindNumber || m.kind == kindString) {
		port = parseWhole(string(m.text))
	}
	if port < 0 || port > 65535 {
		return 0
	}
	return int(port)
}

// supplied is text of logdata but for what OpenCanary puts where there is none.
func (c *canaryEvent) supplied(names ...string) string {
	for _, name := range names {
		if m := c.log.member(name); m == nil || m.kind != kindString && m.kind != kindNumber {
			continue
		}
		if text := c.log.credential(name); text != "<not supplied>" {
			return clip(text, schemas.MaxLongText)
		}
	}
	return ""
}

func (c *canaryEvent) session(activity string) *schemas.SessionEvent {
	return &schemas.SessionEvent{
		Envelope: c.as(schemas.KindSession, 0), Activity: activity, SensorEvent: "opencanary." + canaryTypeName(c.kind), Protocol: c.protocol,
		SrcIP: c.srcIP, SrcPort: c.loosePort("src_port"), DstIP: c.word("dst_host"), DstPort: c.loosePort("dst_port"),
	}
}

func canaryConnect(c *canaryEvent) { c.add(c.session(schemas.ActivityConnect)) }

func canaryVersion(c *canaryEvent) {
	fact := c.session(schemas.ActivityClientVersion)
	fact.ClientVersion = bare(c.supplied("REMOTEVERSION"))
	c.add(fact)
}

// canaryLogin makes an attempt of a login; the sensor lets nobody in.
func canaryLogin(c *canaryEvent) { c.add(c.login(0)) }

func (c *canaryEvent) login(part int) *schemas.AuthEvent {
	fact := &schemas.AuthEvent{
		Envelope: c.as(schemas.KindAuthAttempt, part), SrcIP: c.srcIP, SrcPort: c.loosePort("src_port"), Protocol: c.protocol, Method: "password",
		Username: c.supplied("USERNAME", "username", "user"), Password: c.supplied("PASSWORD", "password", "VNC Password"),
	}
	if strings.HasPrefix(fact.Password, "<Password was not") {
		fact.Password = ""
	}
	return fact
}

// canaryRequest makes a request of HTTP's types, and of a login form an
// attempt too.
func canaryRequest(c *canaryEvent) {
	method := "GET"
	switch {
	case c.kind == 3001:
		method = "POST"
		c.add(c.login(1))
	case c.kind == 3002:
		method = or(c.supplied("REQUEST_TYPE"), "UNKNOWN")
	}
	fact := &schemas.HTTPEvent{
		Envelope: c.as(schemas.KindHTTPRequest, 0), SrcIP: c.srcIP, Method: method, Scheme: "http", Host: c.supplied("HOSTNAME"),
		Port: c.loosePort("dst_port"), UserAgent: c.supplied("USERAGENT"),
	}
	fact.Path, fact.Query, _ = strings.Cut(or(c.supplied("PATH"), "/"), "?")
	c.add(fact)
}

// canaryCommand makes a command of what a service other than a shell was told.
func canaryCommand(c *canaryEvent) {
	words := strings.TrimSpace(c.supplied("CMD", "command") + " " + c.supplied("ARGS", "query"))
	c.add(&schemas.CommandEvent{Envelope: c.as(schemas.KindCommand, 0), SrcIP: c.srcIP, Protocol: c.protocol, Command: words})
}

// canaryFile makes a canary of a decoy file that was opened on a share.
func canaryFile(c *canaryEvent) {
	c.add(&schemas.CanaryEvent{
		Envelope: c.as(schemas.KindCanary, 0), SrcIP: c.srcIP, TokenType: "smb_file",
		TokenID: clip(c.supplied("SHARENAME")+"/"+c.supplied("FILENAME"), schemas.MaxShortText),
	})
}

// canaryScan makes a scan of what the firewall logged.
func canaryScan(c *canaryEvent) {
	fact := &schemas.BehaviourEvent{Envelope: c.as(schemas.KindScan, 0), Class: "scanning", Confidence: 0.9, Profiler: "opencanary"}
	if c.kind > 5001 { // only nmap makes packets like these
		fact.ToolGuesses = []string{"nmap"}
	}
	c.add(fact)
}

// canaryOther keeps what a service was asked, in its own words.
func canaryOther(c *canaryEvent) {
	fact := c.session(schemas.ActivityOther)
	var words []string
	for _, name := range canaryDetails {
		if text := c.supplied(name); text != "" {
			words = append(words, text)
		}
	}
	fact.Detail = clip(strings.Join(words, " "), schemas.MaxLongText)
	c.add(fact)
}

// canaryDetails are the members of logdata that say what was asked and hold no
// password.
var canaryDetails = [...]string{
	"OPCODE", "FILENAME", "MODE", "NTP CMD", "REPO", "HOST", "COMMUNITY_STRING", "REQUESTS", "query_hostname", "response", "FUNCTION", "DATA", "HEADERS", "action", "error",
}
