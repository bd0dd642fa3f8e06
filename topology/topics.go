package topology

import "time"

const (
	day  = 24 * time.Hour
	week = 7 * day

	// An inbox keeps every text of a rule this long before compaction: the registrar may be down over a weekend
	// and still admits, or refuses by name, each of them.
	inboxLag = 3 * day
	// A removal stays readable this long after compaction, so that a registrar that was away does not keep a
	// removed rule in force.
	inboxTombstones = 30 * day
	// Reports about what was held back, fired or refused are for people and their alerting.
	reportRetention = 30 * day
)

// Facts: what was seen, as it was seen. Reprocessing and backtests read them again, so they are kept for
// [Cluster.FactRetention]. All are keyed by attacker.
var (
	AttackerCommand   = fact("attacker.command", "a command line typed on a sensor")
	AttackerAuth      = fact("attacker.auth", "a login attempt, with what was tried")
	AttackerHTTP      = fact("attacker.http", "an HTTP request")
	AttackerSession   = fact("attacker.session", "what a session did besides commands and logins: connect, client, forward, close")
	AttackerTransfer  = fact("attacker.transfer", "a file fetched, uploaded or made on a sensor")
	AttackerIntel     = fact("attacker.intel.enriched", "what a threat-intel provider says about an address")
	EmailReceived     = fact("email.received", "one parsed message, reduced: no recipients, no body text")
	CanaryTriggered   = fact("canary.triggered", "a canary token was touched")
	AttackerBehaviour = fact("attacker.behaviour", "a verdict about behaviour: class, tool guesses")
)

// Who is who. Identity links attackers; a summary condenses what one attacker did.
var (
	AttackerSummary  = Topic{Name: "attacker.summary", Key: "identity uuid", Policy: Compact, Doc: "a bounded summary per linked attacker"}
	AttackerIdentity = Topic{Name: "attacker.identity", Key: "attacker uuid", Policy: Compact, Doc: "attacker to identity to campaign; merges and splits are new values"}
)

// Inboxes: any Kafka client may write, only the registrar reads.
var (
	Rules       = inbox("ttp.rules", "rule id", "the YAML of one rule, native or Sigma; null removes it")
	RuleState   = inbox("ttp.rule.state", "rule id", "enabled, disabled or clipped, until when and why")
	Retractions = inbox("ttp.retractions", "target", "a rule version, tag, attacker or identity taken back, or given again")
)

// The rule plane: what the registrar and the rule sets say.
var (
	RuleHistory = Topic{Name: "ttp.rule.history", Key: "inbox key", Policy: Keep, Spread: Single,
		Doc: "every admitted change in order; its offset is the revision"}
	RuleApplied = Topic{Name: "ttp.rule.applied", Key: "group/topic/partition", Policy: Keep, Spread: Single,
		Doc: "from this offset on, that revision was in force"}
	RuleStatus = Topic{Name: "ttp.rule.status", Key: "instance, with rule id where it failed", Policy: Compact, Spread: Single,
		Doc: "revision reached and failures, with line and column"}
)

// Verdicts: from a match to a tag.
var (
	Match        = Topic{Name: "ttp.match", Key: "window key", Retention: week, Doc: "matches on their way to the windows"}
	Candidate    = Topic{Name: "ttp.candidate", Key: "tag uuid", Retention: week, Doc: "what rules say, before the gate"}
	CandidateRun = Topic{Name: "ttp.candidate.run", Key: "tag uuid", Retention: week, Doc: "the same from reprocess runs"}
	Tagged       = Topic{Name: "ttp.tagged", Key: "anchor uuid", Policy: Keep, Doc: "tags, only when new, and retractions: the source of truth"}
)

// Reports, for people and their tools.
var (
	RuleFired      = Topic{Name: "ttp.rule.fired", Key: "parent technique", Retention: reportRetention, Doc: "one record beside each new tag"}
	RuleSuppressed = Topic{Name: "ttp.rule.suppressed", Key: "rule id", Retention: reportRetention, Doc: "what a state, a limit or the floor held back, and why"}
	DeadLetter     = Topic{Name: "ttp.deadletter", Key: "source topic/partition/offset", Retention: reportRetention, Doc: "what could not be decoded or processed, with why and whence"}
)

// Topics lists every topic of the map but the changelogs of group tables, in the order of the documentation.
func Topics() []Topic {
	return []Topic{
		AttackerCommand, AttackerAuth, AttackerHTTP, AttackerSession, AttackerTransfer,
		AttackerIntel, EmailReceived, CanaryTriggered, AttackerBehaviour, AttackerSummary, AttackerIdentity,
		Rules, RuleState, Retractions, RuleHistory, RuleApplied, RuleStatus,
		Match, Candidate, CandidateRun, Tagged, RuleFired, RuleSuppressed, DeadLetter,
	}
}

func fact(name, doc string) Topic {
	return Topic{Name: name, Key: "attacker uuid", Doc: doc}
}

func inbox(name, key, doc string) Topic {
	return Topic{Name: name, Key: key, Policy: Compact, Spread: Single, CompactionLag: inboxLag, TombstoneLife: inboxTombstones, Doc: doc}
}
