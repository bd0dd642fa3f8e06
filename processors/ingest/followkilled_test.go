package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/ttpstream/ttpstream/topology"
)

// mortalSink acknowledges on Flush only, and dies at its n-th message: what
// was not acknowledged is gone, as with kill -9.
type mortalSink struct {
	memorySink
	life  int
	acked []topology.Message
}

var errKilled = errors.New("killed")

func (s *mortalSink) Publish(ctx context.Context, m topology.Message) error {
	if s.life--; s.life < 0 {
		return errKilled
	}
	return s.memorySink.Publish(ctx, m)
}

func (s *mortalSink) Flush(ctx context.Context) error {
	s.acked = s.taken()
	return s.memorySink.Flush(ctx)
}

// However often the process is killed, and whatever becomes of the log
// meanwhile, every line is acknowledged in the end.
func TestFollowLosesNothingWhenKilled(t *testing.T) {
	t.Parallel()
	for life := 1; life < 12; life++ {
		t.Run(fmt.Sprintf("after %d", life), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path, state := filepath.Join(dir, "cowrie.json"), filepath.Join(dir, "cowrie.checkpoint")
			acked := map[string]bool{}
			written := 0
			write := func(n int) {
				for range n {
					appendTo(t, path, event(written)+"\n")
					written++
				}
			}
			for run := range 6 {
				write(5)
				killed := runUntilDeadOrIdle(t, path, state, life+run*3, acked)
				if killed == (run%2 == 0) { // rotated while nobody reads
					if err := os.Rename(path, fmt.Sprintf("%s.%d", path, run)); err != nil {
						t.Fatal(err)
					}
				}
			}
			write(1)
			runUntilDeadOrIdle(t, path, state, 1000, acked)
			for n := range written {
				if !acked[fmt.Sprintf("echo %d", n)] {
					t.Errorf("line %d was never acknowledged", n)
				}
			}
		})
	}
}

func runUntilDeadOrIdle(t *testing.T, path, state string, life int, acked map[string]bool) (killed bool) {
	t.Helper()
	sink, w := &mortalSink{life: life}, newStepWaker()
	i := newIngester(t, Options{Sink: sink})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- i.follow(ctx, path, FollowOptions{Checkpoint: state}, w) }()
	select {
	case <-w.idle:
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	case err := <-ended:
		if killed = true; !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
	}
	for _, text := range commands(t, sink.acked) {
		acked[text] = true
	}
	return killed
}
