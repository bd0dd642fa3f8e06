package api

import (
	"net/http"
	"reflect"
)

// routes is the API on one screen.
func (s *Server) routes() {
	notFound := []int{http.StatusNotFound}

	rollup(s, endpoint{method: "GET", path: "/techniques", id: "list-techniques", section: sectionRollups,
		summary: "Techniques, most tags first"}, s.techniques)
	rollup(s, endpoint{method: "GET", path: "/techniques/{technique}", id: "get-technique", section: sectionRollups,
		summary: "A technique under each of its tactics, with its sub-techniques"}, s.oneTechnique)
	rollup(s, endpoint{method: "GET", path: "/techniques/{technique}/groups", id: "list-technique-groups", section: sectionRollups,
		summary: "Groups known to use exactly this technique", doc: "From MITRE's record, which is of one ATT&CK release."}, s.groups)
	rollup(s, endpoint{method: "GET", path: "/by-attacker", id: "list-attackers", section: sectionRollups,
		summary: "Attackers, the last active first"}, s.attackers)
	rollup(s, endpoint{method: "GET", path: "/by-attacker/{attacker}", id: "list-attacker-techniques", section: sectionRollups,
		summary: "What one attacker used, most tags first", doc: "Tags that name an identity only are left out."}, s.attacker)
	rollup(s, endpoint{method: "GET", path: "/by-session/{session}", id: "get-session-timeline", section: sectionRollups,
		summary: "A session's tags in the order of events"}, s.timeline)
	rollup(s, endpoint{method: "GET", path: "/by-session/{session}/techniques", id: "list-session-techniques", section: sectionRollups,
		summary: "What was used in one session, most tags first"}, s.sessionTechniques)
	rollup(s, endpoint{method: "GET", path: "/by-day", id: "list-days", section: sectionRollups,
		summary: "Tactics by day"}, s.days)
	rollup(s, endpoint{method: "GET", path: "/by-rule", id: "list-rule-hits", section: sectionRollups,
		summary: "What rules found, by rule id"}, s.byRule)
	rollup(s, endpoint{method: "GET", path: "/by-rule/{rule}", id: "get-rule-hits", section: sectionRollups,
		summary: "What one rule found"}, s.byOneRule)

	lookup(s, endpoint{method: "GET", path: "/tags", id: "list-tags", section: sectionTags,
		summary: "Current tags that fit all that is given",
		doc:     "Without attacker, session, technique and rule: all tags, technique by technique. A page may have less than limit; the last one has no Link."}, s.tags)
	lookup(s, endpoint{method: "GET", path: "/tags/{tag}", id: "get-tag", section: sectionTags, errors: notFound,
		summary: "One tag, its evidence, its source and the exact text of its rule"}, s.oneTag)

	stream(s, endpoint{method: "GET", path: "/live", id: "listen", section: sectionTags, errors: []int{http.StatusGone}, produces: "text/event-stream",
		summary: "Tags and retractions as they come, as server-sent events",
		doc: "Events tag and retraction; data is a Tag, or a retraction record. An id is a place in the log: " +
			"with Last-Event-ID nothing is missed. Clients that are too slow are dropped and come back."}, s.live)

	lookup(s, endpoint{method: "GET", path: "/rules", id: "list-rules", section: sectionRules,
		summary: "Rules that are or were published, by id"}, s.rules)
	lookup(s, endpoint{method: "GET", path: "/rules/{rule}", id: "get-rule", section: sectionRules, errors: notFound,
		summary: "One rule with its versions, texts and state"}, s.oneRule)

	change(s, endpoint{method: "POST", path: "/rules/{rule}/state", id: "set-rule-state", section: sectionRules,
		summary: "Disable, clip or enable a rule",
		doc:     "Answered once the broker has it; in force moments later. A state may precede its rule. Not retroactive."}, s.setState)
	change(s, endpoint{method: "DELETE", path: "/rules/{rule}/state", id: "clear-rule-state", section: sectionRules,
		summary: "Take back what was said about a rule: it is enabled"}, s.clearState)

	change(s, endpoint{method: "POST", path: "/tags/{tag}/retraction", id: "retract-tag", section: sectionTags,
		summary: "Take a tag back, or give it again"}, s.retractTag)
	change(s, endpoint{method: "POST", path: "/by-attacker/{attacker}/purge", id: "purge-attacker", section: sectionTags,
		summary: "Take all tags of an attacker back and delete them from ledgers",
		doc:     "restore lets tags that come later be stored again. Tags stay on ttp.tagged for as long as that keeps them."}, s.purgeAttacker)
	change(s, endpoint{method: "POST", path: "/rules/{rule}/retraction", id: "retract-rule", section: sectionRules,
		summary: "Take back the tags of a rule, of one version or of lower ones, in a range of time, or give them again"}, s.retractRule)

	rollup(s, endpoint{method: "GET", path: "/export/navigator", id: "export-navigator", section: sectionExport,
		summary: "A layer for the ATT&CK Navigator", doc: "Of everything, or of one attacker or session. Format 4.5."}, s.navigator)

	rollup(s, endpoint{method: "GET", path: "/export/stix", id: "export-stix", section: sectionExport, produces: "application/stix+json;version=2.1",
		summary: "A STIX 2.1 bundle", doc: "Techniques and sightings of everything, or of one attacker or session; of these also what was observed, of the newest 500 tags."}, s.stix)
	rollup(s, endpoint{method: "GET", path: "/export/misp", id: "export-misp", section: sectionExport,
		summary: "A MISP event", doc: "Techniques as galaxy tags; of one attacker or session also URLs and hashes, of the newest 500 tags."}, s.misp)
	stream(s, endpoint{method: "GET", path: "/export/tags.ndjson", id: "export-ndjson", section: sectionExport, produces: "application/x-ndjson",
		summary: "Tags, one JSON document per line", doc: "All that fit, however many. An export that ends before its end is cut off, not closed."},
		s.exportTags("tags.ndjson", newNDJSON))
	stream(s, endpoint{method: "GET", path: "/export/tags.csv", id: "export-csv", section: sectionExport, produces: "text/csv; charset=utf-8",
		summary: "Tags as a table", doc: "RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe."},
		s.exportTags("tags.csv", newCSV))

	rollup(s, endpoint{method: "GET", path: "/version", id: "get-version", section: sectionExport,
		summary: "What is running"}, s.version)
	lookup(s, endpoint{method: "GET", path: "/healthz", id: "get-health", section: sectionServer, open: true,
		summary: "Whether the server answers"}, s.healthz)
	s.openReadyz(endpoint{method: "GET", path: "/readyz", id: "get-readiness", section: sectionServer, open: true,
		summary: "Whether answers are worth having: the database, how far behind, how many rules"})

	s.taxiiRoutes()
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }
