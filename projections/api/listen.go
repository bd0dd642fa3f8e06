package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// ErrNotLoopback says that Serve was handed a listener that other machines
// reach, and not told that it may be.
var ErrNotLoopback = errors.New("refusing to listen where other machines reach")

const (
	headerPatience = 5 * time.Second
	idlePatience   = 2 * time.Minute
	// closePatience is how long requests have to end once the server stops.
	closePatience = 10 * time.Second
)

// Serve answers on the listener, which it closes, until ctx ends; requests
// under way then have ten seconds to end, live events end at once. It returns
// nil after an orderly end. Errors: [ErrNotLoopback]; those of the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	defer s.Close()
	if !s.o.AllowRemote && !isLoopback(listener.Addr()) {
		return errors.Join(fmt.Errorf("%w: %s", ErrNotLoopback, listener.Addr()), listener.Close())
	}
	server := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headerPatience, ReadTimeout: headerPatience + bodyPatience, IdleTimeout: idlePatience,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(s.o.Logger.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("api: %w", err)
	case <-ctx.Done():
	}
	s.Close()
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), closePatience)
	defer cancel()
	if err := server.Shutdown(patient); err != nil {
		return fmt.Errorf("api: requests did not end: %w", errors.Join(err, server.Close()))
	}
	return nil
}

// isLoopback reports whether only this machine reaches an address.
func isLoopback(addr net.Addr) bool {
	switch a := addr.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}
