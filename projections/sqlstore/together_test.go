package sqlstore_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/ttpstream/ttpstream/projections/sqlstore"
)

// Several programs that open a new database at the same time make its tables
// once, and agree on what it is called.
func TestOpenedTogether(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(testing.TB) string{
		"sqlite":   func(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "ledger.db") },
		"postgres": func(tb testing.TB) string { return postgres(tb).name(tb) },
		"mysql":    func(tb testing.TB) string { return mariadb(tb).name(tb) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := make(t)
			ids := [5]string{}
			var wait sync.WaitGroup
			for i := range ids {
				wait.Go(func() {
					store, err := sqlstore.Open(t.Context(), dsn, sqlstore.Options{})
					if err != nil {
						t.Error(err)
						return
					}
					ids[i] = store.ID()
					if err := store.Close(); err != nil {
						t.Error(err)
					}
				})
			}
			wait.Wait()
			for _, id := range ids {
				if id == "" || id != ids[0] {
					t.Errorf("ids %v", ids)
				}
			}
		})
	}
}
