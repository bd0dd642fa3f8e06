package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/ttpstream/ttpstream/processors"
	"github.com/ttpstream/ttpstream/projections/printable"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
)

type rulesHistoryCommand struct {
	ID string `arg:"" help:"The rule's id, or list/NAME." placeholder:"RULE"`
	clusterFlags
	JSON bool `help:"Print the records of ttp.rule.history, one a line."`
}

// Run prints every admitted change of a rule, oldest first.
func (c *rulesHistoryCommand) Run(ctx context.Context, term *console) error {
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(term.out, 0, 0, 2, ' ', 0)
	if !c.JSON {
		fmt.Fprintln(table, "REVISION\tADMITTED\tCHANGE\tVERSION\tHASH\tSOURCE")
	}
	err = processors.EachChange(ctx, cluster, func(revision int64, change *schemas.RuleHistory) error {
		if change.Key != c.ID {
			return nil
		}
		if c.JSON {
			return printJSON(term.out, change)
		}
		version, hash := "", change.Hash[:min(12, len(change.Hash))]
		if change.Version > 0 {
			version = fmt.Sprint(change.Version)
		}
		_, err := fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", revision, change.AdmittedAt.Format(time.DateTime), change.Change, version, hash, printable.Text(change.Source, ""))
		return err
	})
	if err != nil {
		return err
	}
	return table.Flush()
}

type rulesRolloutCommand struct {
	ID string `arg:"" optional:"" help:"The rule's id, or list/NAME. None: any change." placeholder:"RULE"`
	clusterFlags
	JSON bool `help:"Print JSON, one instance a line."`
}

// rolloutLine is what the rollout says of one instance.
type rolloutLine struct {
	Instance string    `json:"instance"`
	Revision int64     `json:"revision"`
	Wanted   int64     `json:"wanted"`
	Has      bool      `json:"has_it"`
	Rules    int       `json:"rules"`
	At       time.Time `json:"at"`
}

// Run prints which revision each instance runs, and whether the rule's last
// change is in it.
func (c *rulesRolloutCommand) Run(ctx context.Context, term *console) error {
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	wanted := int64(-1)
	err = processors.EachChange(ctx, cluster, func(revision int64, change *schemas.RuleHistory) error {
		if c.ID == "" || change.Key == c.ID {
			wanted = revision
		}
		return nil
	})
	if err != nil {
		return err
	}
	if wanted < 0 {
		return fmt.Errorf("%s was never admitted; ttpstream rules list --in-force names the rules that are", c.ID)
	}
	table := tabwriter.NewWriter(term.out, 0, 0, 2, ' ', 0)
	if !c.JSON {
		fmt.Fprintf(term.out, "last changed in revision %d\n", wanted)
		fmt.Fprintln(table, "INSTANCE\tREVISION\tHAS IT\tRULES\tSAID")
	}
	err = processors.EachStatus(ctx, cluster, func(status *schemas.RuleStatus) {
		line := rolloutLine{Instance: status.Instance, Revision: status.Revision, Wanted: wanted, Has: status.Revision >= wanted, Rules: status.Rules, At: status.At}
		if c.JSON {
			_ = printJSON(term.out, line) // a closed pipe shows at the end
			return
		}
		has := "no"
		if line.Has {
			has = "yes"
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%d\t%s\n", printable.Text(line.Instance, ""), line.Revision, has, line.Rules, line.At.Format(time.DateTime))
	})
	if err != nil {
		return err
	}
	return table.Flush()
}

func printJSON(out io.Writer, value any) error {
	raw, err := schemas.EncodeJSON(value)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", raw)
	return err
}

// inForceThere returns the rules that are in force on a cluster.
func inForceThere(ctx context.Context, flags *clusterFlags, options rules.Options, term *console) (*rules.Set, error) {
	cluster, err := flags.cluster(ctx, term.log)
	if err != nil {
		return nil, err
	}
	fold := rules.NewFold(options)
	err = processors.EachChange(ctx, cluster, func(revision int64, change *schemas.RuleHistory) error {
		fold.Apply(revision, change)
		return nil
	})
	if err != nil {
		return nil, err
	}
	set, problems := fold.Set()
	if len(problems) > 0 {
		term.log.Warn("some rules do not compile here", "problems", problems.Error())
	}
	return set, nil
}
