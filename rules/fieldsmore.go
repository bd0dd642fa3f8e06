package rules

import "github.com/ttpstream/ttpstream/schemas"

// The facts of what sensors of the web, of mail and of decoys see, and of what
// others say of an attacker.
var moreFields = map[schemas.SourceKind][]Field{
	schemas.KindHTTPRequest:       httpFields,
	schemas.KindEmail:             append(mailFields[:len(mailFields):len(mailFields)], scoped(attachmentFields)...),
	schemas.KindEmailHeader:       mailFields,
	schemas.KindEmailBody:         mailFields,
	schemas.KindEmailAttachment:   append(attachmentFields[:len(attachmentFields):len(attachmentFields)], Field{Name: "mail.from_domain", Type: "text", Doc: "of the From header"}, Field{Name: "sensor", Type: "text", Doc: "the sensor's name"}),
	schemas.KindCanary:            canaryFields,
	schemas.KindCanaryFingerprint: append(canaryFields[:len(canaryFields):len(canaryFields)], browserFields...),
	schemas.KindIntelVerdict:      intelFields,
	schemas.KindBehaviour:         behaviourFields,
	schemas.KindScan:              behaviourFields,
	schemas.KindIdentityRollup:    identityFields,
}

// scoped says of fields that they belong to a part of the event.
func scoped(fields []Field) []Field {
	out := make([]Field, len(fields))
	for i, f := range fields {
		f.Scope = true
		out[i] = f
	}
	return out
}

var httpFields = []Field{
	{Name: "http.method", Type: "text", Doc: "in capitals"},
	{Name: "http.scheme", Type: "text", Doc: "http or https"},
	{Name: "http.host", Type: "text", Doc: "the Host header, lower case"},
	{Name: "http.port", Type: "int", Doc: "the port asked"},
	{Name: "http.version", Type: "text", Doc: "of the protocol"},
	{Name: "http.status", Type: "int", Doc: "of the answer"},
	{Name: "http.path", Type: "text", Doc: "the path, decoded"},
	{Name: "http.path.raw", Type: "text", Doc: "the path as sent"},
	{Name: "http.extension", Type: "text", Doc: "of the last part of the path"},
	{Name: "http.query", Type: "text", Doc: "the query, decoded"},
	{Name: "http.query.raw", Type: "text", Doc: "the query as sent"},
	{Name: "http.user_agent", Type: "text", Doc: "what the client calls itself"},
	{Name: "http.referer", Type: "text", Doc: "where it says it came from"},
	{Name: "http.content_type", Type: "text", Doc: "of the body, lower case"},
	{Name: "http.body", Type: "text", Doc: "the body; a form decoded"},
	{Name: "http.depth", Type: "int", Doc: "layers of percent-encoding, 0 to 3"},
	{Name: "http.header_names", Type: "text", Multi: true, Doc: "lower case, in order"},
	{Name: "http.headers", Type: "text", Multi: true, Doc: "name: value, the name in lower case"},
	{Name: "http.arg_names", Type: "text", Multi: true, Doc: "of query, form, cookies"},
	{Name: "http.args", Type: "text", Multi: true, Doc: "and their values, decoded"},
	{Name: "http.files", Type: "text", Multi: true, Doc: "names of files sent along, lower case"},
	{Name: "http.traits", Type: "text", Multi: true, Doc: "forms of attack: sqli, traversal, command, …"},
	{Name: "cs-method", Type: "text", Doc: "as Sigma calls the method"},
	{Name: "cs-uri", Type: "text", Doc: "the whole target"},
	{Name: "cs-uri-query", Type: "text", Doc: "the query as sent"},
	{Name: "cs-uri-stem", Type: "text", Doc: "the path as sent"},
	{Name: "cs-user-agent", Type: "text", Doc: "the user agent"},
	{Name: "cs-referer", Type: "text", Doc: "the referer"},
	{Name: "cs-host", Type: "text", Doc: "the host"},
	{Name: "c-useragent", Type: "text", Doc: "the user agent"},
	{Name: "c-uri", Type: "text", Doc: "the whole target"},
	{Name: "sc-status", Type: "int", Doc: "the status"},
	{Name: "sensor", Type: "text", Doc: "the sensor's name"},
}

