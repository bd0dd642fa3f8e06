package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/ttpstream/ttpstream/projections"
)

// session is a connection that writes, with the statements that it has
// prepared: a small transaction would spend most of its time preparing them
// again. Their number is bounded, since the sizes of lists are.
type session struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// close ends the connection for good. Closing a nil session does nothing.
func (s *session) close() {
	if s == nil {
		return
	}
	for _, stmt := range s.stmts {
		_ = stmt.Close() // SQLite keeps a transaction whose statements are not closed
	}
	// A connection that is in an unknown state must not go back to the pool.
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = s.conn.Close()
}

// work is a transaction under way. ctx bounds it.
type work struct {
	ctx     context.Context
	s       *Store
	session *session
	// rollups are what the transaction does to rollups, in the end.
	rollups projections.Rollups
	// words are those of partitions in this transaction.
	words map[int32]*knownWords
}

// rollbackTimeout bounds taking a transaction back. The connection is dropped
// when it takes longer, which takes it back too.
const rollbackTimeout = 5 * time.Second

// transact runs f in a transaction that is committed when f returns nil.
func (s *Store) transact(ctx context.Context, f func(*work) error) error {
	var sess *session
	select {
	case sess = <-s.sessions:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.sessions <- sess }()
	if sess == nil {
		conn, err := s.write.Conn(ctx)
		if err != nil {
			return s.explain(ctx, err)
		}
		sess = &session{conn, make(map[string]*sql.Stmt)}
	}
	w := &work{ctx: ctx, s: s, session: sess, rollups: make(projections.Rollups), words: make(map[int32]*knownWords)}
	err := w.run(f)
	if err != nil && !w.rollback() || s.closed.Load() {
		sess.close()
		sess = nil
	}
	return s.explain(ctx, err)
}

func (w *work) run(f func(*work) error) error {
	if _, err := w.session.conn.ExecContext(w.ctx, w.s.d.begin()); err != nil {
		return err
	}
	if err := f(w); err != nil {
		return err
	}
	_, err := w.session.conn.ExecContext(w.ctx, "COMMIT")
	return err
}

// rollback reports whether the connection can be used again.
func (w *work) rollback() bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), rollbackTimeout)
	defer cancel()
	_, err := w.session.conn.ExecContext(ctx, "ROLLBACK")
	return err == nil
}

// prepared returns the statement for a query.
func (w *work) prepared(query string) (*sql.Stmt, error) {
	if stmt := w.session.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := w.session.conn.PrepareContext(w.ctx, w.s.d.rebind(query))
	if err != nil {
		return nil, err
	}
	w.session.stmts[query] = stmt
	return stmt, nil
}

func (w *work) exec(query string, args ...any) error {
	stmt, err := w.prepared(query)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(w.ctx, args...)
	return err
}

func (w *work) queryRow(query string, args ...any) (*sql.Row, error) {
	stmt, err := w.prepared(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryRowContext(w.ctx, args...), nil
}

// each calls f for every row of an answer.
func (w *work) each(query string, args []any, f func(rowScanner) error) error {
	stmt, err := w.prepared(query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(w.ctx, args...)
	return eachRow(rows, err, f)
}

// eachRow is the end of a query.
func eachRow(rows *sql.Rows, err error, f func(rowScanner) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
