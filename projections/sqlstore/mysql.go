package sqlstore

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/go-sql-driver/mysql"
	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
)

// mysqlDialect keeps the ledger in a database of a MySQL server (8.0.16 or
// newer, which heeds CHECK) or a MariaDB server (10.6 or newer). What a server
// that ignores CHECK would let in, the fold does not.
type mysqlDialect struct{}

func (mysqlDialect) goose() goose.Dialect { return goose.DialectMySQL }

// migrating takes a named lock of the server.
func (mysqlDialect) migrating() ([]goose.ProviderOption, error) {
	return []goose.ProviderOption{goose.WithSessionLocker(mysqlLocker{})}, nil
}

func (mysqlDialect) connect(dsn string) (write, read driver.Connector, err error) {
	config, err := mysqlConfig(dsn)
	if err != nil {
		return nil, nil, err
	}
	c, err := mysql.NewConnector(config)
	if err != nil {
		return nil, nil, err
	}
	// Strict, so that nothing is cut silently; READ COMMITTED, which locks rows
	// and not what is between them.
	settings := []string{
		"SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'",
		"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
	}
	write = mysqlConnector{c, settings}
	read = mysqlConnector{c, append(settings[:2:2], "SET SESSION TRANSACTION READ ONLY")}
	return write, read, nil
}

// mysqlConfig reads //user:password@host:port/database, or what the driver
// calls a data source name.
func mysqlConfig(dsn string) (*mysql.Config, error) {
	config := mysql.NewConfig()
	if rest, isURL := strings.CutPrefix(dsn, "//"); isURL {
		u, err := url.Parse("mysql://" + rest)
		if err != nil {
			return nil, errors.New("it is no URL") // the parser's error has the password
		}
		config.Net, config.Addr, config.User = "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "3306")), u.User.Username()
		config.Passwd, _ = u.User.Password()
		config.DBName = strings.TrimPrefix(u.Path, "/")
		config.TLSConfig = u.Query().Get("tls")
	} else {
		parsed, err := mysql.ParseDSN(dsn)
		if err != nil {
			return nil, err
		}
		config = parsed
	}
	if config.DBName == "" {
		return nil, errors.New("it names no database")
	}
	config.MaxAllowedPacket = 0        // as the server says
	config.Logger = &mysql.NopLogger{} // errors are returned, not logged
	config.Collation = "utf8mb4_bin"
	return config, nil
}

func (mysqlDialect) writers() int { return 4 }
func (mysqlDialect) readers() int { return 8 }

func (mysqlDialect) begin() string { return "START TRANSACTION" }

func (mysqlDialect) forUpdate() string { return " FOR UPDATE" }

func (mysqlDialect) rebind(query string) string { return query }

// upsert is not INSERT IGNORE, which would also ignore what a CHECK says.
func (mysqlDialect) upsert(u upsert) string {
	var sets []string
	for _, c := range u.sum {
		sets = append(sets, fmt.Sprintf("%s = %s + VALUES(%s)", c, c, c))
	}
	for _, c := range u.least {
		sets = append(sets, fmt.Sprintf("%s = LEAST(%s, VALUES(%s))", c, c, c))
	}
	for _, c := range u.greatest {
		sets = append(sets, fmt.Sprintf("%s = GREATEST(%s, VALUES(%s))", c, c, c))
	}
	for _, c := range u.replace {
		sets = append(sets, fmt.Sprintf("%s = VALUES(%s)", c, c))
	}
	return " ON DUPLICATE KEY UPDATE " + strings.Join(sets, ", ")
}

func (mysqlDialect) id(id uuid.UUID) any { return id[:] }

func (mysqlDialect) rows() int { return 256 }

// list stays below 200, from which on the server guesses by its statistics
// instead of looking, and may read the table.
func (mysqlDialect) list() int { return 64 }

// unavailable goes by the error's number.
func (mysqlDialect) unavailable(err error) bool {
	if errors.Is(err, mysql.ErrInvalidConn) {
		return true
	}
	var e *mysql.MySQLError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Number {
	case 1205, 1213, 1020: // a lock that takes too long, a circle of locks, changed since it was read
		return true
	case 1021, 1041, 1114, 1037, 1038: // no room
		return true
	case 1040, 1203, 1226, 1053, 1077, 1079, 1080, 1317, 1927: // too many, stopped, interrupted, killed
		return true
	case 1290, 1836: // read-only for now
		return true
	case 1062: // another partition's owner wrote the same tag a moment ago: the next time it is there
		return strings.Contains(e.Message, tagUUIDIndex)
	}
	return false
}

// mysqlConnector gives every connection the settings of its pool.
type mysqlConnector struct {
	driver.Connector
	settings []string
}

func (c mysqlConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	for _, setting := range c.settings {
		if _, err := conn.(driver.ExecerContext).ExecContext(ctx, setting, nil); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}
