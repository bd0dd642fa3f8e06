package sqlstore

import (
	"context"
	"crypto/rand"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// folders of migrations by dialect.
var folders = map[goose.Dialect]string{
	goose.DialectSQLite3:  "sqlite",
	goose.DialectPostgres: "postgres",
	goose.DialectMySQL:    "mysql",
}

// migrateTries is how often migrating is tried: of two instances that start on
// an empty database without a lock to take turns by, the second finds the
// first one's tables half made.
const migrateTries = 5

// migrate brings the tables to the version of this program. A database that
// is newer is refused by goose.
func (s *Store) migrate(ctx context.Context) error {
	folder, err := fs.Sub(migrations, path.Join("migrations", folders[s.d.goose()]))
	if err != nil {
		return err
	}
	options, err := s.d.migrating()
	if err != nil {
		return err
	}
	options = append(options, goose.WithSlog(slog.New(slog.DiscardHandler)), goose.WithDisableGlobalRegistry(true))
	for try := 1; ; try++ {
		provider, err := goose.NewProvider(s.d.goose(), s.write, folder, options...)
		if err != nil {
			return err
		}
		if _, err = provider.Up(ctx); err == nil {
			return nil
		}
		if try == migrateTries || ctx.Err() != nil {
			return fmt.Errorf("migrating: %w", err)
		}
	}
}

// identify returns the ledger's id, giving it one if it has none. Of two
// instances that do so at the same time the first decides.
func (s *Store) identify(ctx context.Context) (id string, err error) {
	err = s.transact(ctx, func(w *work) error {
		once := upsert{table: "ledger", keys: []string{"singleton"}, replace: []string{"singleton"}}
		if err := w.exec(insert("ledger", "singleton", "id")+"(1, ?)"+s.d.upsert(once), strings.ToLower(rand.Text()[:8])); err != nil {
			return err
		}
		row, err := w.queryRow("SELECT id FROM ledger")
		if err != nil {
			return err
		}
		return row.Scan(&id)
	})
	return id, err
}
