package facts

import (
	"path"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// Bounds on what of a request is looked at.
const (
	maxHTTPArgs  = 256
	maxArgText   = 16 << 10
	maxBodyText  = 64 << 10
	maxHTTPDepth = 3
)

// request is a request taken apart and decoded.
type request struct {
	event                         *schemas.HTTPEvent
	path, query, body             string
	extension, contentType        string
	headers, headerNames, secrets []string
	argNames, args, files         []string
	// inputs are the decoded parts that an application reads: each is looked at
	// alone, so that no form spans two of them.
	inputs []input
	depth  int
	cookie bool
}

// input is one part of a request.
type input struct {
	text string // decoded
	low  string // in lower case, runs of white space and comments as one blank
	from inputPlace
	// hidden says that it came out of base64.
	hidden bool
}

// inputPlace is where an input stood.
type inputPlace byte

const (
	inPath inputPlace = iota
	inArgName
	inArg
	inBody
	inHeader
	inAgent
	inCookie
)

func readRequest(ev *schemas.HTTPEvent) *request {
	r := &request{event: ev}
	rawPath, _ := trim(valid(ev.Path), maxBodyText)
	r.path = r.decode(rawPath, false)
	if i := strings.LastIndexByte(rawPath, '/'); i >= 0 {
		r.extension = strings.ToLower(strings.TrimPrefix(path.Ext(strings.TrimRight(r.path[strings.LastIndexByte(r.path, '/')+1:], " .")), "."))
	}
	r.add(inPath, r.path)
	rawQuery, _ := trim(valid(ev.Query), maxBodyText)
	r.query = r.decode(rawQuery, true)
	r.readArgs(rawQuery)
	r.readHeaders()
	r.readBody()
	return r
}

// target is path and query, decoded.
func (r *request) target() string {
	if r.query == "" {
		return r.path
	}
	return r.path + "?" + r.query
}

// decode takes percent-encoding off, and remembers how many layers there were.
func (r *request) decode(text string, plus bool) string {
	text, depth := percentDecode(text, plus)
	r.depth = max(r.depth, depth)
	return text
}

// add adds a part, decoded of percent signs already, and what it further hides.
func (r *request) add(from inputPlace, text string) {
	if text == "" || len(r.inputs) >= 4*maxHTTPArgs {
		return
	}
	text, _ = trim(text, maxBodyText)
	r.inputs = append(r.inputs, input{text: text, low: flatten(text), from: from})
	if plain := unescapeMarkup(text); plain != text {
		r.inputs = append(r.inputs, input{text: plain, low: flatten(plain), from: from})
	}
	if hidden := openBase64(text); hidden != "" {
		r.inputs = append(r.inputs, input{text: hidden, low: flatten(hidden), from: from, hidden: true})
	}
}

// readArgs reads the fields of a query or of a form.
func (r *request) readArgs(raw string) {
	if raw == "" {
		return
	}
	for _, pair := range strings.FieldsFunc(raw, func(c rune) bool { return c == '&' }) {
		if len(r.args) >= maxHTTPArgs {
			return
		}
		name, value, hasValue := strings.Cut(pair, "=")
		name, value = r.decode(clipText(name), true), r.decode(clipText(value), true)
		if !hasValue {
			if name, value, hasValue = strings.Cut(name, "="); !hasValue { // an equals sign may be encoded, too
				r.args = append(r.args, name)
				r.add(inArg, name)
				continue
			}
		}
		r.argNames, r.args = append(r.argNames, name), append(r.args, value)
		r.add(inArgName, name)
		r.add(inArg, value)
	}
}

func clipText(text string) string {
	text, _ = trim(text, maxArgText)
	return text
}

// ordinaryHeaders are those that every browser sends, whose values no
// application reads as data.
var ordinaryHeaders = map[string]bool{
	"accept": true, "accept-encoding": true, "accept-language": true, "accept-charset": true, "connection": true, "keep-alive": true, "proxy-connection": true,
	"cache-control": true, "content-length": true, "upgrade-insecure-requests": true, "host": true, "date": true, "pragma": true, "content-type": true, "te": true, "dnt": true,
}

func (r *request) readHeaders() {
	for _, h := range r.event.Headers {
		name, value := valid(h.Name), clipText(valid(h.Value))
		low := strings.ToLower(name)
		r.headerNames = append(r.headerNames, low)
		switch low {
		case "cookie":
			r.readCookie(value)
			continue
		case "authorization", "proxy-authorization":
			if value != "" {
				r.secrets = append(r.secrets, value)
			}
			continue
		case "content-type":
			r.contentType = strings.ToLower(value)
		case "x-filename", "x_filename", "x.filename", "x-file-name", "x-file.name", "content-disposition":
			r.addFile(fileName(value))
		}
		r.headers = append(r.headers, low+": "+value)
		from := inHeader
		if low == "user-agent" {
			from = inAgent
		}
		if !ordinaryHeaders[low] || strings.ContainsAny(value, "${}()<>'\"") && low != "accept" {
			r.add(from, r.decode(value, false))
		}
	}
	if r.event.UserAgent != "" && !r.hasHeader("user-agent") {
		r.add(inAgent, clipText(valid(r.event.UserAgent)))
	}
	if r.event.Referer != "" && !r.hasHeader("referer") {
		r.add(inHeader, r.decode(clipText(valid(r.event.Referer)), false))
	}
}

func (r *request) hasHeader(low string) bool {
	for _, name := range r.headerNames {
		if name == low {
			return true
		}
	}
	return false
}

// readCookie reads what cookies hold: applications read them, and so do
// attackers write them. Their values are secrets.
func (r *request) readCookie(value string) {
	if value == "" {
		return
	}
	r.secrets = append(r.secrets, value)
	r.cookie = true
	for pair := range strings.SplitSeq(value, "; ") {
		name, content, _ := strings.Cut(pair, "=")
		r.add(inCookie, r.decode(name, true))
		r.add(inCookie, r.decode(content, true))
	}
}
