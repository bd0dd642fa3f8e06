package topology

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/IBM/sarama"
)

// fakeGroup is a sarama group whose sessions are a script.
type fakeGroup struct {
	sarama.ConsumerGroup
	errs     chan error
	sessions []func(ctx context.Context) error
	calls    int
}

func (g *fakeGroup) Consume(ctx context.Context, _ []string, _ sarama.ConsumerGroupHandler) error {
	g.calls++
	if g.calls > len(g.sessions) {
		<-ctx.Done()
		return ctx.Err()
	}
	return g.sessions[g.calls-1](ctx)
}
func (g *fakeGroup) Errors() <-chan error { return g.errs }
func (g *fakeGroup) Close() error         { close(g.errs); return nil }

type fakeClient struct{ sarama.Client }

func (fakeClient) Close() error { return nil }

func lasting(d time.Duration) func(context.Context) error {
	return func(context.Context) error { time.Sleep(d); return nil }
}

func consumeScript(t *testing.T, f func(t *testing.T, g *orderedGroup, fake *fakeGroup), sessions ...func(context.Context) error) {
	synctest.Test(t, func(t *testing.T) {
		fake := &fakeGroup{errs: make(chan error, 8), sessions: sessions}
		g := newOrderedGroup(fake, fakeClient{}, "g", slog.New(slog.DiscardHandler), defaultClaimLimits, nil)
		f(t, g, fake)
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A session that worked is followed by the next at once; goka would wait five seconds. One that did not is
// followed after a pause that grows.
func TestConsumeGoesOnAfterASession(t *testing.T) {
	short := lasting(time.Millisecond)
	consumeScript(t, func(t *testing.T, g *orderedGroup, fake *fakeGroup) {
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		done := make(chan error, 1)
		go func() { done <- g.Consume(ctx, []string{"in"}, nil) }()
		synctest.Wait()
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if fake.calls != 3 {
			t.Errorf("%d sessions joined after two long ones, want a third", fake.calls)
		}
		if waited := time.Since(began); waited != 2*time.Minute {
			t.Errorf("sessions of two minutes took %v", waited)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Consume returned %v after its context ended, want nil", err)
		}
	}, lasting(time.Minute), lasting(time.Minute))

	consumeScript(t, func(t *testing.T, g *orderedGroup, _ *fakeGroup) {
		began := time.Now()
		if err := g.Consume(t.Context(), []string{"in"}, nil); !errors.Is(err, errScript) {
			t.Errorf("Consume returned %v, want the session's error", err)
		}
		if want := 3*time.Millisecond + 100*time.Millisecond + 200*time.Millisecond + 400*time.Millisecond; time.Since(began) != want {
			t.Errorf("three short sessions took %v with their pauses, want %v", time.Since(began), want)
		}
	}, short, short, short, func(context.Context) error { return errScript })
}

var errScript = errors.New("scripted")

// sarama reports a lost offset in passing and ends the session in good order. Consume must see it even when the
// session ends right after.
func TestConsumeStopsAtALostOffset(t *testing.T) {
	var fake *fakeGroup
	consumeScript(t, func(t *testing.T, g *orderedGroup, f *fakeGroup) {
		fake = f
		err := g.Consume(t.Context(), []string{"in"}, nil)
		if !errors.Is(err, ErrOffsetLost) || !errors.Is(err, sarama.ErrOffsetOutOfRange) {
			t.Errorf("Consume returned %v, want ErrOffsetLost", err)
		}
	}, func(context.Context) error {
		for range 5 {
			fake.errs <- errors.New("something else")
		}
		fake.errs <- sarama.ErrOffsetOutOfRange
		return nil
	})
}

// Close ends Consume without an error, as sarama's own group does.
func TestConsumeEndsWhenClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := &fakeGroup{errs: make(chan error)}
		g := newOrderedGroup(fake, fakeClient{}, "g", slog.New(slog.DiscardHandler), defaultClaimLimits, nil)
		fake.sessions = []func(context.Context) error{func(context.Context) error { return g.Close() }}
		if err := g.Consume(t.Context(), []string{"in"}, nil); err != nil {
			t.Errorf("Consume returned %v", err)
		}
		if fake.calls != 1 {
			t.Errorf("%d sessions after Close, want 1", fake.calls)
		}
	})
}
