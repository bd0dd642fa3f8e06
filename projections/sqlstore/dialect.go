package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
)

// dialect is what databases disagree about. Statements are written with ? for
// parameters and are otherwise what all of them understand.
type dialect interface {
	// goose names the dialect for migrations, and their folder.
	goose() goose.Dialect
	// migrating is what keeps two instances from migrating at the same time.
	migrating() ([]goose.ProviderOption, error)
	// connect returns connectors for the pool that writes and the one that
	// reads.
	connect(dsn string) (write, read driver.Connector, err error)
	// writers is how many transactions can write at the same time; readers how
	// many questions are answered at the same time.
	writers() int
	readers() int
	// begin starts a transaction that writes, at READ COMMITTED or more.
	begin() string
	// forUpdate ends a SELECT whose rows are to be locked.
	forUpdate() string
	// rebind writes the parameters as the driver wants them.
	rebind(query string) string
	// upsert ends an INSERT so that rows that are there are changed.
	upsert(u upsert) string
	// id passes a uuid that is not the nil one.
	id(id uuid.UUID) any
	// rows is how many rows one INSERT takes at most: many where a statement
	// is a journey, one where it is a call.
	rows() int
	// list is how many values one list in a statement has at most, a power of
	// two.
	list() int
	// unavailable reports whether an error may be gone the next time.
	unavailable(err error) bool
}

// upsert says what an INSERT does to a row that is there already, column by
// column. Columns not named stay.
type upsert struct {
	table string
	// keys are the primary key.
	keys []string
	// sum adds the new value, least and greatest keep the extreme, replace
	// takes the new one.
	sum, least, greatest, replace []string
}

// onConflict is the upsert of SQLite and PostgreSQL, which differ in what they
// call the functions.
func (u upsert) onConflict(least, greatest string) string {
	var sets []string
	for _, c := range u.sum {
		sets = append(sets, fmt.Sprintf("%s = %s.%s + excluded.%s", c, u.table, c, c))
	}
	for _, c := range u.least {
		sets = append(sets, fmt.Sprintf("%s = %s(%s.%s, excluded.%s)", c, least, u.table, c, c))
	}
	for _, c := range u.greatest {
		sets = append(sets, fmt.Sprintf("%s = %s(%s.%s, excluded.%s)", c, greatest, u.table, c, c))
	}
	for _, c := range u.replace {
		sets = append(sets, fmt.Sprintf("%s = excluded.%s", c, c))
	}
	return fmt.Sprintf(" ON CONFLICT (%s) DO UPDATE SET %s", strings.Join(u.keys, ", "), strings.Join(sets, ", "))
}

// insert returns INSERT INTO table (columns) VALUES, without the rows.
func insert(table string, columns ...string) string {
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES ", table, strings.Join(columns, ", "))
}

// tuple returns (?, ?, …) with n parameters.
func tuple(n int) string { return "(" + strings.TrimSuffix(strings.Repeat("?, ", n), ", ") + ")" }

// equal returns a = ? AND b = ? …
func equal(columns ...string) string { return strings.Join(columns, " = ? AND ") + " = ?" }

// columns joins lists of columns.
func columns(lists ...[]string) []string { return slices.Concat(lists...) }

// connector makes a connector of a driver that has none.
type connector struct {
	driver driver.Driver
	dsn    string
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// rowScanner is a *sql.Row or *sql.Rows.
type rowScanner interface{ Scan(dest ...any) error }

var _ rowScanner = (*sql.Rows)(nil)
