package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// hostile is a file of everything that goes wrong, each thing between good
// lines, with the reasons that are expected.
func hostile(t *testing.T) (file string, reasons map[string]int64) {
	t.Helper()
	good := fileSpelling
	bad := []struct{ reason, text string }{
		{ReasonNotJSON, `{"eventid":"cowrie.session.connect"`},
		{ReasonNotJSON, good + good},
		{ReasonNotObject, `["cowrie"]`},
		{ReasonLineTooLong, strings.Repeat("x", 50<<20)},
		{ReasonLineTooLong, strings.Replace(good, "echo", strings.Repeat("a", MaxLineBytes), 1)},
		{ReasonNULBytes, strings.Repeat("\x00", 4096)},
		{ReasonNULBytes, good + "\x00"},
		{ReasonNotUTF8, strings.Replace(good, "echo", "\xff\xfe", 1)},
		{ReasonTooDeep, `{"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`},
		{ReasonWrongType, replacedMember("input", "17")},
		{ReasonClock, replacedMember("timestamp", `"1970-01-01T00:00:00Z"`)},
		{ReasonClock, replacedMember("timestamp", `"2100-06-01T00:00:00Z"`)},
		{ReasonNoSource, replacedMember("src_ip", "null")},
		{ReasonFieldTooLong, replacedMember("input", quote(t, strings.Repeat("a", 100_000)))},
	}
	var out strings.Builder
	reasons = map[string]int64{}
	out.WriteString("\xef\xbb\xbf" + good + "\r\n")
	for _, b := range bad {
		out.WriteString(b.text + "\n" + good + "\n")
		reasons[b.reason]++
	}
	out.WriteString("\n  \t\n\r\n" + good) // blank lines, and a last line without end
	return out.String(), reasons
}

