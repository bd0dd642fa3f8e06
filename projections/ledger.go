package projections

import (
	"context"
	"errors"

	"github.com/ttpstream/ttpstream/topology"
)

// A ledger is ttp.tagged in a database: every tag with its state, rollups
// that answer at once, rules and their states. It is disposable: it can be
// dropped and made again from the topics, and whatever is not a function of
// the topics does not belong into it.
//
// Three parts make one:
//
//   - The fold ([Fold], [FoldRules]) is pure: records and what the ledger holds
//     about the same findings in, changes of rows out.
//   - A [Store] keeps rows, rollups and offsets, and changes them in one
//     transaction.
//   - The [Projector] is the loop between Kafka and the store.
//
// Exactly once comes from the offsets being in that transaction. That two
// instances never write the same partition, also when one of them has been
// asleep, comes from epochs in the same database: see [Claim].

// Store is a ledger.
type Store interface {
	LedgerWriter
	LedgerReader
	// Close ends the store. Calls under way may fail.
	Close() error
}

// LedgerWriter is the side of a store that the [Projector] uses.
type LedgerWriter interface {
	// ID names the ledger, in lower-case letters and digits. It is another for
	// every database and stays when one is opened again.
	ID() string
	// Claim makes the caller the owner of sources: whoever owned them before
	// can write nothing more. It returns one claim per source, in that order.
	Claim(ctx context.Context, sources ...topology.TopicPartition) ([]Claim, error)
	// Write folds batches, of different sources, into the ledger and moves
	// their positions, all or nothing. It may be called again with the same
	// batches when it is not known whether it succeeded: what was written is
	// not written twice. It is safe for concurrent use with batches of other
	// sources. Errors: [ErrFenced], [ErrOutOfStep], [ErrUnavailable]; any other
	// will be the same the next time.
	Write(ctx context.Context, batches ...Batch) error
	// Positions returns how far the ledger has come, by source in order.
	Positions(ctx context.Context) ([]Position, error)
}

var (
	// ErrFenced says that a source has another owner by now. Nothing was
	// written. The claim is of no use any more.
	ErrFenced = errors.New("the partition has another owner by now")
	// ErrOutOfStep says that a batch does not begin where the ledger stands.
	// Nothing was written. Claim the source anew and read from there.
	ErrOutOfStep = errors.New("the batch does not begin where the ledger stands")
	// ErrUnavailable says that the database cannot do it now and may later: it
	// is busy, away or full. Nothing was written, or it is not known.
	ErrUnavailable = errors.New("the database is not available")
	// ErrCorrupt says that the ledger contradicts itself. It must be made
	// anew.
	ErrCorrupt = errors.New("the ledger contradicts itself")
)

// Claim is the right to write what comes from a source. It ends when somebody
// else claims the source: the epochs in the database say whose turn it is, so
// an owner that was stopped, replaced and let go again is refused, whatever it
// believes about its membership in a group.
type Claim struct {
	topology.TopicPartition
	// Epoch counts the claims of this source.
	Epoch int64
	// Next is the offset to go on from, [topology.Oldest] when nothing was ever
	// written.
	Next int64
}

// Batch is what was read from one source and not yet written.
type Batch struct {
	// Claim is the owner's. Its Next is where the batch begins.
	Claim Claim
	// Next is the offset behind the batch.
	Next int64
	// Entries are the records, in the order of their offsets. Offsets between
	// Claim.Next and Next without an entry hold nothing for a ledger.
	Entries []Entry
	// Refused is how many records were no entry and went to the dead letters.
	Refused int64
}

// Position is how far a ledger has come in one source, and what it counted on
// the way.
type Position struct {
	Claim
	// Repeats are identical copies of tags that were there.
	Repeats int64
	// Conflicts are tags whose uuid was there with other bytes. The first won.
	Conflicts int64
	// BelowFloor are tags that claimed less than [Floor].
	BelowFloor int64
	// Purged are tags that came after the purge of their attacker or identity.
	Purged int64
	// Refused are records that were neither a tag nor a retraction.
	Refused int64
}
