package ingest

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas"
)

func readLines(t testing.TB, in io.Reader) (texts []string, r *lineReader) {
	t.Helper()
	r = newLineReader(in)
	for {
		l, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(l.text))
	}
	if l, ok := r.rest(); ok {
		texts = append(texts, string(l.text))
	}
	return texts, r
}

func TestLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"a\nb\n", []string{"a", "b"}},
		{"a\nb", []string{"a", "b"}},
		{"a\r\nb\r\n", []string{"a", "b"}},
		{"\n\n", []string{"", ""}},
		{"\xef\xbb\xbfa\n\xef\xbb\xbfb\n", []string{"a", "\xef\xbb\xbfb"}},
	} {
		for name, in := range map[string]io.Reader{
			"at once": strings.NewReader(c.in), "by the byte": iotest.OneByteReader(strings.NewReader(c.in)),
			"error with data": iotest.DataErrReader(strings.NewReader(c.in)),
		} {
			if got, _ := readLines(t, in); !cmp.Equal(got, c.want) {
				t.Errorf("%q %s: %q, want %q", c.in, name, got, c.want)
			}
		}
	}
}

// A line of 50 MB is counted and let go; the line after it is whole.
func TestLongLine(t *testing.T) {
	t.Parallel()
	const long = 50 << 20
	r := newLineReader(io.MultiReader(strings.NewReader("before\n"),
		io.LimitReader(endless('x'), long), strings.NewReader("\nafter\n")))
	for _, want := range []struct {
		text string
		size int64
		end  int64
	}{
		{"before", 6, 7}, {strings.Repeat("x", schemas.MaxDeadLetterPayload), long, 7 + long + 1}, {"after", 5, 7 + long + 1 + 6},
	} {
		l, err := r.next()
		if err != nil {
			t.Fatal(err)
		}
		if string(l.text) != want.text || l.size != want.size || l.end != want.end {
			t.Errorf("%d bytes of %d, ending at %d; want %d of %d, ending at %d", len(l.text), l.size, l.end, len(want.text), want.size, want.end)
		}
		if (l.check() != nil) != (want.size > MaxLineBytes) {
			t.Errorf("a line of %d bytes: %v", want.size, l.check())
		}
	}
	if held := cap(r.buffer) + cap(r.long); held > 4*MaxLineBytes {
		t.Errorf("%d bytes held", held)
	}
}

type endless byte

func (b endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

func TestLineCheck(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"good": "", "é": "", "a\x00b": ReasonNULBytes, "\x00\x00\x00": ReasonNULBytes, "a\xffb": ReasonNotUTF8, "\xed\xa0\x80": ReasonNotUTF8,
	} {
		l := line{text: []byte(text), size: int64(len(text))}
		got := ""
		if refusal := l.check(); refusal != nil {
			got = refusal.Reason
		}
		if got != want {
			t.Errorf("%q is refused as %q, want %q", text, got, want)
		}
	}
}

// However the bytes come, in one stretch or with ends of what there is in
// between, lines and offsets are the same.
func TestLinesDoNotDependOnChunks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.SampledFrom([]byte("ab\n\r"))).Draw(t, "text")
		text = bytes.ReplaceAll(text, []byte("b"), bytes.Repeat([]byte("b"), rapid.IntRange(1, 2*headBytes).Draw(t, "stretch")))
		var want []string
		for whole := range bytes.Lines(text) {
			want = append(want, string(bytes.TrimSuffix(bytes.TrimSuffix(whole, []byte("\n")), []byte("\r"))))
		}
		var growing bytes.Buffer
		r := newLineReader(&growing)
		var got []string
		for rest := text; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "chunk")
			growing.Write(rest[:n])
			rest = rest[n:]
			for {
				l, err := r.next()
				if err != nil {
					break
				}
				got = append(got, string(l.text))
				if l.end != r.offset || !bytes.HasSuffix(text[:l.end], []byte("\n")) {
					t.Fatalf("line %d ends at %d", l.number, l.end)
				}
			}
			if !bytes.HasPrefix(text, r.begins()) {
				t.Fatal("the file's start is another")
			}
		}
		if l, ok := r.rest(); ok {
			got = append(got, string(l.text))
		}
		if !cmp.Equal(got, want) {
			t.Fatalf("%q, want %q", got, want)
		}
		if r.offset != int64(len(text)) {
			t.Fatalf("offset %d of %d", r.offset, len(text))
		}
	})
}