func TestHostileLinesStopNothing(t *testing.T) {
	t.Parallel()
	text, reasons := hostile(t)
	sink := &memorySink{}
	var refused []*schemas.DeadLetter
	i := newIngester(t, Options{Sink: sink, OnRefused: func(l *schemas.DeadLetter) { refused = append(refused, l) }})
	if err := i.Reader(t.Context(), "cowrie.json", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	bad := int64(14)
	want := Report{
		Files: 1, Lines: 2*bad + 5, Published: bad + 2, Refused: bad, Blank: 3,
		Topics: map[string]int64{"attacker.command": bad + 2}, Reasons: reasons,
	}
	if diff := cmp.Diff(want, finish(t, i)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	for n, letter := range letters(t, sink.taken()) {
		if letter.Stage != schemas.StageIngest || letter.File != "cowrie.json" || letter.Line != int64(2*n+2) || letter.Detail == "" {
			t.Errorf("letter %d is %+v", n, letter)
		}
		if letter.Truncated != (letter.Size > schemas.MaxDeadLetterPayload) || letter.Size == 0 {
			t.Errorf("letter %d has %d of %d bytes, truncated: %t", n, len(letter.Payload), letter.Size, letter.Truncated)
		}
		if diff := cmp.Diff(letter, refused[n]); diff != "" {
			t.Errorf("OnRefused was told another:\n%s", diff)
		}
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	sink := &memorySink{}
	i := newIngester(t, Options{Sink: sink, Format: Cowrie{}})
	if err := i.Reader(t.Context(), "cowrie.json", strings.NewReader("\n"+fileSpelling+"\nx\n")); err != nil {
		t.Fatal(err)
	}
	got := sink.taken()
	if len(got) != 2 {
		t.Fatalf("%d messages", len(got))
	}
	fact, err := schemas.Decode[schemas.CommandEvent](got[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Topic != topology.AttackerCommand || got[0].Key != fact.AttackerUUID.String() || fact.Command != `echo "hé"` {
		t.Errorf("%s to %s with %+v", got[0].Key, got[0].Topic, fact)
	}
	if got[1].Topic != topology.DeadLetter || got[1].Key != "cowrie.json:3" {
		t.Errorf("the dead letter went to %s under %s", got[1].Topic, got[1].Key)
	}
	for n, want := range []string{"cowrie.json:2", "cowrie.json:3"} {
		if diff := cmp.Diff([]topology.Header{{Key: schemas.HeaderSource, Value: []byte(want)}}, got[n].Headers); diff != "" {
			t.Errorf("headers:\n%s", diff)
		}
	}
}

func TestTooLargeForItsTopic(t *testing.T) {
	t.Parallel()
	sink := &memorySink{limit: 2000}
	i := newIngester(t, Options{Sink: sink})
	text := replacedMember("input", quote(t, strings.Repeat("a", 3000))) + "\n" + fileSpelling + "\n"
	if err := i.Reader(t.Context(), "f", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	r := finish(t, i)
	if r.Published != 1 || r.Reasons[ReasonRecordTooLarge] != 1 {
		t.Errorf("%s", r)
	}
	letter := letters(t, sink.taken())[0]
	if len(letter.Payload) == 0 || !letter.Truncated || letter.Size < 3000 {
		t.Errorf("%d of %d bytes are kept, truncated: %t", len(letter.Payload), letter.Size, letter.Truncated)
	}
}

// With a key, no password leaves as it was typed.
func TestHashedPasswords(t *testing.T) {
	t.Parallel()
	const login = `{"eventid":"cowrie.login.failed","timestamp":"2026-08-21T10:00:15Z","src_ip":"198.51.100.7","username":"root","password":"Pl4nted"}`
	text := login + "\n" + strings.Replace(login, "2026", "1970", 1) + "\n" + strings.Replace(login, `"Pl4nted"`, `""`, 1) + "\n"
	sink := &memorySink{}
	i := newIngester(t, Options{Sink: sink, HashPasswords: []byte("key")})
	if err := i.Reader(t.Context(), "f", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	got := sink.taken()
	for _, m := range got {
		if bytes.Contains(m.Value, []byte("Pl4nted")) {
			t.Errorf("a password is in %s", m.Value)
		}
	}
	hashed, err := schemas.Decode[schemas.AuthEvent](got[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	// printf Pl4nted | openssl dgst -sha256 -hmac key
	if want := "1c7ce4f3c73c9f747b6ae04944f1e72403b1fda09fe91b95200ad9646f8c3897"; hashed.Password != want || !hashed.PasswordHashed {
		t.Errorf("password %q, hashed: %t", hashed.Password, hashed.PasswordHashed)
	}
	if letter := letters(t, got)[0]; len(letter.Payload) != 0 || !letter.Truncated || letter.Size == 0 {
		t.Errorf("the dead letter keeps %q", letter.Payload)
	}
	empty, err := schemas.Decode[schemas.AuthEvent](got[2].Value)
	if err != nil || empty.Password != "" || empty.PasswordHashed {
		t.Errorf("no password became %+v, %v", empty, err)
	}
}

func TestFilesAreDecompressed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := []byte(fileSpelling + "\n" + kafkaSpelling)
	var zipped, twice bytes.Buffer
	for n := range 2 { // as logrotate appends
		z := gzip.NewWriter(&twice)
		if _, err := z.Write(append(bytes.Split(text, []byte("\n"))[n], '\n')); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
	}
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(text); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	zstandard, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"plain.json": text, "a.gz": zipped.Bytes(), "no-suffix": zipped.Bytes(), "members.gz": twice.Bytes(), "b.zst": zstandard.EncodeAll(text, nil),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		sink := &memorySink{}
		i := newIngester(t, Options{Sink: sink})
		if err := i.File(t.Context(), path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		r := finish(t, i)
		if r.Published != 2 || r.Bytes != int64(len(content)) {
			t.Errorf("%s: %d bytes, %s", name, r.Bytes, r)
		}
		if m := sink.taken(); string(m[1].Headers[0].Value) != name+":2" {
			t.Errorf("%s: source %s", name, m[1].Headers[0].Value)
		}
	}
	cut := filepath.Join(dir, "cut.gz")
	if err := os.WriteFile(cut, twice.Bytes()[:twice.Len()-10], 0o644); err != nil {
		t.Fatal(err)
	}
	i := newIngester(t, Options{Sink: &memorySink{}})
	if err := i.File(t.Context(), cut); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a damaged archive: %v", err)
	}
	if r := finish(t, i); r.Published < 1 {
		t.Errorf("what came before the damage: %s", r)
	}
}

func TestErrorsEndReading(t *testing.T) {
	t.Parallel()
	broken := errors.New("not authorised")
	i := newIngester(t, Options{Sink: &memorySink{fail: broken}})
	if err := i.Reader(t.Context(), "f", strings.NewReader(fileSpelling)); !errors.Is(err, broken) {
		t.Errorf("Reader: %v", err)
	}
	if _, err := i.Finish(t.Context()); !errors.Is(err, broken) {
		t.Errorf("Finish: %v", err)
	}
	if err := i.File(t.Context(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("File: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := i.Reader(ctx, "f", strings.NewReader(fileSpelling)); !errors.Is(err, context.Canceled) {
		t.Errorf("Reader: %v", err)
	}
	if _, err := New(Options{}); err == nil {
		t.Error("an ingester without a sink")
	}
}

// Standard input that nobody writes to does not keep the program.
func TestInterruptible(t *testing.T) {
	t.Parallel()
	silent, hand := io.Pipe()
	defer hand.Close()
	ctx, cancel := context.WithCancel(t.Context())
	sink := &memorySink{}
	i := newIngester(t, Options{Sink: sink})
	ended := make(chan error)
	go func() { ended <- i.Reader(ctx, "stdin", interruptible(ctx, silent)) }()
	fmt.Fprintln(hand, fileSpelling)
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Reader: %v", err)
	}
}

func TestReportCheck(t *testing.T) {
	t.Parallel()
	good := Report{Lines: 4, Published: 2, Refused: 1, Blank: 1, Topics: map[string]int64{"a": 2}, Reasons: map[string]int64{"clock": 1}}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	if got, want := good.String(), "4 lines read = 2 published + 1 refused + 1 blank (clock 1)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, change := range []func(*Report){
		func(r *Report) { r.Lines++ }, func(r *Report) { r.Published++ }, func(r *Report) { r.Published++; r.Lines++ },
		func(r *Report) { r.Refused++; r.Lines++ },
	} {
		bad := good.clone()
		change(&bad)
		if bad.Check() == nil {
			t.Errorf("%+v adds up", bad)
		}
	}
}
