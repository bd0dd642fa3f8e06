package rules

import "github.com/ttpstream/ttpstream/schemas"

// Field is a fact that events of a source kind may have.
type Field struct {
	Name string
	// Type is text, int, float or bool.
	Type string
	// Multi says that it may have several values.
	Multi bool
	// Scope says that it belongs to one simple command of a line, not to the
	// line.
	Scope bool
	// Doc is what it holds, in a few words.
	Doc string
}

// RawField returns the field that holds the raw text of an event of that kind,
// which keywords and patterns look into. Empty if the kind has none.
func RawField(kind schemas.SourceKind) string {
	if kind == schemas.KindCommand {
		return "command"
	}
	return ""
}

// Fields returns the facts of a source kind, nil if they are not laid down.
// The slice is shared: do not change it.
func Fields(kind schemas.SourceKind) []Field {
	if fields, ok := moreFields[kind]; ok {
		return fields
	}
	return fieldTables[kind]
}

var fieldTables = map[schemas.SourceKind][]Field{
	schemas.KindCommand: {
		{Name: "command", Type: "text", Doc: "the line as typed"},
		{Name: "command.decoded", Type: "text", Multi: true, Doc: "the text of every decoded layer"},
		{Name: "command.depth", Type: "int", Doc: "the deepest layer of decoding, 0 to 4"},
		{Name: "command.parse", Type: "text", Doc: "shell, or fallback if it is no valid shell"},
		{Name: "command.count", Type: "int", Doc: "how many simple commands would run"},
		{Name: "command.truncated", Type: "bool", Doc: "whether a bound kept some of it from being looked at"},
		{Name: "command.names", Type: "text", Multi: true, Doc: "every cmd.name of the line"},
		{Name: "session.protocol", Type: "text", Doc: "ssh, telnet, …"},
		{Name: "sensor", Type: "text", Doc: "the sensor's name"},
		{Name: "cmd.name", Type: "text", Scope: true, Doc: "the program that runs, without path and wrappers"},
		{Name: "cmd.path", Type: "text", Scope: true, Doc: "the program as written"},
		{Name: "cmd.args", Type: "text", Multi: true, Scope: true, Doc: "the words after the name, unquoted"},
		{Name: "cmd.line", Type: "text", Scope: true, Doc: "name and arguments, joined by single spaces"},
		{Name: "cmd.flags", Type: "text", Multi: true, Scope: true, Doc: "arguments that begin with a dash, bundles also letter by letter"},
		{Name: "cmd.operands", Type: "text", Multi: true, Scope: true, Doc: "arguments that do not"},
		{Name: "cmd.urls", Type: "text", Multi: true, Scope: true, Doc: "URLs in the arguments"},
		{Name: "cmd.hosts", Type: "text", Multi: true, Scope: true, Doc: "hosts of URLs, addresses, host:port"},
		{Name: "cmd.reads", Type: "text", Multi: true, Scope: true, Doc: "files read, by redirection and as operands of programs that open them"},
		{Name: "cmd.writes", Type: "text", Multi: true, Scope: true, Doc: "files written, by redirection, tee, dd of=, -o, cp, mv, sed -i"},
		{Name: "cmd.appends", Type: "text", Multi: true, Scope: true, Doc: "files appended to"},
		{Name: "cmd.deletes", Type: "text", Multi: true, Scope: true, Doc: "files deleted: rm, shred, find -delete"},
		{Name: "cmd.executes", Type: "text", Multi: true, Scope: true, Doc: "the file run: a program named by path, the script an interpreter is given"},
		{Name: "cmd.connects", Type: "text", Multi: true, Scope: true, Doc: "hosts that a network client is told to talk to"},
		{Name: "cmd.ports", Type: "text", Multi: true, Scope: true, Doc: "and their ports"},
		{Name: "cmd.code", Type: "text", Scope: true, Doc: "program text given to an interpreter: python -c, perl -e, awk, a here-document"},
		{Name: "cmd.assigns", Type: "text", Multi: true, Scope: true, Doc: "NAME=value before the command, and export"},
		{Name: "cmd.assign_names", Type: "text", Multi: true, Scope: true, Doc: "the names alone"},
		{Name: "cmd.piped_from", Type: "text", Multi: true, Scope: true, Doc: "programs before it in the pipeline"},
		{Name: "cmd.piped_to", Type: "text", Multi: true, Scope: true, Doc: "programs behind it in the pipeline"},
		{Name: "cmd.stdin", Type: "text", Scope: true, Doc: "text it is fed, as far as it is known"},
		{Name: "cmd.wrappers", Type: "text", Multi: true, Scope: true, Doc: "sudo, nohup, busybox, … around it"},
		{Name: "cmd.depth", Type: "int", Scope: true, Doc: "the layer of decoding it was found in"},
		{Name: "cmd.background", Type: "bool", Scope: true, Doc: "started with &"},
		{Name: "cmd.subst", Type: "bool", Scope: true, Doc: "inside $(…) or backticks"},
		{Name: "cmd.loop", Type: "bool", Scope: true, Doc: "true inside for, while or until, else not there"},
		{Name: "cmd.index", Type: "int", Scope: true, Doc: "its place in the line, from 0"},
	},
	schemas.KindAuthAttempt: {
		{Name: "auth.username", Type: "text", Doc: "the name tried"},
		{Name: "auth.password", Type: "text", Doc: "the password tried; never shown"},
		{Name: "auth.success", Type: "bool", Doc: "whether the sensor let it in"},
		{Name: "auth.method", Type: "text", Doc: "password, publickey, none, …"},
		{Name: "auth.protocol", Type: "text", Doc: "ssh, telnet, …"},
		{Name: "auth.pair", Type: "text", Doc: "user:password"},
		{Name: "auth.key_fingerprint", Type: "text", Doc: "of the public key offered"},
		{Name: "sensor", Type: "text", Doc: "the sensor's name"},
	},
	schemas.KindSession: {
		{Name: "session.event", Type: "text", Doc: "the sensor's own name of the event"},
		{Name: "session.detail", Type: "text", Doc: "what was said to a service, in its words"},
		{Name: "session.activity", Type: "text", Doc: "connect, client_version, client_kex, params, closed, forward_request, …"},
		{Name: "session.protocol", Type: "text", Doc: "ssh, telnet, …"},
		{Name: "session.src_port", Type: "int", Doc: "the attacker's port"},
		{Name: "session.dst_port", Type: "int", Doc: "the sensor's port"},
		{Name: "session.client_version", Type: "text", Doc: "what the client calls itself"},
		{Name: "session.hassh", Type: "text", Doc: "the client's HASSH"},
		{Name: "session.hassh_algorithms", Type: "text", Doc: "what the HASSH is made of"},
		{Name: "session.ja4h", Type: "text", Doc: "the JA4H of an HTTP request"},
		{Name: "session.duration", Type: "float", Doc: "seconds"},
		{Name: "session.forward_host", Type: "text", Doc: "where a forwarded connection goes"},
		{Name: "session.forward_port", Type: "int", Doc: "and to which port"},
		{Name: "session.forward_data", Type: "text", Doc: "what is sent over it"},
		{Name: "session.var_name", Type: "text", Doc: "an environment variable's name"},
		{Name: "session.var_value", Type: "text", Doc: "and its value"},
		{Name: "session.arch", Type: "text", Doc: "the architecture the sensor shows"},
		{Name: "sensor", Type: "text", Doc: "the sensor's name"},
	},
	schemas.KindTransfer: {
		{Name: "transfer.direction", Type: "text", Doc: "download, upload, or created on the sensor"},
		{Name: "transfer.success", Type: "bool", Doc: "whether it worked"},
		{Name: "transfer.url", Type: "text", Doc: "where from"},
		{Name: "transfer.host", Type: "text", Doc: "the URL's host"},
		{Name: "transfer.filename", Type: "text", Doc: "the file's name"},
		{Name: "transfer.path", Type: "text", Doc: "the file's path"},
		{Name: "transfer.sha256", Type: "text", Doc: "its hash"},
		{Name: "transfer.size", Type: "int", Doc: "bytes"},
		{Name: "session.protocol", Type: "text", Doc: "ssh, telnet, …"},
		{Name: "sensor", Type: "text", Doc: "the sensor's name"},
	},
}
