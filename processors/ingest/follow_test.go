package ingest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// stepWaker hands each wait to the test: the follower has nothing to read, and
// sleeps until it is told to look again.
type stepWaker struct{ idle, look chan struct{} }

func newStepWaker() *stepWaker {
	return &stepWaker{idle: make(chan struct{}), look: make(chan struct{})}
}

func (w *stepWaker) wait(ctx context.Context) error {
	select {
	case w.idle <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-w.look:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *stepWaker) close() error { return nil }

// again lets the follower look, and waits until it has read all there is.
func (w *stepWaker) again() {
	w.look <- struct{}{}
	<-w.idle
}

// event returns a Cowrie line that is the n-th of its file.
func event(n int) string {
	return fmt.Sprintf(`{"eventid":"cowrie.command.input","timestamp":"2026-08-21T10:00:00.%06dZ","src_ip":"198.51.100.7","session":"a1b2c3d4e5f6","input":"echo %d"}`, n, n)
}

// commands returns the commands among messages, in order.
func commands(t *testing.T, messages []topology.Message) (texts []string) {
	t.Helper()
	for _, m := range messages {
		fact, err := schemas.Decode[schemas.CommandEvent](m.Value)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, fact.Command)
	}
	return texts
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
}

func TestFollowGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, state := filepath.Join(dir, "cowrie.json"), filepath.Join(dir, "cowrie.checkpoint")
	var all []string
	written := 0
	for run := range 3 {
		sink, w := &memorySink{}, newStepWaker()
		i := newIngester(t, Options{Sink: sink})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- i.follow(ctx, path, FollowOptions{Checkpoint: state}, w) }()
		<-w.idle
		for range 2 {
			appendTo(t, path, event(written)+"\n"+event(written+1)+"\n")
			written += 2
			w.again()
		}
		appendTo(t, path, event(written)) // not finished while this run is there
		w.again()
		cancel()
		if err := <-ended; err != nil {
			t.Fatalf("run %d: %v", run, err)
		}
		appendTo(t, path, "\n")
		written++
		r := finish(t, i)
		if want := int64(4 + min(run, 1)); r.Lines != want || r.Published != want {
			t.Errorf("run %d: %s", run, r)
		}
		all = append(all, commands(t, sink.taken())...)
	}
	for n, text := range all {
		if want := fmt.Sprintf("echo %d", n); text != want {
			t.Fatalf("%q is where %q should be in %q", text, want, all)
		}
	}
	if len(all) != written-1 {
		t.Errorf("%d of %d", len(all), written)
	}
}

// A resumed decoder knows what earlier lines of its file said.
func TestFollowLearnsAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, state := filepath.Join(dir, "cowrie.json"), filepath.Join(dir, "cowrie.checkpoint")
	lines := fileLines(t, "cowrie/older.jsonl")
	whole := &memorySink{}
	if err := newIngester(t, Options{Sink: whole}).Reader(t.Context(), "cowrie.json", strings.NewReader(string(joined(lines)))); err != nil {
		t.Fatal(err)
	}
	var parts []topology.Message
	for _, l := range lines {
		appendTo(t, path, string(l)+"\n")
		sink, w := &memorySink{}, newStepWaker()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			ended <- newIngester(t, Options{Sink: sink}).follow(ctx, path, FollowOptions{Checkpoint: state}, w)
		}()
		<-w.idle
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		parts = append(parts, sink.taken()...)
	}
	want := whole.taken()
	if len(parts) != len(want) {
		t.Fatalf("%d messages line by line, %d at once", len(parts), len(want))
	}
	for n := range want {
		if string(parts[n].Value) != string(want[n].Value) || string(parts[n].Headers[0].Value) != string(want[n].Headers[0].Value) {
			t.Errorf("line %d became\n%s %s\nand at once\n%s %s", n+1, parts[n].Headers[0].Value, parts[n].Value, want[n].Headers[0].Value, want[n].Value)
		}
	}
}

func joined(lines [][]byte) []byte {
	var out []byte
	for _, l := range lines {
		out = append(append(out, l...), '\n')
	}
	return out
}

// Follow itself, with whatever tells it of changes here.
func TestFollow(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "cowrie.json")
	appendTo(t, path, event(0)+"\n")
	taken := make(chan string)
	sink := &channelSink{taken: taken}
	i := newIngester(t, Options{Sink: sink})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- i.Follow(ctx, path, FollowOptions{Checkpoint: filepath.Join(dir, "c")}) }()
	first := <-taken
	appendTo(t, path, event(1)+"\n")
	second := <-taken
	if first == second {
		t.Errorf("%s twice", first)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

type channelSink struct {
	memorySink
	taken chan string
}

func (s *channelSink) Publish(_ context.Context, m topology.Message) error {
	s.taken <- string(m.Value)
	return nil
}
