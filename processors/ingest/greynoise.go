package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// greyNoise is GreyNoise's answer about an address: version 3 (lookups of one
// or many, queries, whose entries are in data) and the community's. The score
// is 0 for benign, 0.5 for unknown and 1 for malicious; suspicious, and any
// word to come, has none. An address that GreyNoise has not seen has no
// verdict, and an answer without a date has to come with asked_at.
var greyNoise = sensor{
	name: "greynoise",
	has: func(o *object) bool {
		return o.get("internet_scanner_intelligence") != nil && hasStrings(o, "ip") || hasStrings(o, "ip") && o.get("noise") != nil && o.get("riot") != nil ||
			hasKind(o, "ip", kindObject) && o.get("similar_ips") != nil || o.get("adjusted_query") != nil && o.get("stats") != nil
	},
	decode: decodeGreyNoise,
	split: func(o *object) [][]byte {
		entries := dataOf(o, "data")
		for _, entry := range entries {
			var inner object
			if inner.parse(entry) != nil || inner.get("internet_scanner_intelligence") == nil {
				return nil
			}
		}
		if len(entries) == 0 {
			return nil
		}
		return entries
	},
}

// greyNoiseScores are the classifications that have a score.
var greyNoiseScores = map[string]float64{"benign": 0, "unknown": 0.5, "malicious": 1}

func decodeGreyNoise(e *sensorEvent) {
	if e.member("stats") != nil {
		e.refuse(ReasonNoVerdict, "statistics of a query are about no address")
		return
	}
	at := &e.reader
	if m := e.member("ip"); m != nil && m.kind == kindObject { // similar addresses: the one asked about
		at = e.sub("ip")
	}
	e.indicator(at.text("ip"))
	scanner := at
	if m := at.member("internet_scanner_intelligence"); m != nil && m.kind == kindObject {
		scanner = (&sensorEvent{reader: *at}).sub("internet_scanner_intelligence")
	}
	classification := strings.ToLower(scanner.text("classification"))
	e.taken(at)
	e.taken(scanner)
	if classification == "" {
		e.refuse(ReasonNoVerdict, "GreyNoise has not seen the address")
		return
	}
	e.greyNoiseTime(scanner)
	if e.refusal != nil {
		return
	}
	var score *float64
	if value, known := greyNoiseScores[classification]; known {
		score = &value
	}
	fact := e.verdict(schemas.ProviderGreyNoise, classification, score)
	fact.Tags = greyNoiseTags(scanner)
}

func (e *sensorEvent) greyNoiseTime(scanner *reader) {
	if e.refusal != nil {
		return
	}
	if last := scanner.text("last_seen"); last != "" {
		at, refusal := parseClock(last)
		e.envelope.EventTime = at
		if refusal != nil {
			e.refuse(refusal.Reason, refusal.Detail)
		}
		return
	}
	e.when(askedAt)
}

// greyNoiseTags are the slugs of its tags, and what else it knows by name.
func greyNoiseTags(scanner *reader) []string {
	var tags []string
	if m := scanner.member("tags"); m != nil && m.kind == kindArray {
		for _, raw := range elements(m.text) {
			var tag object
			if text := looseText(raw); text != "" {
				tags = append(tags, clip(strings.ToLower(text), schemas.MaxShortText))
			} else if tag.parse(raw) == nil && hasStrings(&tag, "slug") {
				tags = append(tags, clip(string(tag.get("slug").text), schemas.MaxShortText))
			}
		}
	}
	for _, name := range [...]string{"tor", "vpn", "bot"} {
		if m := scanner.member(name); m != nil && string(m.text) == "true" {
			tags = append(tags, name)
		}
	}
	return sortedSet(tags)
}
