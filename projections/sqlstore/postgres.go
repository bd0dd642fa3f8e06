package sqlstore

import (
	"database/sql/driver"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// postgresDialect keeps the ledger in a database of a PostgreSQL server.
//
// Writing connections do not wait for the disk at a commit
// (synchronous_commit=off): after a crash of the server the last transactions
// may be missing, each as a whole and from the end, with their offsets, so the
// projector reads those records again.
type postgresDialect struct{}

func (postgresDialect) goose() goose.Dialect { return goose.DialectPostgres }

// migrating takes an advisory lock of the database.
func (postgresDialect) migrating() ([]goose.ProviderOption, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60)) // each second, for a minute
	if err != nil {
		return nil, err
	}
	return []goose.ProviderOption{goose.WithSessionLocker(locker)}, nil
}

func (postgresDialect) connect(dsn string) (write, read driver.Connector, err error) {
	config := func(settings map[string]string) (driver.Connector, error) {
		c, err := pgx.ParseConfig("postgres:" + dsn)
		if err != nil {
			return nil, err // pgx leaves the password out
		}
		for name, value := range settings {
			c.RuntimeParams[name] = value
		}
		return stdlib.GetConnector(*c), nil
	}
	write, errWrite := config(map[string]string{
		"application_name": "ttpstream", "synchronous_commit": "off", "default_transaction_isolation": "read committed",
		// All that is written is found by an index. A plan that was made while a
		// table was empty would read it whole for ever.
		"enable_seqscan": "off",
	})
	read, errRead := config(map[string]string{"application_name": "ttpstream", "default_transaction_read_only": "on"})
	return write, read, errors.Join(errWrite, errRead)
}

func (postgresDialect) writers() int { return 4 }
func (postgresDialect) readers() int { return 8 }

func (postgresDialect) begin() string { return "BEGIN ISOLATION LEVEL READ COMMITTED" }

func (postgresDialect) forUpdate() string { return " FOR UPDATE" }

// rebind numbers the parameters. No statement has a question mark that is none.
func (postgresDialect) rebind(query string) string {
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}

func (postgresDialect) upsert(u upsert) string { return u.onConflict("LEAST", "GREATEST") }

func (postgresDialect) id(id uuid.UUID) any { return [16]byte(id) }

func (postgresDialect) rows() int { return 512 }
func (postgresDialect) list() int { return 1024 }

// unavailable goes by the class of the error's code.
func (postgresDialect) unavailable(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || errors.Is(err, pgconn.ErrConnClosed) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) {
		return true
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) || len(e.Code) != 5 {
		return false
	}
	switch e.Code {
	case "55P03", "55006", "25006", "58030": // a lock, a database in use or read-only for now, the disk
		return true
	case "23505": // another partition's owner wrote the same tag a moment ago: the next time it is there
		return e.ConstraintName == tagUUIDIndex
	}
	switch e.Code[:2] {
	case "08", "40", "53", "57": // the connection, rolled back for others, no room, stopped by an operator
		return true
	}
	return false
}
