package schemas

// Kafka headers: what travels beside a record because it is no part of it.
const (
	// HeaderOrigin is live or replay.
	HeaderOrigin = "origin"
	// HeaderRunID names the reprocess run that produced a record.
	HeaderRunID = "run_id"
	// HeaderSource is where a record was made from: topic/partition/offset of
	// a fact, file:line of what a sensor wrote, dir:PATH of a rule file.
	HeaderSource = "source"
	// HeaderRevision is the revision of the rule set that judged, decimal.
	HeaderRevision = "revision"
	// HeaderTrace is the W3C trace context.
	HeaderTrace = "traceparent"
)

// The values of [HeaderOrigin].
const (
	OriginLive   = "live"
	OriginReplay = "replay"
)
