package broker

import (
	"cmp"
	"fmt"
	"log/slog"
	"time"
)

// The defaults of [Options].
const (
	// DefaultSegmentBytes is the segment size on disk: small enough that
	// retention, which deletes whole segments, keeps no more than this per
	// partition beyond what it must.
	DefaultSegmentBytes = 32 << 20
	// DefaultMemorySegmentBytes is the segment size in memory, and so the
	// unit in which DeleteRecords gives memory back.
	DefaultMemorySegmentBytes = 1 << 20
	// DefaultCompactMinBytes is what must have been written to a partition
	// since it was last compacted before it is compacted again.
	DefaultCompactMinBytes = 1 << 20
)

// Options say how a broker is started. The zero value is a broker in memory
// on a free port.
type Options struct {
	// DataDir is the directory that holds the topics, made with mode 0700
	// when it does not exist. Empty keeps everything in memory, to be gone
	// with the process. One process at a time may use a directory.
	DataDir string

	// Port is the port to listen on; the address is 127.0.0.1, always.
	// Zero takes a free one, see [Broker.Addrs].
	Port int

	// Logger receives what the broker has to say: damage repaired at start at
	// Warn, what was compacted at Info, requests at Debug. Nil discards.
	Logger *slog.Logger

	// SyncWrites makes every acknowledged batch and commit durable against
	// loss of power, with two calls of fsync each. Without it they are
	// durable against the death of the process only. Ignored in memory.
	// Defaults to false.
	SyncWrites bool

	// SegmentBytes is the size in bytes at which a partition starts a new
	// segment. A topic's segment.bytes wins over it. Defaults to 32 MiB on
	// disk and 1 MiB in memory.
	SegmentBytes int64

	// CompactMinBytes is how many bytes must have been written to a partition
	// of a compacted topic since it was last compacted before a start compacts
	// it again; they must also be half of what it holds. Negative never
	// compacts. Defaults to 1 MiB.
	CompactMinBytes int64

	// now is the clock of retention and compaction, and step is called before
	// each step of recovery that a crash could fall after; an error from it
	// stops there, which leaves on disk what a crash would. maxKeys bounds
	// the keys that one compaction holds in memory. Tests set them.
	now     func() time.Time
	step    func(name string) error
	maxKeys int
}

// withDefaults returns the options with every unset field filled in, or what
// is wrong with them.
func (o Options) withDefaults() (Options, error) {
	if o.Port < 0 || o.Port > 65535 {
		return o, fmt.Errorf("broker: Port %d is not between 0 and 65535", o.Port)
	}
	if o.SegmentBytes < 0 {
		return o, fmt.Errorf("broker: SegmentBytes %d is negative", o.SegmentBytes)
	}
	segment := int64(DefaultSegmentBytes)
	if o.DataDir == "" {
		segment = DefaultMemorySegmentBytes
	}
	o.SegmentBytes = cmp.Or(o.SegmentBytes, segment)
	o.CompactMinBytes = cmp.Or(o.CompactMinBytes, DefaultCompactMinBytes)
	o.maxKeys = cmp.Or(o.maxKeys, 2_000_000)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.now == nil {
		o.now = time.Now
	}
	if o.step == nil {
		o.step = func(string) error { return nil }
	}
	return o, nil
}
