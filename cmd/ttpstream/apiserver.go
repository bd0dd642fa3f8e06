package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/topology"
)

// apiFlags say where the API listens.
type apiFlags struct {
	Listen string `help:"Address of the HTTP API, loopback only; port 0 takes a free one." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
}

// listen opens the port before anything else is started.
func (f *apiFlags) listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", f.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken; choose another with --listen, or port 0 for one that is free", f.Listen)
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("--listen: %w", err)}
	}
	return listener, nil
}

// newAPI makes the API over a database. held is what is in force in this
// process, nil where it judges nothing.
func newAPI(cluster topology.Cluster, store projections.Store, producer *topology.Producer, admin *topology.Admin, held *rules.Holder, release string, log *slog.Logger) (*api.Server, error) {
	return api.New(api.Options{
		Ledger: store, States: api.NewRuleStates(producer), Retractions: api.NewRetractions(producer), Tags: api.NewTagLog(cluster),
		Vitals: vitals{store: store, admin: admin, rules: held}, Version: buildVersion(), AttackRelease: release, Logger: log,
	})
}

// vitals says how this process is doing.
type vitals struct {
	store projections.Store
	admin *topology.Admin
	rules *rules.Holder
}

// Lag returns how many records the database is behind, by topic.
func (v vitals) Lag(ctx context.Context) (map[string]int64, error) {
	behind, err := projections.Behind(ctx, v.store, v.admin)
	if err != nil {
		return nil, err
	}
	lag := map[string]int64{}
	for source, records := range behind {
		lag[source.Topic] += records
	}
	return lag, nil
}

// Rules returns what is in force here, or by the database where this process
// judges nothing.
func (v vitals) Rules(ctx context.Context) (int, int64, error) {
	if v.rules != nil {
		set := v.rules.Load()
		return set.Len(), set.Revision(), nil
	}
	inForce, revision := 0, int64(-1)
	positions, err := v.store.Positions(ctx)
	if err != nil {
		return 0, -1, err
	}
	for _, position := range positions {
		if position.Topic == topology.RuleHistory.Name {
			revision = position.Next - 1
		}
	}
	query := projections.PageQuery{Floor: 1, Limit: projections.MaxPage}
	for {
		page, err := v.store.Rules(ctx, query)
		if err != nil {
			return 0, -1, err
		}
		for _, rule := range page.Items {
			if rule.InForce {
				inForce++
			}
		}
		if page.Next == "" {
			return inForce, revision, nil
		}
		query.After = page.Next
	}
}
