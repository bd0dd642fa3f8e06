package facts

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/screen"
)

// What plays on the protocol itself.
var protocolForms = []form{
	{"header_injection", "", func(in *input) bool {
		return in.from != inBody && in.from != inHeader && strings.ContainsAny(in.text, "\r\n") && injectedHeader.MatchString(strings.ToLower(in.text)) || in.from == inPath && strings.ContainsAny(in.text, "\r\n") ||
			in.from == inArgName && strings.ContainsAny(in.text, "\r\n")
	}},
	{"smuggling", "", func(in *input) bool {
		return in.from != inHeader && in.from != inAgent && innerRequest.MatchString(in.low)
	}},
	{"session_fixation", "c.", matches(`document\s*\.\s*cookie\s*=?.{0,60}(expires|domain|sessionid|path)|\bset-cookie\b.{0,60}(expires|domain|sessionid)|http-equiv\W+set-cookie|\.cookie\b.{0,20};\W*(expires|domain)\W*=`)},
	{"mail_injection", "", func(in *input) bool {
		return strings.ContainsAny(in.text, "\r\n") && mailCommand.MatchString(strings.ToLower(in.text))
	}},
	{"odd_method", "|", matches(`^unix:\w{5,}\|https?:`)},
}

var (
	injectedHeader = screen.Must(`[\r\n]\W*?(?:content-(type|length|disposition|encoding|security)|set-cookie\d?|location|refresh|host|x-[\w-]+|remote-(addr|ip)|transfer-encoding|access-control-\w+|cache-control|referer|http/\d|user-agent|date|server|connection|age|vary|link|via|status|authorization|cookie)\b[^:\n]{0,8}[:/][ \t]*[^\s]|[\r\n]+\s*<`)
	innerRequest   = screen.Must(`\b(get|post|head|options|connect|put|delete|trace|track|patch|propfind|propatch|mkcol|copy|move|lock|unlock)\s+[^\s]+\s+http/\d|\bhttp/\d(\.\d)?\s+\d{3}\s|[\r\n\s]content-length:\s*\d|<(html|meta)\b[^>]*http-equiv|(^|\W)http/[0-3]\.\d\b.{0,20}(200 ok|302)`)
	mailCommand    = screen.Must(`[\r\n]\W{0,4}(a\d+\s+)?(ehlo|helo|mail from:|rcpt to:|data\s*[\r\n]|bcc:|cc:|subject:|to:\s*\S+@|quit\s*$|vrfy|expn|starttls|auth (plain|login)|user \S+\s*[\r\n]|pass \S+|retr \d|dele \d|stat\s*$|list\s*$|uidl|capa|logout|select \w+\s*$|fetch \d|login \S+ \S+)`)
)
