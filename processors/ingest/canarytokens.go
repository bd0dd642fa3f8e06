package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// canarytokens is what canarytokens.org and own servers of it post to a
// webhook. The link that manages a token holds its secret and the memo may say
// anything: neither is kept. Where the token's page asked the browser about itself (additional_data.browser), a second fact, part 1, holds
// its fingerprint.
var canarytokens = sensor{
	name:   "canarytokens",
	coarse: true,
	has: func(o *object) bool {
		return hasStrings(o, "channel", "time") && (o.get("manage_url") != nil || o.get("token_type") != nil || o.get("memo") != nil)
	},
	decode: decodeCanarytokens,
}

// channelTokens are what a token is, of servers that do not say its type, by
// the channel that it was tripped over.
var channelTokens = map[string]string{
	"HTTP": "web", "DNS": "dns", "SMTP": "smtp", "MySQL": "mysql", "AWS API Key Token": "aws_keys", "Azure ID Token": "azure_id", "Fast Redirect": "fast_redirect",
	"Slow Redirect": "slow_redirect", "WireGuard": "wireguard", "Kubeconfig": "kubeconfig", "Credit Card": "cc",
}

func decodeCanarytokens(e *sensorEvent) {
	e.when("time")
	more := &sensorEvent{reader: *e.sub("additional_data")}
	e.fromText(or(e.text("src_ip"), more.either("src_ip", "ip")), "src_ip")
	kind := or(e.text("token_type"), or(more.either("token_type"), or(channelTokens[e.text("channel")], strings.ToLower(e.text("channel")))))
	fact := &schemas.CanaryEvent{
		Envelope: e.as(schemas.KindCanary, 0), SrcIP: e.srcIP, TokenType: clip(or(kind, "unknown"), schemas.MaxShortText),
		TokenID: clip(e.text("token"), schemas.MaxShortText), UserAgent: clip(more.either("useragent", "user_agent"), schemas.MaxLongText),
	}
	e.taken(&more.reader)
	e.add(fact)
	e.addFingerprint(&more.reader, "browser", fact)
}

// addFingerprint adds what a browser said of itself, where it did.
func (e *sensorEvent) addFingerprint(at *reader, name string, canary *schemas.CanaryEvent) {
	m := at.member(name)
	if m == nil || m.kind != kindObject {
		return
	}
	fingerprint, err := Fingerprint(m.text)
	if err != nil {
		e.refuse(ReasonBadValue, name+" is no browser's fingerprint")
		return
	}
	again := *canary
	again.Envelope = e.as(schemas.KindCanaryFingerprint, 1)
	again.Fingerprint = fingerprint
	e.add(&again)
}

// thinkst is what Thinkst's console posts to a webhook: incidents of its
// canaries and of tokens. Additional details, a list of names and values, hold
// what was typed: of these only the user agent and the token are kept.
var thinkst = sensor{
	name:   "thinkst",
	coarse: true,
	has: func(o *object) bool {
		return hasStrings(o, "SourceIP", "Timestamp") && (o.get("IncidentKey") != nil || o.get("CanaryID") != nil || o.get("AlertType") != nil)
	},
	decode: decodeThinkst,
}

func decodeThinkst(e *sensorEvent) {
	e.when("Timestamp")
	e.from("SourceIP")
	e.envelope.Sensor = clip(e.either("CanaryName", "CanaryID"), schemas.MaxShortText)
	fact := &schemas.CanaryEvent{Envelope: e.as(schemas.KindCanary, 0), SrcIP: e.srcIP, TokenType: thinkstType(e), TokenID: clip(e.either("Token", "CanaryID"), schemas.MaxShortText)}
	if m := e.member("AdditionalDetails"); m != nil && m.kind == kindArray {
		for _, pair := range elements(m.text) {
			entry := elements(pair)
			if len(entry) == 2 && strings.Contains(strings.ToLower(looseText(entry[0])), "user-agent") {
				fact.UserAgent = clip(looseText(entry[1]), schemas.MaxLongText)
			}
		}
	}
	e.add(fact)
}

// thinkstType is the incident's key, such as incident:sshlogin, or what the
// console calls it.
func thinkstType(e *sensorEvent) string {
	if parts := strings.Split(e.text("IncidentKey"), ":"); len(parts) >= 2 && parts[1] != "" {
		return clip(parts[1], schemas.MaxShortText)
	}
	words := strings.ToLower(e.either("TokenType", "Description", "AlertType"))
	return clip(or(strings.Join(strings.Fields(words), "_"), "unknown"), schemas.MaxShortText)
}
