package processors

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// supervised runs a part under a policy and returns when each of its starts
// was, counted from the first. lives says how long the n-th run lasts before
// it fails; the context ends after d.
func supervised(t *testing.T, policy RestartPolicy, d time.Duration, lives func(n int) time.Duration) (starts []time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &Line{policy: policy, log: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		began := time.Now()
		err = l.supervise(ctx, "part", func(ctx context.Context) error {
			starts = append(starts, time.Since(began))
			select {
			case <-time.After(lives(len(starts))):
				return errors.New("broken")
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		if now := time.Since(began); err == nil && now != d {
			t.Errorf("it ended after %v, the context after %v", now, d)
		}
	})
	return starts, err
}

func TestAPartThatFailsIsRestartedWithBackOff(t *testing.T) {
	t.Parallel()
	policy := RestartPolicy{First: time.Second, Last: 8 * time.Second}
	starts, err := supervised(t, policy, 40*time.Second, func(int) time.Duration { return 0 })
	if err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{0, 1, 3, 7, 15, 23, 31, 39}
	for i := range want {
		want[i] *= time.Second
	}
	if !slices.Equal(starts, want) {
		t.Errorf("started at %v, want %v", starts, want)
	}
}

func TestAPartThatWasWellForAWhileIsRestartedSoon(t *testing.T) {
	t.Parallel()
	policy := RestartPolicy{First: time.Second, Last: 4 * time.Second}
	starts, err := supervised(t, policy, 100*time.Second, func(n int) time.Duration {
		if n == 5 {
			return time.Minute
		}
		return 0
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{0, 1, 3, 7, 11, 72, 74, 78} // the fifth lived from 11 s to 71 s
	for i := range want {
		if want[i] *= time.Second; starts[i] != want[i] {
			t.Fatalf("started at %v, want %v and so on", starts, want[:i+1])
		}
	}
}

func TestWithoutAPolicyTheFirstFailureIsTheLast(t *testing.T) {
	t.Parallel()
	starts, err := supervised(t, RestartPolicy{}, time.Minute, func(int) time.Duration { return 0 })
	if len(starts) != 1 || err == nil || err.Error() != "part: broken" {
		t.Errorf("%d starts, %v", len(starts), err)
	}
}

func TestAPartMustNotEndByItself(t *testing.T) {
	t.Parallel()
	l := &Line{log: slog.New(slog.DiscardHandler)}
	err := l.supervise(t.Context(), "part", func(context.Context) error { return nil })
	if err == nil || err.Error() != "part: ended by itself" {
		t.Error(err)
	}
}

func TestALineRefusesWhatItCannotRun(t *testing.T) {
	t.Parallel()
	env := Env{Cluster: topology.Cluster{Brokers: []string{"127.0.0.1:1"}}}
	for want, o := range map[string]LineOptions{
		`unknown role "sorcerer" (one of registrar, command-tagger, auth-tagger, session-tagger, transfer-tagger, http-tagger, email-tagger, canary-tagger, intel-tagger, behaviour-tagger, gate)`: {Roles: []string{"gate", "sorcerer"}, Instance: "i"},
		"instance: required": {},
	} {
		if _, err := NewLine(env, o); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// The whole line starts, ends when it is told to, and leaves nothing behind:
// no goroutine, no connection. It runs alone, so that what others run is not
// taken for its own.
func TestALineLeavesNothingBehind(t *testing.T) {
	c := topologytest.Embedded(t)
	topologytest.Provision(t, c)
	before := goleak.IgnoreCurrent()
	for _, roles := range [][]string{nil, {RoleRegistrar}, {"command-tagger"}} {
		watch := topology.NewWatch()
		l, err := NewLine(Env{Cluster: c, Storage: topology.MemoryStorage(), Watch: watch},
			LineOptions{Roles: roles, Instance: "i", Restart: RestartPolicy{First: time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(patient(t))
		go func() {
			defer cancel()
			if err := watch.Until(ctx, func() bool { return allRun(l, watch) }); err != nil {
				t.Errorf("roles %v do not all run: %v", roles, err)
			}
		}()
		if err := l.Run(ctx, nil); err != nil {
			t.Errorf("roles %v: %v", roles, err)
		}
	}
	goleak.VerifyNone(t, before,
		goleak.IgnoreTopFunction("github.com/rcrowley/go-metrics.(*meterArbiter).tick")) // sarama's, one per process, for ever
}

// What comes before the first event may fail, and then nothing runs on.
func TestALineEndsWhenWhatComesBeforeFails(t *testing.T) {
	t.Parallel()
	c := topologytest.Embedded(t)
	topologytest.Provision(t, c)
	l, err := NewLine(Env{Cluster: c, Storage: topology.MemoryStorage()}, LineOptions{Instance: "i", Restart: RestartPolicy{First: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("the pack is for another release")
	if err := l.Run(patient(t), func(context.Context) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("the line ended with %v", err)
	}
}

// allRun says whether each goka group of a line has its partitions.
func allRun(l *Line, watch *topology.Watch) bool {
	for _, name := range l.roles {
		role, _ := topology.RoleNamed(name)
		if name == RoleRegistrar {
			continue
		}
		if watch.Finished(string(l.Env.Cluster.Group(role.Group)), l.Env.Cluster.Topic(role.Reads[0]), 0) < 0 {
			return false
		}
	}
	return true
}
