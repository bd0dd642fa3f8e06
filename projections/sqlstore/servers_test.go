package sqlstore_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/ttpstream/ttpstream/projections/projectiontest"
)

// tidyTimeout bounds what is spent on emptying and dropping databases.
const tidyTimeout = time.Minute

// databases makes databases on a server and uses them again once they are
// empty: the suite needs hundreds, and making tables takes a server long.
type databases struct {
	dsn string // of the server
	// driver and its own name for a database.
	driver string
	native func(database string) string
	// empty deletes all rows; drop drops the database.
	empty func(tb testing.TB, db *sql.DB)
	drop  string
	// kill ends the connections of ledgers to the database.
	kill func(tb testing.TB, db *sql.DB, database string)

	mu        sync.Mutex
	free, all []string
}

// fresh is a [projectiontest.New].
func (d *databases) fresh(tb testing.TB) projectiontest.Open {
	tb.Helper()
	name := d.take(tb)
	tb.Cleanup(func() {
		db := d.open(tb, name)
		defer db.Close()
		d.empty(tb, db)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.free = append(d.free, name)
	})
	return opener(d.at(tb, name))
}

// name makes a database that is used once, and returns its data source name.
func (d *databases) name(tb testing.TB) (dsn string) {
	tb.Helper()
	return d.at(tb, d.take(tb))
}

func (d *databases) at(tb testing.TB, name string) (dsn string) {
	tb.Helper()
	u, err := url.Parse(d.dsn)
	if err != nil {
		tb.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func (d *databases) take(tb testing.TB) string {
	tb.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.free); n > 0 {
		name := d.free[n-1]
		d.free = d.free[:n-1]
		return name
	}
	name := "ledger_" + strings.ToLower(rand.Text()[:12])
	db := d.open(tb, "")
	defer db.Close()
	execute(tb, db, "CREATE DATABASE "+name)
	d.all = append(d.all, name)
	return name
}

// dropAll is the end.
func (d *databases) dropAll(tb testing.TB) {
	db := d.open(tb, "")
	defer db.Close()
	for _, name := range d.all {
		execute(tb, db, fmt.Sprintf(d.drop, name))
	}
}

func (d *databases) open(tb testing.TB, database string) *sql.DB {
	tb.Helper()
	db, err := sql.Open(d.driver, d.native(database))
	if err != nil {
		tb.Fatal(err)
	}
	return db
}

func execute(tb testing.TB, db *sql.DB, statement string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), tidyTimeout)
	defer cancel()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		tb.Errorf("%s: %v", statement, err)
	}
}

// tables returns the tables of a ledger.
func tables(tb testing.TB, db *sql.DB, schema string) []string {
	tb.Helper()
	return list(tb, db, "SELECT table_name FROM information_schema.tables WHERE table_schema = "+schema+" AND table_name NOT LIKE 'goose%'")
}

// list returns the answers to a question for one column.
func list(tb testing.TB, db *sql.DB, question string) (answers []string) {
	tb.Helper()
	rows, err := db.QueryContext(context.Background(), question)
	if err != nil {
		tb.Error(err)
		return nil
	}
	defer rows.Close()
	for rows.Next() {
		var answer string
		if err := rows.Scan(&answer); err != nil {
			tb.Error(err)
		}
		answers = append(answers, answer)
	}
	return answers
}

func postgres(tb testing.TB) *databases {
	tb.Helper()
	d := &databases{dsn: projectiontest.Postgres(tb), driver: "pgx", drop: "DROP DATABASE IF EXISTS %s WITH (FORCE)"}
	d.native = func(database string) string {
		if database == "" {
			return d.dsn
		}
		return d.at(tb, database)
	}
	d.empty = func(tb testing.TB, db *sql.DB) {
		if names := tables(tb, db, "current_schema()"); len(names) > 0 {
			execute(tb, db, "DELETE FROM "+strings.Join(names, "; DELETE FROM ")) // TRUNCATE makes files anew
		}
	}
	d.kill = func(tb testing.TB, db *sql.DB, database string) {
		list(tb, db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+database+"' AND application_name = 'ttpstream'")
	}
	tb.Cleanup(func() { d.dropAll(tb) })
	return d
}

func mariadb(tb testing.TB) *databases {
	tb.Helper()
	d := &databases{dsn: projectiontest.MySQL(tb), driver: "mysql", drop: "DROP DATABASE IF EXISTS %s"}
	d.native = func(database string) string {
		u, err := url.Parse(d.dsn)
		if err != nil {
			tb.Fatal(err)
		}
		c := mysql.NewConfig()
		c.Net, c.Addr, c.User, c.DBName = "tcp", u.Host, u.User.Username(), database
		c.Passwd, _ = u.User.Password()
		return c.FormatDSN()
	}
	d.empty = func(tb testing.TB, db *sql.DB) {
		for _, name := range tables(tb, db, "DATABASE()") {
			execute(tb, db, "DELETE FROM "+name)
		}
	}
	d.kill = func(tb testing.TB, db *sql.DB, database string) {
		for _, id := range list(tb, db, "SELECT id FROM information_schema.processlist WHERE db = '"+database+"'") {
			_, _ = db.ExecContext(context.Background(), "KILL "+id) // it may be gone
		}
	}
	tb.Cleanup(func() { d.dropAll(tb) })
	return d
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	projectiontest.Run(t, postgres(t).fresh)
}

func TestMySQL(t *testing.T) {
	t.Parallel()
	projectiontest.Run(t, mariadb(t).fresh)
}
