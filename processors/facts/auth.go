package facts

import (
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftAuth lifts an attempt to log in. What was tried as password is a fact
// and a secret: rules see it, evidence does not. A hashed password makes no
// auth.pair, for no rule can know it. Out is reset first.
func LiftAuth(ev *schemas.AuthEvent, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindAuthAttempt
	f := &out.Base
	user, password := valid(ev.Username), valid(ev.Password)
	addText(f, "auth.username", user)
	if password != "" {
		f.Add("auth.password", password)
		out.Secrets = append(out.Secrets, password)
	}
	f.AddBool("auth.success", ev.Success)
	addText(f, "auth.method", ev.Method)
	addText(f, "auth.protocol", ev.Protocol)
	if !ev.PasswordHashed && (user != "" || password != "") {
		f.Add("auth.pair", user+":"+password)
	}
	addText(f, "auth.key_fingerprint", ev.KeyFingerprint)
	addText(f, "sensor", ev.Sensor)
}

// addText adds a text unless it is empty.
func addText(f *match.Fields, name, s string) {
	if s != "" {
		f.Add(name, valid(s))
	}
}

// addNumber adds a number unless it is 0, which stands for unknown.
func addNumber(f *match.Fields, name string, n float64) {
	if n != 0 {
		f.AddFloat(name, n)
	}
}
