package facts

import (
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftSession lifts what happened to a connection. Passwords and tokens in
// tunnelled data and in variables are secrets. Out is reset first.
func LiftSession(ev *schemas.SessionEvent, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindSession
	f := &out.Base
	addText(f, "session.activity", ev.Activity)
	addText(f, "session.event", ev.SensorEvent)
	addText(f, "session.detail", ev.Detail)
	addText(f, "session.protocol", ev.Protocol)
	addNumber(f, "session.src_port", float64(ev.SrcPort))
	addNumber(f, "session.dst_port", float64(ev.DstPort))
	addText(f, "session.client_version", ev.ClientVersion)
	addText(f, "session.hassh", ev.Hassh)
	addText(f, "session.hassh_algorithms", ev.HasshAlgorithms)
	addText(f, "session.ja4h", ev.JA4H)
	addNumber(f, "session.duration", ev.DurationSeconds)
	addText(f, "session.forward_host", ev.ForwardHost)
	addNumber(f, "session.forward_port", float64(ev.ForwardPort))
	addText(f, "session.forward_data", ev.ForwardData)
	addText(f, "session.var_name", ev.VarName)
	addText(f, "session.var_value", ev.VarValue)
	addText(f, "session.arch", ev.Arch)
	addText(f, "sensor", ev.Sensor)
	out.Secrets = appendSecrets(out.Secrets, valid(ev.ForwardData))
	out.Secrets = appendSecrets(out.Secrets, valid(ev.Detail))
	if sensitive(ev.VarName) && ev.VarValue != "" {
		out.Secrets = append(out.Secrets, valid(ev.VarValue))
	}
}

// appendSecrets appends the secrets that show themselves in a text that is no
// command.
func appendSecrets(secrets []string, s string) []string {
	if s == "" {
		return secrets
	}
	l := lifters.Get().(*lifter)
	defer lifters.Put(l)
	l.reset()
	if s, cut := trim(s, maxInput); !cut {
		l.scan(text{s: s, known: true}, context{})
	} else {
		l.hide("")
	}
	return append(secrets, l.secrets...)
}
