package ingest

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ttpstream/ttpstream/schemas"
)

// maxDetail bounds what of a payload is kept as a session's detail, in bytes.
const maxDetail = 2048

// printable reports whether a text has no control characters but white space.
func printable(text string) bool {
	for _, r := range text {
		if r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// readable spells bytes as text: what cannot be printed as \xNN.
func readable(payload []byte) string {
	var out strings.Builder
	for len(payload) > 0 && out.Len() < maxDetail {
		r, size := utf8.DecodeRune(payload)
		switch {
		case r == utf8.RuneError && size == 1, unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t':
			const digits = "0123456789abcdef"
			for _, b := range payload[:size] {
				out.WriteString(`\x` + string(digits[b>>4]) + string(digits[b&15]))
			}
		default:
			out.WriteRune(r)
		}
		payload = payload[size:]
	}
	return clip(out.String(), maxDetail)
}

// methods are the request methods of HTTP and WebDAV.
var methods = map[string]bool{
	"GET": true, "HEAD": true, "POST": true, "PUT": true, "DELETE": true, "OPTIONS": true, "PATCH": true, "TRACE": true, "CONNECT": true,
	"PROPFIND": true, "PROPPATCH": true, "MKCOL": true, "COPY": true, "MOVE": true, "LOCK": true, "UNLOCK": true, "SEARCH": true, "REPORT": true,
	"DEBUG": true, "TRACK": true,
}

// requestLine reads the first line of a request of HTTP.
func requestLine(text string) (*schemas.HTTPEvent, bool) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.TrimRight(line, "\r ")
	method, rest, _ := strings.Cut(line, " ")
	if !methods[method] {
		return nil, false
	}
	at := strings.LastIndex(rest, " HTTP/")
	if at < 0 {
		return nil, false
	}
	request := &schemas.HTTPEvent{Method: method, Version: rest[at+len(" HTTP/"):]}
	setTarget(request, rest[:at])
	return request, true
}

// setTarget takes a request's target apart. An absolute one, which only a proxy
// is sent, also says scheme and host.
func setTarget(request *schemas.HTTPEvent, target string) {
	if scheme, rest, ok := strings.Cut(target, "://"); ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")) {
		request.Scheme = strings.ToLower(scheme)
		host, _, _ := strings.Cut(rest, "/")
		request.Host = or(clip(host, schemas.MaxShortText), request.Host)
	}
	request.Path, request.Query, _ = strings.Cut(target, "?")
	request.Path = clip(or(request.Path, "/"), schemas.MaxLongText)
	request.Query = clip(request.Query, schemas.MaxLongText)
}

// httpPayload reads a whole request of HTTP, as a sensor without HTTP got it.
func httpPayload(payload []byte) (*schemas.HTTPEvent, bool) {
	text := strings.ToValidUTF8(string(payload), "\uFFFD")
	request, ok := requestLine(text)
	if !ok {
		return nil, false
	}
	_, rest, _ := strings.Cut(text, "\n")
	for rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		line = strings.TrimRight(line, "\r")
		if line == "" {
			request.Body = clip(rest, schemas.MaxLongText)
			break
		}
		name, value, found := strings.Cut(line, ":")
		if found {
			addHeader(request, name, strings.TrimSpace(value))
		}
	}
	return request, true
}

// credentialHeaders carry secrets: of these the name alone is kept.
var credentialHeaders = map[string]bool{"authorization": true, "cookie": true, "proxy-authorization": true, "set-cookie": true, "x-api-key": true, "x-auth-token": true}

// addHeader adds a header, and puts those that have a field of their own there
// too.
func addHeader(request *schemas.HTTPEvent, name, value string) {
	name, value = clip(name, schemas.MaxShortText), clip(value, schemas.MaxLongText)
	switch strings.ToLower(name) {
	case "host":
		request.Host, request.Port = splitHost(value)
	case "user-agent":
		request.UserAgent = value
	case "referer":
		request.Referer = value
	}
	if credentialHeaders[strings.ToLower(name)] {
		value = ""
	}
	if len(request.Headers) < schemas.MaxListLength {
		request.Headers = append(request.Headers, schemas.HTTPHeader{Name: name, Value: value})
	}
}

// splitHost takes the port off a Host header.
func splitHost(value string) (host string, port int) {
	value = clip(value, schemas.MaxShortText)
	at := strings.LastIndexByte(value, ':')
	if at < 0 || strings.IndexByte(value[at:], ']') >= 0 {
		return value, 0
	}
	if n := parseWhole(value[at+1:]); n > 0 && n <= 65535 {
		return value[:at], int(n)
	}
	return value, 0
}

// parseWhole returns a whole number, or -1 where the text is none.
func parseWhole(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// looksTLS reports whether a payload begins as TLS' first message.
func looksTLS(payload []byte) bool {
	return len(payload) >= 3 && payload[0] == 0x16 && payload[1] == 3 && !bytes.Contains(payload[:3], []byte{'\n'})
}
