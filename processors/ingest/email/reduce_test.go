package email

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

var update = flag.Bool("update", false, "rewrite golden files")

func messages(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.eml"))
	if err != nil || len(files) < 4 {
		tb.Fatalf("%d messages, %v", len(files), err)
	}
	return files
}

func read(tb testing.TB, path string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	for _, path := range messages(t) {
		event, err := Reduce(read(t, path), Options{})
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		got, err := json.MarshalIndent(event, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		file := strings.TrimSuffix(path, ".eml") + ".golden"
		if *update {
			if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(read(t, file)), string(got)+"\n"); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
		if bytes.Contains(bytes.ToLower(got), []byte("planted")) {
			t.Errorf("%s: a recipient or a word of the text is in the record", path)
		}
	}
}

func TestWhoseAMessageIs(t *testing.T) {
	t.Parallel()
	const head = "From: a@from.example\nTo: b@home.example\nDate: Fri, 21 Aug 2026 10:00:00 +0000\n"
	relay := netip.MustParsePrefix("203.0.113.0/24")
	for name, c := range map[string]struct {
		received, want string
	}{
		"the last hop":          {"Received: from x ([198.51.100.7]) by y; Fri, 21 Aug 2026 10:00:01 +0000\nReceived: from z ([198.51.100.99]) by x; Fri, 21 Aug 2026 10:00:00 +0000\n", "198.51.100.7"},
		"a private one is ours": {"Received: from x ([10.0.0.5]) by y; Fri, 21 Aug 2026 10:00:01 +0000\nReceived: from z ([198.51.100.7]) by x\n", "198.51.100.7"},
		"a relay is ours":       {"Received: from x ([203.0.113.9]) by y\nReceived: from z ([IPv6:2001:db8::7]) by x\n", "2001:db8::7"},
		"nobody else":           {"Received: from x ([203.0.113.9]) by y\n", ""},
	} {
		event, err := Reduce([]byte(c.received+head+"\nhello"), Options{Relays: []netip.Prefix{relay}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if event.SrcIP != c.want {
			t.Errorf("%s: %q, want %q", name, event.SrcIP, c.want)
		}
		want := schemas.AttackerDomainID("from.example")
		if c.want != "" {
			want = schemas.AttackerID(netip.MustParseAddr(c.want))
		}
		if event.AttackerUUID != want {
			t.Errorf("%s: another attacker", name)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"hello":     ErrNotMail,
		"":          ErrNotMail,
		"A: b\n\nc": ErrNotMail,
		"From: a@b.example\nTo: c@d.example\n\nhello":                                ErrNoTime,
		"From: nobody\nTo: c@d.example\nDate: Fri, 21 Aug 2026 10:00:00 +0000\n\nhi": ErrNoSource,
	} {
		if _, err := Reduce([]byte(text), Options{}); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

// A message is one event in a file and in a mailbox.
func TestCanonical(t *testing.T) {
	t.Parallel()
	want := string(Canonical([]byte("From: a@b.example\n\nx\n")))
	for _, other := range []string{"From a@b.example Fri Aug 21 10:00:00 2026\nFrom: a@b.example\n\nx\n", "From: a@b.example\r\n\r\nx\r\n\r\n", "\nFrom: a@b.example\n\nx"} {
		if got := string(Canonical([]byte(other))); got != want {
			t.Errorf("%q becomes %q", other, got)
		}
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("your account has been limited please confirm who you are by the page that we made for you today ", 3)
	a, b := fingerprint(text), fingerprint(strings.Replace(text, "today", "tomorrow", 1))
	far := fingerprint(strings.Repeat("the meeting of the gardening club is moved to another room behind the old library this spring ", 3))
	if near := Distance(a, b); near > 12 {
		t.Errorf("variants differ in %d bits", near)
	}
	if d := Distance(a, far); d < 16 {
		t.Errorf("two texts differ in %d bits", d)
	}
	if Distance("", a) != 64 || fingerprint("too short") != "" {
		t.Error("a short text has a fingerprint")
	}
}

// Whatever a message is, it becomes a valid record or an error, and no record
// holds a recipient.
func FuzzReduce(f *testing.F) {
	for _, path := range messages(f) {
		f.Add(read(f, path))
	}
	f.Add([]byte("From: =?utf-8?b?4pyT?= <a@b>\nTo: x\nDate: Fri, 21 Aug 2026 10:00:00 +0000\nContent-Type: multipart/mixed\n\n--\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		event, err := Reduce(raw, Options{})
		if err != nil {
			return
		}
		event.EventID = uuid.Max
		if err := event.Validate(); err != nil {
			t.Fatal(err)
		}
	})
}
