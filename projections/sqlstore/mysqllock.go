package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/ttpstream/ttpstream/projections"
)

// mysqlLocker lets one instance migrate at a time. A connection that goes away
// gives the lock back.
type mysqlLocker struct{}

// The lock's name is the server's, so it has the database's in it, at most 64
// characters in all.
const (
	mysqlLock   = "SELECT GET_LOCK(CONCAT('ttpstream.', MD5(DATABASE())), ?)"
	mysqlUnlock = "SELECT RELEASE_LOCK(CONCAT('ttpstream.', MD5(DATABASE())))"
	// mysqlLockSeconds is how long an instance waits for another's migrations.
	mysqlLockSeconds = 60
)

// SessionLock waits for its turn.
func (mysqlLocker) SessionLock(ctx context.Context, conn *sql.Conn) error {
	var got sql.NullInt64
	if err := conn.QueryRowContext(ctx, mysqlLock, mysqlLockSeconds).Scan(&got); err != nil {
		return fmt.Errorf("waiting for another migration: %w", err)
	}
	if got.Int64 != 1 {
		return fmt.Errorf("%w: another instance migrates it for more than %d s", projections.ErrUnavailable, mysqlLockSeconds)
	}
	return nil
}

// SessionUnlock gives the turn back.
func (mysqlLocker) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	var released sql.NullInt64
	if err := conn.QueryRowContext(ctx, mysqlUnlock).Scan(&released); err != nil {
		return err
	}
	if released.Int64 != 1 {
		return errors.New("the lock of migrations was not ours any more")
	}
	return nil
}
