package ingest

import (
	"context"
	"time"
)

// waker says when to look again at a followed file.
type waker interface {
	// wait returns when the file may have changed, or when it is time to look
	// in any case. Errors: ctx's.
	wait(ctx context.Context) error
	close() error
}

// pollWaker looks again each time the interval has passed. It is what is left
// where the system tells nothing of changes, as on network file systems.
type pollWaker struct{ every time.Duration }

func (w pollWaker) wait(ctx context.Context) error {
	timer := time.NewTimer(w.every)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (w pollWaker) close() error { return nil }
