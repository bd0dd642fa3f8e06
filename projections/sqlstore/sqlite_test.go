package sqlstore_test

import (
	"context"
	"database/sql/driver"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/projections/sqlstore"
)

// migrated is an empty ledger, made once: the suite needs thousands.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "ledger")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "ledger.db")
	store, err := sqlstore.Open(context.Background(), "sqlite:"+path, sqlstore.Options{})
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// freshSQLite makes a ledger in a file.
func freshSQLite(tb testing.TB) projectiontest.Open {
	tb.Helper()
	empty, err := migrated()
	if err != nil {
		tb.Fatal(err)
	}
	dir, err := os.MkdirTemp(tb.TempDir(), "")
	if err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(dir, "ledger.db")
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		tb.Fatal(err)
	}
	return opener("sqlite:" + path)
}

func opener(dsn string) projectiontest.Open {
	return func(tb testing.TB, wrap func(driver.Connector) driver.Connector) projections.Store {
		tb.Helper()
		store, err := sqlstore.Open(tb.Context(), dsn, sqlstore.Options{Wrap: wrap})
		if err != nil {
			tb.Fatal(err)
		}
		return store
	}
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	projectiontest.Run(t, freshSQLite)
}
