package broker

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
)

// listener is the broker's listener on loopback. It knows its connections, so
// that they can be cut at once, and puts a [guard] before each.
type listener struct {
	net.Listener
	log     *slog.Logger
	decoder *decoder // never closed: a guard may be at it

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	shut  bool
}

func listen(o Options) (*listener, error) {
	decoder, err := newDecoder()
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", o.Port))
	if err != nil {
		return nil, err
	}
	return &listener{Listener: ln, log: o.Logger, decoder: decoder, conns: make(map[net.Conn]struct{})}, nil
}

// Accept waits for the next client.
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	tracked := &conn{Conn: c, of: l, guard: guard{log: l.log, decoder: l.decoder}}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shut {
		return nil, errors.Join(net.ErrClosed, c.Close())
	}
	l.conns[c] = struct{}{}
	return tracked, nil
}

// cut closes the listener and every connection. No answer leaves the broker
// after it returns.
func (l *listener) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shut = true
	_ = l.Listener.Close() // kfake closes it again: both errors say no more than that
	for c := range l.conns {
		_ = c.Close() // there is nobody to tell
	}
	clear(l.conns)
}

// conn is one client's connection.
type conn struct {
	net.Conn
	of    *listener
	guard guard
}

// Read reads what the guard lets through.
func (c *conn) Read(p []byte) (int, error) { return c.guard.read(c.Conn, p) }

// Close closes the connection and forgets it.
func (c *conn) Close() error {
	c.of.mu.Lock()
	delete(c.of.conns, c.Conn)
	c.of.mu.Unlock()
	return c.Conn.Close()
}
