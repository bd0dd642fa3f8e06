package ingest

import (
	"strconv"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// fields sets what an event says of a session.
type fields func(*cowrieEvent, *schemas.SessionEvent)

// activity returns a maker of session events.
func activity(name string, set ...fields) func(*cowrieEvent) Fact {
	return func(e *cowrieEvent) Fact {
		fact := e.session(name)
		for _, f := range set {
			f(e, fact)
		}
		return fact
	}
}

func (e *cowrieEvent) session(activity string) *schemas.SessionEvent {
	return &schemas.SessionEvent{
		Envelope: e.as(schemas.KindSession), Activity: activity, SensorEvent: e.id, Protocol: e.protocol, SrcIP: e.srcIP,
	}
}

// cowrieOther keeps the event's name and Cowrie's sentence, unless the event
// has a secret that the sentence may repeat.
func cowrieOther(e *cowrieEvent) Fact {
	fact := e.session(schemas.ActivityOther)
	for i := range e.object.members {
		name := strings.ToLower(string(e.object.members[i].name))
		if strings.Contains(name, "passw") || strings.Contains(name, "secret") {
			return fact
		}
	}
	fact.Detail = e.message()
	return fact
}

// cowrieStandardInput keeps a line that was typed into a program.
func cowrieStandardInput(e *cowrieEvent) Fact {
	fact := e.session(schemas.ActivityOther)
	realm := e.text("realm")
	if realm == "passwd" || realm == "chpasswd" {
		fact.Detail = "input to " + realm + ", left out because it is a password"
		return fact
	}
	fact.Detail = clip("input to "+realm+": "+e.text("input"), schemas.MaxLongText)
	return fact
}

// cowrieTrace keeps which packet a proxy saw. Its payload may hold a
// password.
func cowrieTrace(e *cowrieEvent) Fact {
	fact := e.session(schemas.ActivityOther)
	fact.Detail = strings.TrimSpace(e.text("direction") + " " + e.text("packet"))
	return fact
}

func connectFields(e *cowrieEvent, s *schemas.SessionEvent) {
	s.SrcPort, s.DstIP, s.DstPort = e.port("src_port"), e.text("dst_ip"), e.port("dst_port")
}

func durationFields(e *cowrieEvent, s *schemas.SessionEvent) { s.DurationSeconds = e.seconds() }

func archFields(e *cowrieEvent, s *schemas.SessionEvent) { s.Arch = e.word("arch") }

func logFields(e *cowrieEvent, s *schemas.SessionEvent) {
	s.DurationSeconds, s.LogSHA256 = e.seconds(), strings.ToLower(e.text("shasum"))
}

func versionFields(e *cowrieEvent, s *schemas.SessionEvent) {
	s.ClientVersion = e.words.get([]byte(bare(e.text("version"))))
}

func kexFields(e *cowrieEvent, s *schemas.SessionEvent) {
	s.Hassh, s.HasshAlgorithms = e.word("hassh"), e.word("hasshAlgorithms")
}

func sizeFields(e *cowrieEvent, s *schemas.SessionEvent) {
	s.Detail = strconv.FormatInt(e.whole("width", 1<<32), 10) + "x" + strconv.FormatInt(e.whole("height", 1<<32), 10)
}

func varFields(e *cowrieEvent, s *schemas.SessionEvent) {
	s.VarName, s.VarValue = e.text("name"), e.text("value")
}

func accountFields(e *cowrieEvent, s *schemas.SessionEvent) {
	s.Detail = "change of the password of " + clip(e.text("username"), schemas.MaxShortText)
}

func messageFields(e *cowrieEvent, s *schemas.SessionEvent) { s.Detail = e.message() }

// forwardFields sets where a tunnel was to go. The src_port of such an event
// is what the client claimed, in releases before 2026, and is left out.
func forwardFields(e *cowrieEvent, s *schemas.SessionEvent) {
	s.ForwardHost, s.ForwardPort = e.text("dst_ip"), e.port("dst_port")
	s.ForwardData, s.JA4H = clip(bare(e.text("data")), schemas.MaxLongText), e.text("ja4h")
	if e.id == "cowrie.tunnelproxy-tcpip.data" {
		s.ForwardHost, s.ForwardPort = "", 0 // what the line has is the sensor's own
	}
}
