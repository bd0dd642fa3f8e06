package sigma

import (
	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// webserver maps the W3C names that rules about web servers and proxies use.
// The taxonomy calls the same thing by several names, and rules look into the
// query for what stands anywhere in the target, so both names look into the
// target as it was sent and as it decodes.
var webserver = Pipeline{
	Name:       "webserver and proxy",
	Doc:        "A request to a honeypot is one that a web server, or a proxy before it, logs. Who sent it, who was logged in and how much was answered are no facts.",
	Logsources: []match.Logsource{{Category: "webserver"}, {Category: "proxy"}, {Service: "apache"}, {Service: "nginx"}},
	Kinds:      []schemas.SourceKind{schemas.KindHTTPRequest},
	Raw:        []string{"http.path.raw", "http.query.raw", "http.path", "http.query", "http.user_agent", "http.referer", "http.headers", "http.body"},
	Fields: map[string]detection.Source{
		"cs-method":       one("http.method"),
		"c-uri":           target,
		"cs-uri":          target,
		"cs-uri-query":    target,
		"c-uri-query":     one("http.query.raw", "http.query"),
		"c-uri-stem":      one("http.path.raw", "http.path"),
		"cs-uri-stem":     one("http.path.raw", "http.path"),
		"c-uri-extension": one("http.extension"),
		"c-useragent":     one("http.user_agent"),
		"cs-user-agent":   one("http.user_agent"),
		"cs-referer":      one("http.referer"),
		"cs-referrer":     one("http.referer"),
		"cs-host":         one("http.host"),
		"r-dns":           one("http.host"),
		"cs-version":      one("http.version"),
		"sc-status":       one("http.status"),
		"dst_port":        one("http.port"),
	},
}

var target = one("cs-uri", "http.path.raw", "http.query.raw", "http.path", "http.query")
