package projectiontest

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Faults kill a program, as the database sees it, at one of its statements:
// from there on every call on every connection fails, and connections go away.
// The zero value never does. It is safe for concurrent use.
type Faults struct {
	// At is the call that fails, counted from 1 when Arm is called. 0: none.
	At int
	// Done says that the call that fails is performed: the database did what
	// was asked, and nobody heard of it.
	Done bool
	// Once says that the program lives on: one answer is lost, and that is all.
	Once bool
	// Only counts the calls of one statement. Empty: all.
	Only string

	mu    sync.Mutex
	armed bool
	calls int
	// struck: it has happened. dead: nothing works any more.
	struck, dead bool
}

// errKilled looks like a connection that broke: who is alive tries again.
var errKilled = fmt.Errorf("projectiontest: killed here: %w", io.ErrUnexpectedEOF)

// Arm begins to count.
func (f *Faults) Arm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = true
}

// Struck reports whether the fault has happened.
func (f *Faults) Struck() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.struck
}

// gone reports whether the program is dead.
func (f *Faults) gone() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead
}

// Wrap puts the faults between a store and its driver.
func (f *Faults) Wrap(c driver.Connector) driver.Connector { return faultyConnector{c, f} }

// strikes decides on a call.
func (f *Faults) strikes(query string) (strikes, dead bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return false, true
	}
	if f.armed && (f.Only == "" || f.Only == query) {
		f.calls++
		strikes = f.calls == f.At
	}
	f.struck = f.struck || strikes
	f.dead = strikes && !f.Once
	return strikes, false
}

// call performs what a program asks of its database, or not.
func (f *Faults) call(query string, perform func() error) error {
	strikes, dead := f.strikes(query)
	if dead {
		return errKilled
	}
	if !strikes {
		return perform()
	}
	if f.Done {
		return errors.Join(errKilled, perform())
	}
	return errKilled
}

// answer is call for what returns a value.
func answer[T any](f *Faults, query string, perform func() (T, error)) (value T, err error) {
	var none T
	err = f.call(query, func() (err error) {
		value, err = perform()
		return err
	})
	if err == nil {
		return value, nil
	}
	if closer, ok := any(value).(io.Closer); ok && any(value) != nil {
		closer.Close() // it goes with its program
	}
	return none, err
}

type faultyConnector struct {
	driver.Connector
	f *Faults
}

func (c faultyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := answer(c.f, "", func() (driver.Conn, error) { return c.Connector.Connect(ctx) })
	if err != nil {
		return nil, err
	}
	return faultyConn{conn, c.f}, nil
}
