package processors

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// errCrash is what a test's crash fails with.
var errCrash = errors.New("crash")

// running is a registrar in this process. Like a supervised one it runs again
// after an error, unless the error is a crash.
type running struct {
	*Registrar
	cancel  context.CancelFunc
	stopped chan struct{}

	mu   sync.Mutex
	errs []error
}

// registrar runs a registrar until the test ends. change is called before.
func (p *plane) registrar(change ...func(*Registrar)) *running {
	p.t.Helper()
	r := NewRegistrar(p.c, topologytest.Producer(p.t, p.c), RegistrarOptions{Now: p.clock.now})
	for _, c := range change {
		c(r)
	}
	ctx, cancel := context.WithCancel(context.Background())
	run := &running{Registrar: r, cancel: cancel, stopped: make(chan struct{})}
	go func() {
		defer close(run.stopped)
		for ctx.Err() == nil {
			err := r.Run(ctx)
			if run.failed(err); errors.Is(err, errCrash) {
				return
			}
		}
	}()
	p.t.Cleanup(run.stop)
	return run
}

func (r *running) failed(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.errs = append(r.errs, err)
	}
}

// failures returns what Run has returned so far.
func (r *running) failures() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := errors.Join(r.errs...); err != nil {
		return err.Error()
	}
	return ""
}

func (r *running) stop() {
	r.cancel()
	<-r.stopped
}

// decided returns which of the registrars has decided on an inbox's record.
func (p *plane) decided(inbox topology.Topic, offset int64, registrars ...*running) *running {
	p.t.Helper()
	ctx, cancel := context.WithCancel(patient(p.t))
	defer cancel()
	by := make(chan *running, len(registrars))
	for _, r := range registrars {
		go func() {
			if r.Handled(ctx, inbox, offset) == nil {
				by <- r
			}
		}()
	}
	select {
	case r := <-by:
		return r
	case <-ctx.Done():
		for i, r := range registrars {
			p.t.Logf("registrar %d: %s", i, r.failures())
		}
		p.t.Fatalf("nobody has decided on offset %d of %s", offset, inbox)
		return nil
	}
}

// following is a follower in this process and the rules that it keeps.
type following struct {
	*Follower
	*rules.Holder
	stop func()
}

// follower runs a follower until the test ends and returns when it is ready.
func (p *plane) follower(instance string) *following {
	p.t.Helper()
	holder := new(rules.Holder)
	f := NewFollower(p.c, instance, holder, rules.Options{}, p.producer, topologytest.Logger(p.t))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	var once sync.Once
	stop := func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				p.t.Errorf("follower %s: %v", instance, err)
			}
		})
	}
	p.t.Cleanup(stop)
	select {
	case <-f.Ready():
	case <-patient(p.t).Done():
		p.t.Fatalf("follower %s does not become ready", instance)
	}
	return &following{f, holder, stop}
}

// reach waits until a revision is in force.
func (f *following) reach(t *testing.T, revision int64) {
	t.Helper()
	if err := f.Wait(patient(t), revision); err != nil {
		t.Fatalf("revision %d is not in force, but %d: %v", revision, f.Revision(), err)
	}
}
