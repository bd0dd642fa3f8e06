package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// dionaea is the malware-catching honeypot's log_json: one line a connection.
// The connection is part 0; its credentials, a list of user names and one of
// passwords, are parts 1, 2, …, and what was told an FTP server the parts after
// them. USER and PASS are among the credentials already.
var dionaea = sensor{
	name: "dionaea",
	has: func(o *object) bool {
		return hasKind(o, "connection", kindObject) && hasStrings(o, "src_ip", "dst_ip", "timestamp")
	},
	decode: decodeDionaea,
}

// dionaeaProtocols are the names of its modules in plain words; any other is
// kept without its final d.
var dionaeaProtocols = map[string]string{
	"smbd": "smb", "ftpd": "ftp", "httpd": "http", "mongod": "mongodb", "epmapper": "msrpc", "SipSession": "sip", "SipCall": "sip", "tftpd": "tftp",
}

func decodeDionaea(e *sensorEvent) {
	e.when("timestamp")
	e.from("src_ip")
	connection := e.sub("connection")
	module := connection.word("protocol")
	protocol := or(dionaeaProtocols[module], strings.TrimSuffix(module, "d"))
	e.taken(connection)
	e.add(&schemas.SessionEvent{
		Envelope: e.as(schemas.KindSession, 0), Activity: schemas.ActivityConnect, SensorEvent: "dionaea." + connection.word("type"), Protocol: protocol,
		SrcIP: e.srcIP, SrcPort: e.port("src_port"), DstIP: e.word("dst_ip"), DstPort: e.port("dst_port"),
	})
	part := e.dionaeaLogins(protocol)
	e.dionaeaCommands(protocol, part)
	e.dionaeaDownloads(protocol)
}

// dionaeaLogins adds the credentials and returns the next part.
func (e *sensorEvent) dionaeaLogins(protocol string) int {
	if e.member("credentials") == nil {
		return 1
	}
	credentials := e.sub("credentials")
	users, passwords := credentials.texts("username"), credentials.texts("password")
	e.taken(credentials)
	for i := range max(len(users), len(passwords)) {
		fact := &schemas.AuthEvent{
			Envelope: e.as(schemas.KindAuthAttempt, i+1), SrcIP: e.srcIP, SrcPort: e.port("src_port"), Protocol: protocol, Method: "password",
		}
		if i < len(users) {
			fact.Username = users[i]
		}
		if i < len(passwords) {
			fact.Password = passwords[i]
		}
		e.add(fact)
	}
	return max(len(users), len(passwords)) + 1
}

// dionaeaCommands adds what an FTP server was told, but for logging in.
func (e *sensorEvent) dionaeaCommands(protocol string, part int) {
	if e.member("ftp") == nil {
		return
	}
	ftp := e.sub("ftp")
	inner := &sensorEvent{reader: *ftp}
	commands := inner.sub("commands")
	names, arguments := commands.texts("command"), commands.texts("arguments")
	e.taken(ftp)
	e.taken(commands)
	for i, name := range names {
		argument := ""
		if i < len(arguments) {
			argument = arguments[i]
		}
		if strings.EqualFold(name, "USER") || strings.EqualFold(name, "PASS") {
			continue
		}
		e.add(&schemas.SessionEvent{
			Envelope: e.as(schemas.KindSession, part+i), Activity: schemas.ActivityOther, SensorEvent: "dionaea.command", Protocol: protocol,
			SrcIP: e.srcIP, Detail: clip(strings.TrimSpace(name+" "+argument), schemas.MaxLongText),
		})
		if strings.EqualFold(name, "STOR") {
			e.add(&schemas.TransferEvent{
				Envelope: e.as(schemas.KindTransfer, part+i), Direction: schemas.TransferUpload, Protocol: protocol, SrcIP: e.srcIP, Filename: argument,
			})
		}
	}
}

// dionaeaDownloads adds the files that a shellcode made it fetch.
func (e *sensorEvent) dionaeaDownloads(protocol string) {
	if m := e.member("downloads"); m == nil || m.kind != kindArray {
		return
	}
	for i, d := range e.objects("downloads") {
		e.add(&schemas.TransferEvent{
			Envelope: e.as(schemas.KindTransfer, maxParts+1+i), Direction: schemas.TransferDownload, Success: d.member("md5") != nil,
			Protocol: protocol, SrcIP: e.srcIP, URL: clip(d.either("url", "download_url"), schemas.MaxLongText),
		})
	}
}
