package api

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api/access"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// Defaults of [Options].
const (
	DefaultMaxConcurrent  = 64
	DefaultRequestTimeout = 15 * time.Second
	DefaultMaxLive        = 500
	DefaultLivePatience   = 10 * time.Second
)

// Options say what a server answers from. Only Ledger is required.
type Options struct {
	// Ledger answers.
	Ledger projections.LedgerReader
	// States takes changes of rule states. Nil: those routes answer 503.
	States RuleStates
	// Retractions takes what is taken back. Nil: those routes answer 503.
	Retractions Retractions
	// Vitals says how the rest of the program is doing. Nil: readiness is that
	// of the ledger.
	Vitals Vitals
	// MaxLag is how many records the ledger may be behind while it counts as
	// ready. 0: any number.
	MaxLag int64
	// Tags is ttp.tagged, for live events. Nil: that route answers 503.
	Tags TagLog

	// Access says who asks and what they may. Nil: everybody may everything,
	// which only loopback is fit for.
	Access *access.Authenticator
	// Audit keeps every change. Defaults to Logger, at Info.
	Audit Auditor

	// Version of the program. Defaults to "(devel)".
	Version string
	// AttackRelease is the ATT&CK release whose names are shown. Defaults to
	// [attack.DefaultRelease].
	AttackRelease string
	// Logger takes errors that are not told to clients, and at Debug every
	// request. No query, header or body is ever logged. Nil: it is discarded.
	Logger *slog.Logger
	// Now is the clock. Defaults to [time.Now].
	Now func() time.Time

	// AllowRemote lets Serve listen on addresses that other machines reach.
	// Without Access it is refused.
	AllowRemote bool
	// Hosts are the names, without port, that the server answers to beside
	// loopback's. Requests that name another host are refused: they come from
	// a page whose owner had the name point here. "*" is any name.
	Hosts []string
	// MaxConcurrent is how many requests are worked on at the same time, live
	// events apart; others wait a moment and are then refused. Defaults to 64.
	MaxConcurrent int
	// MaxRate is how many requests a second each address may send, and twice as
	// many at once. 0: any number.
	MaxRate float64
	// RequestTimeout bounds the work on a request, exports and live events
	// apart. Defaults to 15 s.
	RequestTimeout time.Duration
	// MaxLive is how many clients may listen to live events at the same time;
	// others are sent away. Defaults to 500.
	MaxLive int
	// LivePatience is how long a listener may take for a batch of events before
	// it is dropped; it can come back and go on where it was. Defaults to 10 s.
	LivePatience time.Duration
}

// withDefaults checks and completes the options.
func (o Options) withDefaults() (Options, *attack.Catalogue, error) {
	if o.Ledger == nil {
		return o, nil, errors.New("api: Ledger is required")
	}
	if !(o.MaxRate >= 0) || o.MaxConcurrent < 0 || o.RequestTimeout < 0 || o.MaxLag < 0 || o.MaxLive < 0 || o.LivePatience < 0 {
		return o, nil, errors.New("api: MaxRate, MaxConcurrent, RequestTimeout, MaxLag, MaxLive and LivePatience must not be negative")
	}
	if o.AllowRemote && o.Access == nil {
		return o, nil, errors.New("api: AllowRemote needs Access: everybody on the network could switch rules off")
	}
	catalogue, err := attack.Release(o.AttackRelease)
	if err != nil {
		return o, nil, fmt.Errorf("api: AttackRelease: %w", err)
	}
	o.Version = cmp.Or(o.Version, "(devel)")
	o.MaxConcurrent = cmp.Or(o.MaxConcurrent, DefaultMaxConcurrent)
	o.RequestTimeout = cmp.Or(o.RequestTimeout, DefaultRequestTimeout)
	o.MaxLive = cmp.Or(o.MaxLive, DefaultMaxLive)
	o.LivePatience = cmp.Or(o.LivePatience, DefaultLivePatience)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Audit == nil {
		o.Audit = NewLogAuditor(o.Logger)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o, catalogue, nil
}
