package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// threatFox is ThreatFox's answer to a search, and its export with an indicator
// a line. The verdict is the kind of threat and the family; the score is its
// level of confidence over 100. Indicators that are URLs, domains or hashes
// belong to no attacker.
var threatFox = sensor{
	name: "threatfox",
	has: func(o *object) bool {
		return hasStrings(o, "threat_type") && (hasStrings(o, "ioc") || hasStrings(o, "ioc_value")) || o.get("query_status") != nil && !hasKind(o, "data", kindArray)
	},
	decode: decodeThreatFox,
	split: func(o *object) [][]byte {
		if o.get("query_status") == nil || !hasKind(o, "data", kindArray) {
			return nil
		}
		if entries := dataOf(o, "data"); len(entries) > 0 {
			return entries
		}
		return nil
	},
}

func decodeThreatFox(e *sensorEvent) {
	if e.member("query_status") != nil {
		e.refuse(ReasonNoVerdict, "ThreatFox found nothing")
		return
	}
	e.when("first_seen", "first_seen_utc")
	e.indicator(e.either("ioc", "ioc_value"))
	threat := e.text("threat_type")
	family := e.either("malware_printable", "malware")
	confidence, ok := e.number("confidence_level")
	fact := e.verdict(schemas.ProviderThreatFox, strings.ToLower(threat+" "+family), share(confidence, ok))
	fact.ThreatType, fact.MalwareFamily = clip(threat, schemas.MaxShortText), clip(family, schemas.MaxShortText)
	if m := e.member("tags"); m != nil && m.kind == kindArray {
		for _, raw := range elements(m.text) {
			fact.Tags = append(fact.Tags, clip(strings.ToLower(looseText(raw)), schemas.MaxShortText))
		}
		fact.Tags = sortedSet(fact.Tags)
	}
}
