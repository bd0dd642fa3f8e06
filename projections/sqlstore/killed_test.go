package sqlstore_test

import (
	"context"
	"sync"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/topology"
)

// interrupted loses its connections in the middle of every third write, as
// when a server is started again.
type interrupted struct {
	projections.Store
	kill   func()
	writes int
	wait   sync.WaitGroup
}

func (s *interrupted) Write(ctx context.Context, batches ...projections.Batch) error {
	if s.writes++; s.writes%3 == 0 {
		s.wait.Go(s.kill)
	}
	return s.Store.Write(ctx, batches...)
}

// Connections that a server ends in the middle of transactions cost nothing but
// time.
func TestServersEndConnections(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]func(testing.TB) *databases{"postgres": postgres, "mysql": mariadb} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := server(t)
			database := d.take(t)
			db := d.open(t, "")
			defer db.Close()
			open := opener(d.at(t, database))
			logs, stores := make([]*projectiontest.Log, 2), make([]projections.Store, 2)
			for i := range logs {
				logs[i] = projectiontest.NewLog(t, topology.Tagged, int32(i))
				for n := range 300 {
					logs[i].Find(projectiontest.Finding{Event: 10*n + i, Rule: 1 + n%3, Technique: n % 4, Step: 60 + n%5})
				}
				stores[i] = open(t, nil)
				defer stores[i].Close()
			}
			var wait sync.WaitGroup
			for i, log := range logs {
				wait.Go(func() {
					store := &interrupted{Store: stores[i], kill: func() { d.kill(t, db, database) }}
					if err := projectiontest.Persist(t.Context(), store, log, 10); err != nil {
						t.Error(err)
					}
					store.wait.Wait()
				})
			}
			wait.Wait()
			last := open(t, nil)
			defer last.Close()
			projectiontest.Check(t, t.Context(), last, logs...)
		})
	}
}
