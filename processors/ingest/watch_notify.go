package ingest

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// newWaker watches the file's directory, because a watch on the file itself
// would go with it when it is renamed. Where the system has no watches left,
// polling does.
func newWaker(path string, poll time.Duration, log *slog.Logger) (waker, error) {
	w, err := fsnotify.NewWatcher()
	if err == nil {
		err = w.Add(filepath.Dir(path))
	}
	if err != nil {
		log.Warn("no notice of changes is to be had; looking from time to time instead", "path", path, "every", poll, "error", err)
		return pollWaker{poll}, nil
	}
	return &notifyWaker{path: path, poll: pollWaker{poll}, watcher: w}, nil
}

// notifyWaker wakes at what the system tells of the file, and polls besides:
// notices get lost when there are many, and network file systems give none.
type notifyWaker struct {
	path    string
	poll    pollWaker
	watcher *fsnotify.Watcher
}

func (w *notifyWaker) wait(ctx context.Context) error {
	timer := time.NewTimer(w.poll.every)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return nil
		case event, open := <-w.watcher.Events:
			if !open || event.Name == w.path {
				return nil
			}
		case <-w.watcher.Errors: // an overflow: something was missed
			return nil
		}
	}
}

func (w *notifyWaker) close() error { return w.watcher.Close() }
