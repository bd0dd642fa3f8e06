package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// abuseIPDB is AbuseIPDB's answer to check, with or without reports, and its
// blacklist. The verdict is the sorted set of categories in the reports, or
// whether anybody reported the address; the score is its own over 100.
var abuseIPDB = sensor{
	name:   "abuseipdb",
	has:    func(o *object) bool { return hasStrings(o, "ipAddress") && o.get("abuseConfidenceScore") != nil },
	decode: decodeAbuseIPDB,
	split: func(o *object) [][]byte {
		entries := dataOf(o, "data")
		for _, entry := range entries {
			var inner object
			if inner.parse(entry) != nil || !hasStrings(&inner, "ipAddress") {
				return nil
			}
		}
		if len(entries) == 0 {
			return nil
		}
		return entries
	},
}

func decodeAbuseIPDB(e *sensorEvent) {
	e.indicator(e.text("ipAddress"))
	score, ok := e.number("abuseConfidenceScore")
	var categories []string
	latest := ""
	for _, report := range e.objects("reports") {
		for _, category := range report.texts("categories") {
			categories = append(categories, clip(category, schemas.MaxShortText))
		}
		if at := report.text("reportedAt"); latest == "" {
			latest = at // reports come the latest first
		}
	}
	if e.text("lastReportedAt") == "" && latest == "" && e.member(askedAt) == nil && e.refusal == nil {
		e.refuse(ReasonNoVerdict, "nobody has reported the address")
		return
	}
	if e.text("lastReportedAt") == "" && latest != "" {
		at, refusal := parseClock(latest)
		e.envelope.EventTime = at
		if refusal != nil {
			e.refuse(refusal.Reason, refusal.Detail)
		}
	} else {
		e.when("lastReportedAt", askedAt)
	}
	categories = sortedSet(categories)
	verdict := strings.Join(categories, ",")
	if verdict == "" {
		verdict = "reported"
		if score == 0 {
			verdict = "clean"
		}
	}
	fact := e.verdict(schemas.ProviderAbuseIPDB, verdict, share(score, ok))
	fact.Categories = categories
	if m := e.member("isTor"); m != nil && string(m.text) == "true" {
		fact.Tags = append(fact.Tags, "tor")
	}
	if usage := e.text("usageType"); usage != "" {
		fact.Tags = append(fact.Tags, clip(strings.ToLower(usage), schemas.MaxShortText))
	}
}
