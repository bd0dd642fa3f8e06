package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/ttpstream/ttpstream/processors"
	"github.com/ttpstream/ttpstream/topology"
)

type processCommand struct {
	clusterFlags
	Roles         []string      `help:"Run only these roles: registrar, command-tagger, auth-tagger, session-tagger, transfer-tagger, gate. Default: all." placeholder:"ROLE"`
	StateDir      string        `help:"Where the gate keeps its local copy of its table. Lost copies are read again from Kafka." default:"ttpstream-state" type:"path"`
	AttackRelease string        `help:"ATT&CK release. Rules for another are refused." default:"enterprise-v19.1"`
	RestartPause  time.Duration `help:"Pause before a part that failed is started again; doubles up to a minute. 0: give up at the first failure." default:"1s"`
}

// Run runs the processors until it is told to stop.
func (c *processCommand) Run(ctx context.Context, term *console) error {
	options, err := ruleOptions(c.AttackRelease)
	if err == nil {
		err = processors.CheckRoles(c.Roles)
	}
	if err != nil {
		return usageError{err}
	}
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	line, err := processors.NewLine(processors.Env{
		Cluster: cluster, Storage: topology.DiskStorage(filepath.Join(c.StateDir, "gate")),
		Watch: topology.NewWatch(), Metrics: &processors.Metrics{}, Logger: term.log,
	}, processors.LineOptions{
		Roles: c.Roles, Instance: cluster.ClientID, Registrar: processors.RegistrarOptions{Rules: options},
		Restart: processors.RestartPolicy{First: c.RestartPause, Last: time.Minute},
	})
	if err != nil {
		return usageError{err}
	}
	err = withAdmin(cluster, func(admin *topology.Admin) error { return admin.Provision(ctx) })
	if err != nil {
		return err
	}
	return line.Run(ctx, func(context.Context) error {
		set := line.Env.Rules.Load()
		fmt.Fprintf(term.err, "running as %s with %d rules (revision %d); stop with Ctrl-C\n", cluster.ClientID, set.Len(), set.Revision())
		if set.Len() == 0 && line.Registrar != nil {
			fmt.Fprintln(term.err, "no rule is in force yet, so nothing will be found: publish the built-in pack with ttpstream rules publish")
		}
		return nil
	})
}
