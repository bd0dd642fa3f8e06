package sigma

import (
	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// webserver maps the W3C names that rules about web servers and proxies use.
// The taxonomy calls the same thing by several names.
var webserver = Pipeline{
	Name:       "webserver and proxy",
	Doc:        "A request to a honeypot is one that a web server, or a proxy before it, logs. It has no authenticated user and no answer's size.",
	Logsources: []match.Logsource{{Category: "webserver"}, {Category: "proxy"}, {Service: "apache"}, {Service: "nginx"}},
	Kinds:      []schemas.SourceKind{schemas.KindHTTPRequest},
	Raw:        []string{"http.uri", "http.user_agent", "http.referer", "http.body", "http.header_lines"},
	Fields: map[string]detection.Source{
		"cs-method":       one("http.method"),
		"c-uri":           one("http.uri"),
		"cs-uri":          one("http.uri"),
		"c-uri-stem":      one("http.path"),
		"cs-uri-stem":     one("http.path"),
		"c-uri-query":     one("http.query"),
		"cs-uri-query":    one("http.uri", "http.query"),
		"c-uri-extension": one("http.extension"),
		"c-useragent":     one("http.user_agent"),
		"cs-user-agent":   one("http.user_agent"),
		"cs-User-Agent":   one("http.user_agent"),
		"cs-referer":      one("http.referer"),
		"cs-referrer":     one("http.referer"),
		"cs-host":         one("http.host"),
		"r-dns":           one("http.host"),
		"cs-version":      one("http.version"),
		"sc-status":       one("http.status"),
		"c-ip":            one("http.src_ip"),
		"src_ip":          one("http.src_ip"),
		"dst_port":        one("http.port"),
		"cs-bytes-body":   one("http.body"),
		"post-body":       one("http.body"),
	},
}

// openCanary maps the fields of OpenCanary's own log.
var openCanary = Pipeline{
	Name:       "application/opencanary",
	Doc:        "Events that OpenCanary wrote, whatever they became here: their facts keep its logtype.",
	Logsources: []match.Logsource{{Product: "opencanary", Category: "application"}},
	Kinds: []schemas.SourceKind{
		schemas.KindAuthAttempt, schemas.KindHTTPRequest, schemas.KindSession, schemas.KindScan,
		schemas.KindCommand, schemas.KindTransfer, schemas.KindCanary,
	},
	Raw: []string{"opencanary.logdata"},
	Fields: map[string]detection.Source{
		"logtype":  one("opencanary.logtype"),
		"src_host": one("opencanary.src_host"),
		"src_port": one("opencanary.src_port"),
		"dst_host": one("opencanary.dst_host"),
		"dst_port": one("opencanary.dst_port"),
		"node_id":  one("sensor"),
	},
}
