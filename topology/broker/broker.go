package broker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sync"

	"github.com/twmb/franz-go/pkg/kfake"
)

// Broker is a running broker. Its methods may be called from any goroutine.
type Broker struct {
	opts    Options
	lock    *dirLock // nil in memory
	ln      *listener
	cluster *kfake.Cluster

	closing   sync.Once
	closeErr  error
	doneOnce  sync.Once
	done      chan struct{}
	mu        sync.Mutex
	err       error // why the broker stopped by itself
	closingUp bool  // Close is at work: connections are cut already
}

// Start locks and recovers the data directory, compacts it, and serves Kafka
// clients. ctx bounds the start only: when it ends before Start returns, Start
// stops between two steps and returns the context's error, and the directory
// is as good as before. Afterwards the broker runs until [Broker.Close].
//
// Errors: [ErrLocked] when another process has the directory, [ErrDamaged]
// when it holds damage that a killed process cannot have left, the listener's
// when the port is taken.
func Start(ctx context.Context, opts Options) (*Broker, error) {
	o, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	b := &Broker{opts: o, done: make(chan struct{})}
	if err := b.start(ctx); err != nil {
		return nil, errors.Join(err, b.abandon())
	}
	return b, nil
}

func (b *Broker) start(ctx context.Context) error {
	o := b.opts
	if o.DataDir != "" {
		lock, err := lockDir(o.DataDir)
		if err != nil {
			return err
		}
		b.lock = lock
	}
	// The port comes first: who finds it taken need not wait for a
	// compaction to hear so, and who dials early waits instead of failing.
	ln, err := listen(o)
	if err != nil {
		return fmt.Errorf("broker: listen: %w", err)
	}
	b.ln = ln
	if o.DataDir != "" {
		if err := newDataDir(o).recover(ctx); err != nil {
			return err
		}
	}
	copts := append(clusterOpts(o),
		kfake.WithLogger(&logger{log: o.Logger, fail: b.fail}),
		kfake.ListenFn(func(string, string) (net.Listener, error) { return ln, nil }))
	cluster, err := kfake.NewCluster(copts...)
	if err != nil {
		return fmt.Errorf("broker: start: %w", err)
	}
	b.cluster = cluster
	if o.DataDir != "" {
		refuseUnsafe(cluster, o.Logger)
	}
	return nil
}

// abandon gives back what a failed start had taken.
func (b *Broker) abandon() error {
	var errs []error
	if b.ln != nil {
		b.ln.cut()
	}
	if b.lock != nil {
		errs = append(errs, b.lock.release())
	}
	return errors.Join(errs...)
}

// Addrs are the addresses to give to a client as its seed brokers, as
// "127.0.0.1:port". There is one.
func (b *Broker) Addrs() []string { return []string{b.ln.Addr().String()} }

// Done is closed when the broker has stopped: after Close, or by itself when
// it could not write to its directory. [Broker.Err] tells which.
func (b *Broker) Done() <-chan struct{} { return b.done }

// Err is nil while the broker runs and after a Close of its own; otherwise it
// is why the broker stopped by itself.
func (b *Broker) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// fail stops the broker because something that it is about to acknowledge was
// not written. It is called from inside kfake's loop, before the answer goes
// out; cutting the connections here is what keeps it from going out.
func (b *Broker) fail(err error) {
	b.ln.cut()
	b.mu.Lock()
	if b.err == nil {
		b.err = fmt.Errorf("broker: stopped, nothing unwritten was acknowledged: %w", err)
	}
	quiet := b.closingUp
	b.mu.Unlock()
	if !quiet {
		b.opts.Logger.Error("broker stopped: it cannot write to its directory", "error", err)
	}
	b.doneOnce.Do(func() { close(b.done) })
}

// Close stops the broker and releases the directory. Nothing is acknowledged
// once it is called, so that what is acknowledged is on disk whatever
// interrupts it. Closing twice is harmless. The error is that of writing the
// closing state, or why the broker had stopped before; after either, the next
// start recovers as after a kill.
func (b *Broker) Close() error {
	b.closing.Do(func() { b.closeErr = b.shutDown() })
	return b.closeErr
}

func (b *Broker) shutDown() error {
	b.mu.Lock()
	b.closingUp = true
	b.mu.Unlock()
	b.ln.cut()
	b.cluster.Close()
	err := b.Err()
	if b.lock != nil {
		if err == nil {
			err = writeFile(filepath.Join(b.opts.DataDir, closedFile), nil, b.opts.SyncWrites)
		}
		err = errors.Join(err, b.lock.release())
	}
	b.doneOnce.Do(func() { close(b.done) })
	return err
}