var mailFields = []Field{
	{Name: "mail.from_domain", Type: "text", Doc: "of the From header"},
	{Name: "mail.return_path_domain", Type: "text", Doc: "of the envelope sender"},
	{Name: "mail.reply_to_domain", Type: "text", Doc: "of the Reply-To header"},
	{Name: "mail.helo", Type: "text", Doc: "how the peer greeted"},
	{Name: "mail.mailer", Type: "text", Doc: "X-Mailer or User-Agent"},
	{Name: "mail.spf", Type: "text", Doc: "result of SPF"},
	{Name: "mail.dkim", Type: "text", Doc: "result of DKIM"},
	{Name: "mail.dmarc", Type: "text", Doc: "result of DMARC"},
	{Name: "mail.hops", Type: "int", Doc: "Received headers"},
	{Name: "mail.recipients", Type: "int", Doc: "how many"},
	{Name: "mail.date_skew", Type: "float", Doc: "Date minus receipt, seconds"},
	{Name: "mail.header_names", Type: "text", Multi: true, Doc: "lower case"},
	{Name: "mail.recipient_domains", Type: "text", Multi: true, Doc: "domains, never addresses"},
	{Name: "mail.url_hosts", Type: "text", Multi: true, Doc: "hosts of links"},
	{Name: "mail.body_fingerprint", Type: "text", Doc: "SimHash of the text"},
	{Name: "mail.encoded_bytes", Type: "int", Doc: "of encoded blocks in the text"},
	{Name: "mail.attachments", Type: "int", Doc: "how many"},
	{Name: "mail.traits", Type: "text", Multi: true, Doc: "what was seen: url.ip_literal, body.urgency, …"},
	{Name: "mail.forgery", Type: "int", Doc: "signs that the sender is another"},
	{Name: "mail.lures", Type: "int", Doc: "signs of a lure: urgency, payment, credentials"},
	{Name: "mail.deceit", Type: "int", Doc: "signs that links or text deceive"},
	{Name: "mail.mass", Type: "int", Doc: "signs of unasked mass mail"},
	{Name: "sensor", Type: "text", Doc: "the sensor's name"},
}

var attachmentFields = []Field{
	{Name: "attachment.sha256", Type: "text", Doc: "hash of the content"},
	{Name: "attachment.extension", Type: "text", Doc: "of its name, lower case"},
	{Name: "attachment.media_type", Type: "text", Doc: "what the content is"},
	{Name: "attachment.declared_type", Type: "text", Doc: "what the mail says it is"},
	{Name: "attachment.size", Type: "int", Doc: "bytes"},
	{Name: "attachment.traits", Type: "text", Multi: true, Doc: "what was seen of it: attachment.macro, …"},
}

var canaryFields = []Field{
	{Name: "canary.token_type", Type: "text", Doc: "what was planted"},
	{Name: "canary.token_id", Type: "text", Doc: "which one"},
	{Name: "canary.user_agent", Type: "text", Doc: "of whoever touched it"},
	{Name: "sensor", Type: "text", Doc: "the sensor's name"},
}

var browserFields = []Field{
	{Name: "browser.webdriver", Type: "bool", Doc: "navigator.webdriver"},
	{Name: "browser.user_agent", Type: "text", Doc: "what it calls itself"},
	{Name: "browser.platform", Type: "text", Doc: "navigator.platform"},
	{Name: "browser.languages", Type: "text", Multi: true, Doc: "in order of preference"},
	{Name: "browser.time_zone", Type: "text", Doc: "by name"},
	{Name: "browser.webgl_vendor", Type: "text", Doc: "of the graphics"},
	{Name: "browser.webgl_renderer", Type: "text", Doc: "of the graphics"},
	{Name: "browser.canvas_hash", Type: "text", Doc: "hash of a drawing"},
	{Name: "browser.audio_hash", Type: "text", Doc: "hash of a sound"},
	{Name: "browser.screen_width", Type: "int", Doc: "pixels"},
	{Name: "browser.screen_height", Type: "int", Doc: "pixels"},
	{Name: "browser.touch_points", Type: "int", Doc: "fingers it can feel"},
	{Name: "browser.webrtc", Type: "text", Multi: true, Doc: "addresses that WebRTC showed"},
	{Name: "browser.traits", Type: "text", Multi: true, Doc: "what does not fit: platform_mismatch, …"},
}

var intelFields = []Field{
	{Name: "intel.provider", Type: "text", Doc: "abuseipdb, greynoise, feodo, threatfox"},
	{Name: "intel.verdict", Type: "text", Doc: "its answer in normal form"},
	{Name: "intel.score", Type: "float", Doc: "its confidence, 0 to 1"},
	{Name: "intel.categories", Type: "text", Multi: true, Doc: "its category codes"},
	{Name: "intel.tags", Type: "text", Multi: true, Doc: "its labels, lower case"},
	{Name: "intel.malware_family", Type: "text", Doc: "the family it names"},
	{Name: "intel.threat_type", Type: "text", Doc: "the kind of indicator"},
	{Name: "sensor", Type: "text", Doc: "the sensor's name"},
}

var behaviourFields = []Field{
	{Name: "behaviour.class", Type: "text", Doc: "brute_force, scanning, beaconing, …"},
	{Name: "behaviour.tools", Type: "text", Multi: true, Doc: "tools that would behave so"},
	{Name: "behaviour.confidence", Type: "float", Doc: "the profiler's"},
	{Name: "behaviour.profiler", Type: "text", Doc: "who judged"},
	{Name: "behaviour.window", Type: "float", Doc: "seconds looked at"},
	{Name: "sensor", Type: "text", Doc: "the sensor's name"},
}

var identityFields = []Field{
	{Name: "identity.attackers", Type: "int", Doc: "addresses linked"},
	{Name: "identity.networks", Type: "int", Doc: "distinct /24 or /48"},
	{Name: "identity.services", Type: "int", Doc: "distinct"},
	{Name: "identity.credentials", Type: "int", Doc: "distinct"},
	{Name: "identity.credential_attackers", Type: "int", Doc: "addresses that tried one credential"},
	{Name: "identity.credential_services", Type: "int", Doc: "services that one credential was tried on"},
	{Name: "identity.seconds", Type: "float", Doc: "from first to last"},
}
