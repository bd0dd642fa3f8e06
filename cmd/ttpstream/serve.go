package main

import (
	"context"
	"fmt"

	"github.com/ttpstream/ttpstream/topology"
)

type serveCommand struct {
	clusterFlags
	Database string `help:"Database that is answered from: sqlite:FILE." required:"" placeholder:"DSN"`
	apiFlags
	AttackRelease string `help:"ATT&CK release whose names are shown." default:"enterprise-v19.1"`
}

// Run answers until it is told to stop.
func (c *serveCommand) Run(ctx context.Context, term *console) error {
	cluster, err := c.cluster(ctx, term.log)
	if err != nil {
		return err
	}
	listener, err := c.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	return withAdmin(cluster, func(admin *topology.Admin) error {
		store, err := openStore(ctx, c.Database)
		if err != nil {
			return err
		}
		defer store.Close()
		producer, err := topology.NewProducer(cluster)
		if err != nil {
			return err
		}
		defer producer.Close()
		server, err := newAPI(cluster, store, producer, admin, nil, c.AttackRelease, term.log)
		if err != nil {
			return err
		}
		fmt.Fprintf(term.err, "API on http://%s; stop with Ctrl-C\n", listener.Addr())
		return server.Serve(ctx, listener)
	})
}
