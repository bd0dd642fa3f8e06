package processors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/lovoo/goka"
	"golang.org/x/sync/errgroup"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/topology"
)

// constructor makes one of the processors of this room.
type constructor func(Env, ...goka.ProcessorOption) (*goka.Processor, error)

// graph lists the processors of this room by their role in the topology.
var graph = []struct {
	role  string
	build constructor
}{
	{"command-tagger", CommandTagger},
	{"auth-tagger", AuthTagger},
	{"session-tagger", SessionTagger},
	{"transfer-tagger", TransferTagger},
	{"http-tagger", HTTPTagger},
	{"email-tagger", EmailTagger},
	{"canary-tagger", CanaryTagger},
	{"intel-tagger", IntelTagger},
	{"behaviour-tagger", BehaviourTagger},
	{"gate", Gate},
}

// RoleRegistrar is the role of the registrar, which is no goka group.
const RoleRegistrar = "registrar"

// Roles returns the names of what a [Line] can run, in the order of the flow.
func Roles() []string {
	names := []string{RoleRegistrar}
	for _, p := range graph {
		names = append(names, p.role)
	}
	return names
}

// CheckRoles returns an error that names a role that there is not.
func CheckRoles(roles []string) error {
	for _, role := range roles {
		if !slices.Contains(Roles(), role) {
			return fmt.Errorf("unknown role %q (one of %s)", role, strings.Join(Roles(), ", "))
		}
	}
	return nil
}

// Line is what one process runs of this room.
type Line struct {
	// Env is what the processors are given. Its Rules are set by [NewLine].
	Env Env
	// Registrar is nil where this process has not that role.
	Registrar *Registrar
	Follower  *Follower

	producer *topology.Producer
	roles    []string
	policy   RestartPolicy
	log      *slog.Logger
}

// LineOptions say what a line runs and how.
type LineOptions struct {
	// Roles are what this process runs, from [Roles]. Empty: all.
	Roles []string
	// Instance names this process on ttp.rule.status. Required.
	Instance string
	// Registrar is for the registrar, where it is among the roles. Its rule
	// options serve the follower too.
	Registrar RegistrarOptions
	// Restart says what to do when a part fails. The zero value gives up at
	// the first error.
	Restart RestartPolicy
}

// NewLine makes the parts. Nothing runs until Run.
func NewLine(env Env, o LineOptions) (*Line, error) {
	if err := CheckRoles(o.Roles); err != nil {
		return nil, err
	}
	if o.Instance == "" {
		return nil, errors.New("instance: required; it names this process on ttp.rule.status")
	}
	if len(o.Roles) == 0 {
		o.Roles = Roles()
	}
	producer, err := topology.NewProducer(env.Cluster)
	if err != nil {
		return nil, err
	}
	env.Rules = new(rules.Holder)
	l := &Line{Env: env, producer: producer, roles: o.Roles, policy: o.Restart, log: env.log()}
	o.Registrar.Logger = cmp.Or(o.Registrar.Logger, l.log)
	if slices.Contains(o.Roles, RoleRegistrar) {
		l.Registrar = NewRegistrar(env.Cluster, producer, o.Registrar)
	}
	l.Follower = NewFollower(env.Cluster, o.Instance, env.Rules, o.Registrar.Rules, producer, l.log)
	return l, nil
}

// Run runs the line until ctx ends (nil) or a part fails for good. before is
// called when the rules at the end of the history are in force and before any
// event is judged; it may wait for rules that were just published. Nil: do not
// wait.
func (l *Line) Run(ctx context.Context, before func(context.Context) error) error {
	defer l.producer.Close()
	group, ctx := errgroup.WithContext(ctx)
	if l.Registrar != nil {
		group.Go(func() error { return l.supervise(ctx, RoleRegistrar, l.Registrar.Run) })
	}
	if l.judges() {
		group.Go(func() error { return l.supervise(ctx, "rules", l.Follower.Run) })
	}
	group.Go(func() error {
		if l.judges() {
			select {
			case <-l.Follower.Ready():
			case <-ctx.Done():
				return nil
			}
		}
		if before != nil {
			if err := before(ctx); err != nil {
				return err
			}
		}
		l.start(ctx, group)
		return nil
	})
	return group.Wait()
}

// judges reports whether a tagger is among the roles.
func (l *Line) judges() bool {
	return slices.ContainsFunc(l.roles, func(role string) bool { return strings.HasSuffix(role, "-tagger") })
}

func (l *Line) start(ctx context.Context, group *errgroup.Group) {
	for _, p := range graph {
		if !slices.Contains(l.roles, p.role) {
			continue
		}
		group.Go(func() error {
			return l.supervise(ctx, p.role, func(ctx context.Context) error {
				processor, err := p.build(l.Env)
				if err != nil {
					return err
				}
				return processor.Run(ctx)
			})
		})
	}
}

// RestartPolicy says how often a part that failed is started again.
type RestartPolicy struct {
	// First is the pause before the first restart; it doubles up to Last. Zero
	// First: no restarts.
	First, Last time.Duration
}

// supervise runs a part again and again until ctx ends, as the policy says.
func (l *Line) supervise(ctx context.Context, role string, run func(context.Context) error) error {
	pause := l.policy.First
	for {
		began := time.Now()
		err := run(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err == nil {
			err = errors.New("ended by itself")
		}
		if l.policy.First == 0 {
			return fmt.Errorf("%s: %w", role, err)
		}
		if time.Since(began) > l.policy.Last {
			pause = l.policy.First // it had been well for a while
		}
		l.log.Error("part failed, starting it again", "role", role, "error", err, "pause", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
		pause = min(2*pause, max(l.policy.Last, l.policy.First))
	}
}
