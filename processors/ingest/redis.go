package ingest

import (
	"net/netip"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// redisHoneypot is T-Pot's Redis: one line a command, in seconds. A session is
// its connection's address and port. What was typed becomes a command of
// protocol redis, AUTH a login; bytes of other protocols, a request of HTTP or
// TLS' hello among them, become what they are.
var redisHoneypot = sensor{
	name:   "redis",
	coarse: true,
	has:    func(o *object) bool { return hasStrings(o, "action", "addr", "level", "time") },
	decode: decodeRedis,
}

func decodeRedis(e *sensorEvent) {
	e.when("time")
	peer, err := netip.ParseAddrPort(e.text("addr"))
	if err != nil {
		e.refuse(ReasonBadSource, "the addr is no address and port")
		return
	}
	e.fromText(peer.Addr().String(), "addr")
	e.envelope.SessionID = e.word("addr")
	action, port := e.text("action"), int(peer.Port())
	session := func(activity string) *schemas.SessionEvent {
		return &schemas.SessionEvent{
			Envelope: e.as(schemas.KindSession, 0), Activity: activity, SensorEvent: "redis", Protocol: "redis", SrcIP: e.srcIP, SrcPort: port,
		}
	}
	switch {
	case e.refusal != nil:
	case action == "NewConnect":
		e.add(session(schemas.ActivityConnect))
	case action == "Closed":
		e.add(session(schemas.ActivityClosed))
	case !printable(action):
		fact := session(schemas.ActivityOther)
		fact.Detail = readable([]byte(action))
		e.add(fact)
	default:
		e.addService("redis", action, port)
	}
}

// addService adds what a service without a shell was told: a request of HTTP,
// a login or a command of that service.
func (e *sensorEvent) addService(protocol, text string, port int) {
	if request, ok := requestLine(text); ok {
		request.Envelope, request.SrcIP = e.as(schemas.KindHTTPRequest, 0), e.srcIP
		e.add(request)
		return
	}
	if auth, ok := redisLogin(text); ok && protocol == "redis" {
		auth.Envelope, auth.SrcIP, auth.SrcPort, auth.Protocol = e.as(schemas.KindAuthAttempt, 0), e.srcIP, port, protocol
		e.add(auth)
		return
	}
	e.add(&schemas.CommandEvent{Envelope: e.as(schemas.KindCommand, 0), SrcIP: e.srcIP, Protocol: protocol, Command: text})
}

// redisLogin reads AUTH password and AUTH user password.
func redisLogin(command string) (*schemas.AuthEvent, bool) {
	words := strings.Fields(command)
	if len(words) < 2 || len(words) > 3 || !strings.EqualFold(words[0], "auth") {
		return nil, false
	}
	auth := &schemas.AuthEvent{Method: "password", Password: words[len(words)-1]}
	if len(words) == 3 {
		auth.Username = words[1]
	}
	return auth, true
}
