package main

import (
	"context"
	"fmt"
	"os/user"
	"time"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// stateFlags are common to the commands that change a rule's state.
type stateFlags struct {
	ID string `arg:"" help:"The rule's id." placeholder:"RULE"`
	clusterFlags
	Reason string        `help:"Why; kept with the state." placeholder:"TEXT"`
	Wait   time.Duration `help:"How long to wait until the registrar has decided. 0: do not wait." default:"30s"`
}

// untilFlag is of states that end by themselves.
type untilFlag struct {
	Until string `help:"When the rule is enabled again by itself: a duration from now (24h) or a time (2026-12-01T00:00:00Z). Default: never." placeholder:"WHEN"`
}

// time returns when that is; the zero time for never.
func (f untilFlag) time(now time.Time) (time.Time, error) {
	if f.Until == "" {
		return time.Time{}, nil
	}
	if ahead, err := time.ParseDuration(f.Until); err == nil && ahead > 0 {
		return now.Add(ahead), nil
	}
	at, err := time.Parse(time.RFC3339, f.Until)
	if err != nil || !at.After(now) {
		return time.Time{}, usageError{fmt.Errorf("--until: %q is neither a duration such as 24h nor a time in the future such as 2026-12-01T00:00:00Z", f.Until)}
	}
	return at.UTC(), nil
}

type rulesDisableCommand struct {
	stateFlags
	untilFlag
}

// Run disables a rule.
func (c *rulesDisableCommand) Run(ctx context.Context, term *console) error {
	until, err := c.time(time.Now())
	if err != nil {
		return err
	}
	return c.set(ctx, term, &schemas.RuleState{Mode: schemas.ModeDisabled, ExpiresAt: until})
}

type rulesClipCommand struct {
	stateFlags
	untilFlag
	ConfidenceMax float64 `help:"The most that its tags may claim, from 0 to 1. Below 0.3 it makes none." required:"" placeholder:"N"`
}

// Run clips a rule.
func (c *rulesClipCommand) Run(ctx context.Context, term *console) error {
	until, err := c.time(time.Now())
	if err != nil {
		return err
	}
	return c.set(ctx, term, &schemas.RuleState{Mode: schemas.ModeClipped, ConfidenceMax: &c.ConfidenceMax, ExpiresAt: until})
}

type rulesEnableCommand struct{ stateFlags }

// Run enables a rule.
func (c *rulesEnableCommand) Run(ctx context.Context, term *console) error {
	return c.set(ctx, term, &schemas.RuleState{Mode: schemas.ModeEnabled})
}

// set publishes a state and says when it is in the history, from where every
// instance takes it.
func (c *stateFlags) set(ctx context.Context, term *console, state *schemas.RuleState) error {
	state.RuleID, state.Reason, state.SetBy, state.SetAt = c.ID, c.Reason, operator(), time.Now().UTC()
	if err := state.Validate(); err != nil {
		return usageError{err}
	}
	value, err := schemas.EncodeJSON(state)
	if err != nil {
		return err
	}
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	return withAdmin(cluster, func(admin *topology.Admin) error {
		ends, err := admin.Ends(ctx, topology.RuleStatus)
		if err != nil {
			return err
		}
		producer, err := topology.NewProducer(cluster)
		if err != nil {
			return err
		}
		defer producer.Close()
		records, err := producer.ProduceSync(ctx, topology.Message{
			Topic: topology.RuleState, Key: c.ID, Value: value,
			Headers: []topology.Header{{Key: schemas.HeaderSource, Value: []byte("cli")}},
		})
		if err != nil {
			return err
		}
		if c.Wait == 0 {
			fmt.Fprintf(term.out, "%s: %s, published\n", c.ID, state.Mode)
			return nil
		}
		refused, err := decided(ctx, cluster, admin, c.Wait, topology.RuleState, records[0].Offset, ends)
		if err != nil {
			return err
		}
		for _, status := range refused {
			if status.RuleID == c.ID {
				printRefusal(term.err, status)
				return errSaid
			}
		}
		return c.say(term, state)
	})
}

func (c *stateFlags) say(term *console, state *schemas.RuleState) error {
	text := c.ID + ": " + state.Mode
	if state.ConfidenceMax != nil {
		text += fmt.Sprintf(" to %.2f", *state.ConfidenceMax)
	}
	if !state.ExpiresAt.IsZero() {
		text += " until " + state.ExpiresAt.Format(time.RFC3339)
	}
	_, err := fmt.Fprintln(term.out, text)
	return err
}

// operator names who runs this program.
func operator() string {
	if who, err := user.Current(); err == nil {
		return who.Username
	}
	return "cli"
}
