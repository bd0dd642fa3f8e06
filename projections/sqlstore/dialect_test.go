package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ttpstream/ttpstream/projections"
)

func TestRebind(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"SELECT 1":                         "SELECT 1",
		"a = ? AND b IN (?, ?) LIMIT ?":    "a = $1 AND b IN ($2, $3) LIMIT $4",
		"VALUES " + tuple(11) + " WHERE 1": "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) WHERE 1",
	} {
		if got := (postgresDialect{}).rebind(query); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What passes by itself is told from what will be the same the next time.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	pg := func(code, constraint string) error {
		return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code, ConstraintName: constraint})
	}
	my := func(number uint16, message string) error {
		return fmt.Errorf("wrapped: %w", &mysql.MySQLError{Number: number, Message: message})
	}
	for _, c := range []struct {
		d    dialect
		err  error
		want bool
	}{
		{postgresDialect{}, pg("40P01", ""), true}, {postgresDialect{}, pg("40001", ""), true}, {postgresDialect{}, pg("53100", ""), true},
		{postgresDialect{}, pg("57P01", ""), true}, {postgresDialect{}, pg("08006", ""), true}, {postgresDialect{}, pgconn.ErrConnClosed, true},
		{postgresDialect{}, pg("23505", "ttp_tag_uuid"), true}, {postgresDialect{}, pg("23505", "rule_publication_pkey"), false},
		{postgresDialect{}, pg("23514", "tag_has_anchor"), false}, {postgresDialect{}, pg("22P02", ""), false}, {postgresDialect{}, pg("42P01", ""), false},
		{mysqlDialect{}, my(1213, ""), true}, {mysqlDialect{}, my(1205, ""), true}, {mysqlDialect{}, my(1021, ""), true}, {mysqlDialect{}, mysql.ErrInvalidConn, true},
		{mysqlDialect{}, my(1062, "Duplicate entry for key 'ttp_tag_uuid'"), true}, {mysqlDialect{}, my(1062, "Duplicate entry for key 'PRIMARY'"), false},
		{mysqlDialect{}, my(4025, "CONSTRAINT `tag_has_anchor` failed"), false}, {mysqlDialect{}, my(1406, "Data too long"), false},
		{sqliteDialect{}, errors.New("no such table"), false},
	} {
		s := &Store{d: c.d}
		if got := errors.Is(s.explain(context.Background(), c.err), projections.ErrUnavailable); got != c.want {
			t.Errorf("%T: %v: unavailable %v", c.d, c.err, got)
		}
	}
	for _, err := range []error{io.ErrUnexpectedEOF, driver.ErrBadConn} {
		if s := (&Store{d: sqliteDialect{}}); !errors.Is(s.explain(context.Background(), err), projections.ErrUnavailable) {
			t.Errorf("%v is no matter of the connection", err)
		}
	}
}

func TestMySQLConfig(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]string{
		"//u:p%40ss@db.example:3307/ledger": "u p@ss db.example:3307 ledger",
		"//u@db.example/ledger":             "u  db.example:3306 ledger",
		"//u@[::1]:3306/ledger":             "u  [::1]:3306 ledger",
		"u:p@tcp(db.example:3306)/ledger":   "u p db.example:3306 ledger",
	} {
		c, err := mysqlConfig(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		if got := fmt.Sprintf("%s %s %s %s", c.User, c.Passwd, c.Addr, c.DBName); got != want {
			t.Errorf("%s: %q, want %q", dsn, got, want)
		}
	}
}

// Whatever is wrong with a data source name, its password is not told.
func TestBadDataSourceNames(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"", "sqlite:", "oracle:x", "ledger.db", "mysql://u:s3cret@h:1/", "mysql://u:s3cret@h:x/d", "mysql:u:s3cret@h", "postgres://u:s3cret@h:x/d",
		"postgres://u:s3cret@h/d?sslmode=perhaps",
	} {
		store, err := Open(t.Context(), dsn, Options{})
		if store != nil || !errors.Is(err, ErrDSN) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", dsn, err)
		}
	}
}
