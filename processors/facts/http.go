package facts

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftHTTP lifts a request. What it carries is decoded as servers decode it:
// percent and plus signs up to three layers, HTML's and JavaScript's escapes,
// base64 where it hides a known object. http.traits names what kinds of attack
// the decoded parts have the form of (httptraits.go); a trait is an observation
// and its weight a rule's to give. Values of Authorization and Cookie, where a
// record has them, are read and are secrets. Out is reset first.
func LiftHTTP(ev *schemas.HTTPEvent, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindHTTPRequest
	out.Logsource = match.Logsource{Category: "webserver"}
	r := readRequest(ev)
	f := &out.Base
	addText(f, "http.method", strings.ToUpper(ev.Method))
	addText(f, "http.scheme", ev.Scheme)
	addText(f, "http.host", strings.ToLower(ev.Host))
	addNumber(f, "http.port", float64(ev.Port))
	addText(f, "http.version", ev.Version)
	addNumber(f, "http.status", float64(ev.Status))
	addText(f, "http.path", r.path)
	addText(f, "http.path.raw", ev.Path)
	addText(f, "http.extension", r.extension)
	addText(f, "http.query", r.query)
	addText(f, "http.query.raw", ev.Query)
	addText(f, "http.user_agent", ev.UserAgent)
	addText(f, "http.referer", ev.Referer)
	addText(f, "http.content_type", r.contentType)
	addText(f, "http.body", r.body)
	f.AddInt("http.depth", int64(r.depth))
	f.AddAll("http.header_names", r.headerNames)
	f.AddAll("http.headers", r.headers)
	f.AddAll("http.arg_names", r.argNames)
	f.AddAll("http.args", r.args)
	f.AddAll("http.files", r.files)
	f.AddAll("http.traits", r.traits())
	addText(f, "sensor", ev.Sensor)
	sigmaWeb(f, ev, r)
	out.Secrets = append(out.Secrets, r.secrets...)
	out.Secrets = appendSecrets(out.Secrets, r.target())
}

// sigmaWeb adds the names that Sigma's rules for web servers use.
func sigmaWeb(f *match.Fields, ev *schemas.HTTPEvent, r *request) {
	addText(f, "cs-method", strings.ToUpper(ev.Method))
	addText(f, "cs-uri", valid(ev.Path)+queryMark(ev.Query))
	addText(f, "cs-uri-query", ev.Query)
	addText(f, "cs-uri-stem", ev.Path)
	addText(f, "cs-user-agent", ev.UserAgent)
	addText(f, "cs-referer", ev.Referer)
	addText(f, "cs-host", ev.Host)
	addText(f, "c-useragent", ev.UserAgent)
	addText(f, "c-uri", valid(ev.Path)+queryMark(ev.Query))
	addNumber(f, "sc-status", float64(ev.Status))
}

func queryMark(query string) string {
	if query == "" {
		return ""
	}
	return "?" + valid(query)
}
