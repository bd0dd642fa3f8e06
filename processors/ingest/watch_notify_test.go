package ingest

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"
)

// A write wakes the follower long before it would look by itself.
func TestNotice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "cowrie.json")
	w, err := newWaker(path, time.Hour, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := w.(*notifyWaker); !ok {
		t.Skipf("SKIPPED %s: this system gives no notice of changes", t.Name())
	}
	appendTo(t, path, "x")
	if err := w.wait(t.Context()); err != nil {
		t.Error(err)
	}
	if err := w.close(); err != nil {
		t.Error(err)
	}
}
