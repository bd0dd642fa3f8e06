package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ttpstream/ttpstream/projections"
)

// Store is a ledger in a database. It is safe for concurrent use.
type Store struct {
	d           dialect
	write, read *sql.DB
	id          string
	// sessions holds the connections that write; nil for one that is not open.
	sessions chan *session
	closed   atomic.Bool

	mu    sync.Mutex
	words map[int32]knownWords
}

var _ projections.Store = (*Store)(nil)

// Options are how a store is opened. The zero value is ready for use.
type Options struct {
	// Wrap is put between the store and the driver of every connection; tests
	// break connections with it. Nil: nothing is.
	Wrap func(driver.Connector) driver.Connector
}

// ErrDSN says that a data source name cannot be understood.
var ErrDSN = errors.New("not a data source name (sqlite:FILE, postgres://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE)")

// dialects by the scheme of their data source names.
var dialects = map[string]dialect{
	"sqlite":     sqliteDialect{},
	"postgres":   postgresDialect{},
	"postgresql": postgresDialect{},
	"mysql":      mysqlDialect{},
	"mariadb":    mysqlDialect{},
}

// Open opens the ledger in a database, making or migrating its tables as
// needed. dsn is sqlite:FILE, postgres://USER:PASSWORD@HOST:PORT/DATABASE with
// the parameters of libpq, or mysql://USER:PASSWORD@HOST:PORT/DATABASE; the
// database of a server must be there. Errors: [ErrDSN]; [projections.ErrUnavailable]
// when the database cannot be reached now.
func Open(ctx context.Context, dsn string, o Options) (*Store, error) {
	scheme, rest, _ := strings.Cut(dsn, ":")
	d, ok := dialects[scheme]
	if !ok || rest == "" {
		return nil, fmt.Errorf("%w: %q", ErrDSN, scheme)
	}
	write, read, err := d.connect(rest)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDSN, err)
	}
	if o.Wrap != nil {
		write, read = o.Wrap(write), o.Wrap(read)
	}
	s := &Store{d: d, write: sql.OpenDB(write), read: sql.OpenDB(read), words: make(map[int32]knownWords)}
	s.write.SetMaxOpenConns(d.writers())
	s.read.SetMaxOpenConns(d.readers())
	s.read.SetMaxIdleConns(d.readers())
	s.sessions = make(chan *session, d.writers())
	for range d.writers() {
		s.sessions <- nil
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the ledger: %w", s.explain(ctx, err)), s.Close())
	}
	return s, nil
}

// prepare makes the tables and gives the ledger its id.
func (s *Store) prepare(ctx context.Context) error {
	if err := s.migrate(ctx); err != nil {
		return err
	}
	id, err := s.identify(ctx)
	s.id = id
	return err
}

// ID names this ledger; it is another for every database and stays when one is
// opened again. It tells the consumer groups of two ledgers apart.
func (s *Store) ID() string { return s.id }

// Close ends the store. Transactions under way fail and are rolled back.
func (s *Store) Close() error {
	s.closed.Store(true)
	for range cap(s.sessions) {
		select {
		case session := <-s.sessions:
			session.close()
			s.sessions <- nil
		default: // a transaction has it, and closes it
		}
	}
	return errors.Join(s.write.Close(), s.read.Close())
}

// explain gives a database's error one of the names of package projections.
func (s *Store) explain(ctx context.Context, err error) error {
	switch {
	case err == nil, errors.Is(err, projections.ErrUnavailable):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%w (%w)", ctx.Err(), err)
	case disconnected(err), s.d.unavailable(err):
		return fmt.Errorf("%w: %w", projections.ErrUnavailable, err)
	}
	return err
}

// disconnected reports whether an error is about the way to the database.
func disconnected(err error) bool {
	var network net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network)
}
