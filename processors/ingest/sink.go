package ingest

import (
	"context"

	"github.com/ttpstream/ttpstream/topology"
)

// Sink is where records go: Kafka, by [NewSink], or a test's list. Safe for
// concurrent use.
type Sink interface {
	// CheckSize returns an error for a message that is larger than its topic
	// takes.
	CheckSize(m topology.Message) error
	// Publish takes a message, in order, and may return before it is
	// acknowledged. It waits while too many are under way, as long as the
	// broker is away: nothing is dropped. Errors: ctx's, or that an earlier
	// message cannot be published, after which none will be.
	Publish(ctx context.Context, m topology.Message) error
	// Flush returns when every message taken so far is acknowledged. Errors:
	// ctx's, or that one of them cannot be published.
	Flush(ctx context.Context) error
}
