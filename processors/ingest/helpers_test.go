package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

var update = flag.Bool("update", false, "rewrite golden files")

// golden compares got with a file under testdata.
func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// fileLines returns the lines of a file under testdata.
func fileLines(tb testing.TB, file string) [][]byte {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.Split(bytes.TrimSuffix(raw, []byte("\n")), []byte("\n"))
}

// testLines returns our own Cowrie lines: of release 3.1.4 and of older ones.
func testLines(tb testing.TB) [][]byte {
	tb.Helper()
	return append(fileLines(tb, "cowrie/release-3.1.4.jsonl"), fileLines(tb, "cowrie/older.jsonl")...)
}

// memorySink keeps what is published. Its zero value takes everything.
type memorySink struct {
	limit int // of a message's size; 0: none

	mu       sync.Mutex
	messages []topology.Message
	flushed  int // how many messages were there at the last Flush
	fail     error
}

func (s *memorySink) CheckSize(m topology.Message) error {
	if size := len(m.Key) + len(m.Value); s.limit > 0 && size > s.limit {
		return fmt.Errorf("%w: %d bytes, at most %d", topology.ErrTooLarge, size, s.limit)
	}
	return nil
}

func (s *memorySink) Publish(_ context.Context, m topology.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	s.messages = append(s.messages, m)
	return nil
}

func (s *memorySink) Flush(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flushed = len(s.messages)
	return s.fail
}

// taken returns what was published so far.
func (s *memorySink) taken() []topology.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]topology.Message(nil), s.messages...)
}

// letters returns the dead letters among the messages.
func letters(t *testing.T, messages []topology.Message) []*schemas.DeadLetter {
	t.Helper()
	var found []*schemas.DeadLetter
	for _, m := range messages {
		if m.Topic.Name != topology.DeadLetter.Name {
			continue
		}
		letter, err := schemas.Decode[schemas.DeadLetter](m.Value)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, letter)
	}
	return found
}

func newIngester(t *testing.T, o Options) *Ingester {
	t.Helper()
	i, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// finish checks that the numbers add up, and returns them.
func finish(t *testing.T, i *Ingester) Report {
	t.Helper()
	r, err := i.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// decoded renders what a decoder makes of lines, as a person would check it.
func decoded(t *testing.T, d Decoder, lines [][]byte) string {
	t.Helper()
	var out strings.Builder
	for i, l := range lines {
		fmt.Fprintf(&out, "line %d: %s\n", i+1, eventName(l))
		facts, err := d.Decode(l)
		var refusal *Refusal
		switch {
		case errors.As(err, &refusal):
			fmt.Fprintf(&out, "  refused: %s\n", refusal)
		case err != nil:
			t.Fatalf("line %d: %v, which is no refusal", i+1, err)
		}
		for _, fact := range facts {
			topic, err := topicOf(fact)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := schemas.EncodeJSON(fact)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "  %s %s\n", topic, raw)
		}
	}
	return out.String()
}

func eventName(l []byte) string {
	var event struct{ Eventid any }
	_ = json.Unmarshal(l, &event)
	return fmt.Sprint(event.Eventid)
}
