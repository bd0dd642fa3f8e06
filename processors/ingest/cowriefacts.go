package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

func (e *cowrieEvent) as(kind schemas.SourceKind) schemas.Envelope {
	e.envelope.SourceKind = kind
	return e.envelope
}

// cowrieCommand makes a command of an input, unless it was typed into a
// program.
func cowrieCommand(e *cowrieEvent) Fact {
	if e.member("realm") != nil {
		return cowrieStandardInput(e)
	}
	return &schemas.CommandEvent{
		Envelope: e.as(schemas.KindCommand), SrcIP: e.srcIP, Protocol: e.protocol, Command: e.required("input"),
	}
}

// cowrieOutcome makes an outcome of what Cowrie did with a command, or the
// command itself of a release that logged nothing else.
func cowrieOutcome(e *cowrieEvent) Fact {
	if e.member("realm") != nil {
		return cowrieStandardInput(e)
	}
	if shortSession(e.envelope.SessionID) && !e.inputSeen {
		return cowrieCommand(e)
	}
	fact := e.session(schemas.ActivityCommandOutcome)
	fact.Command = strings.TrimSuffix(e.required("input"), " ")
	fact.CommandFound = e.id == "cowrie.command.success"
	return fact
}

// cowrieLogin makes an attempt of a login: by key where it names one, with no
// method where it has no password.
func cowrieLogin(e *cowrieEvent) Fact {
	fact := e.auth()
	fact.Success = e.id == "cowrie.login.success"
	switch {
	case e.member("fingerprint") != nil || e.member("key") != nil:
		fact.Method = "publickey"
	case e.member("password") != nil:
		fact.Method = "password"
		fact.Password = e.credential("password")
	default:
		fact.Method = "none"
	}
	return fact
}

// cowrieFingerprint makes a failed attempt of an offered key, unless a login
// event will say how the attempt ended.
func cowrieFingerprint(e *cowrieEvent) Fact {
	if e.member("uuid") != nil {
		fact := e.session(schemas.ActivityOther)
		fact.Detail = e.message()
		return fact
	}
	fact := e.auth()
	fact.Method = "publickey"
	return fact
}

func (e *cowrieEvent) auth() *schemas.AuthEvent {
	return &schemas.AuthEvent{
		Envelope: e.as(schemas.KindAuthAttempt), SrcIP: e.srcIP, SrcPort: e.port("src_port"), Protocol: e.protocol,
		Username: e.credential("username"), KeyFingerprint: e.text("fingerprint"), KeyType: e.keyType(),
	}
}

// keyType returns the type of a key. Without one, type is the shipper's.
func (e *cowrieEvent) keyType() string {
	if e.member("fingerprint") == nil && e.member("key") == nil {
		return ""
	}
	return e.word("type")
}

// cowrieDownload makes a download of a file that came from a URL. The same
// event without one is a file that came to be by a redirection, or by
// standard input, which releases before 2016-10 called the URL stdin; and
// with a realm it is a line of standard input.
func cowrieDownload(e *cowrieEvent) Fact {
	if e.member("realm") != nil {
		return cowrieStandardInput(e)
	}
	fact := e.transfer(schemas.TransferDownload, true)
	if !strings.Contains(fact.URL, "://") {
		fact.Direction = schemas.TransferCreated
		fact.Filename = or(fact.Filename, fact.URL)
		fact.URL = ""
	}
	return fact
}

func cowrieDownloadFailed(e *cowrieEvent) Fact {
	return e.transfer(schemas.TransferDownload, false)
}

// cowrieUpload makes an upload of a file sent by SFTP or SCP, whose url is a
// path.
func cowrieUpload(e *cowrieEvent) Fact {
	fact := e.transfer(schemas.TransferUpload, true)
	fact.Filename = or(e.text("filename"), or(fact.Filename, fact.URL))
	fact.URL = ""
	return fact
}

func (e *cowrieEvent) transfer(direction string, success bool) *schemas.TransferEvent {
	return &schemas.TransferEvent{
		Envelope: e.as(schemas.KindTransfer), Direction: direction, Success: success, Protocol: e.protocol, SrcIP: e.srcIP,
		URL: e.text("url"), Filename: e.text("destfile"), Path: e.text("outfile"),
		SHA256: strings.ToLower(e.text("shasum")), Size: e.whole("size", 1<<50),
	}
}
