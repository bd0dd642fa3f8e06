package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas"
)

// cutAll returns the records that an input is cut into, with their places.
func cutAll(t *testing.T, format Source, name, text string) []string {
	t.Helper()
	i := newIngester(t, Options{Sink: &memorySink{}, Format: format})
	r, _, err := i.cut(name, iotest.HalfReader(strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for {
		l, err := r.next()
		if err != nil {
			if l, ok := r.rest(); ok {
				found = append(found, fmt.Sprintf("%d: %s", l.number, l.text))
			}
			return found
		}
		found = append(found, fmt.Sprintf("%d: %s", l.number, l.text))
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	const box = "From a@b Fri Aug 21 10:00:00 2026\nFrom: a@b\nTo: c@d\nDate: x\n\nhello\n>From me\nFrom here on, no\n\nFrom c@d Fri Aug 21 11:00:00 2026\nFrom: c@d\nTo: e@f\n\nbye\n"
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"lines":                {"f", "{\"a\":1}\n{\"b\":2}\n", []string{`1: {"a":1}`, `2: {"b":2}`}},
		"no last line end":     {"f", "{\"a\":1}\n{\"b\":2}", []string{`1: {"a":1}`, `2: {"b":2}`}},
		"an object over lines": {"f", "{\n \"a\": \"}\\\"\"\n}\n{\n\"b\": 2}\n", []string{"1: {\n \"a\": \"}\\\"\"\n}", "4: {\n\"b\": 2}"}},
		"a list":               {"f", "[\n {\"a\":1},\n {\"b\":[2]}\n]\n", []string{`2: {"a":1}`, `3: {"b":[2]}`}},
		"a list on a line":     {"f", `[{"a":1},{"b":2}]`, []string{`1: {"a":1}`, `1: {"b":2}`}},
		"values":               {"f", `[1, "x,y", null]`, []string{"1: 1", `1: "x,y"`, "1: null"}},
		"not JSON":             {"f", "[1] what\n{oops\nmore", []string{"1: 1", "1: what\n", "2: {oops\nmore"}},
		"words":                {"f", "GET / HTTP/1.1\nHost: x\n", []string{"1: GET / HTTP/1.1", "2: Host: x"}},
		"a mail":               {"f", "From: a@b\nTo: c@d\nSubject: x\n\nFrom me\n{\n", []string{"1: From: a@b\nTo: c@d\nSubject: x\n\nFrom me\n{\n"}},
		"named so":             {"x.eml", "Subject: x\n\nhello", []string{"1: Subject: x\n\nhello"}},
		"a mailbox":            {"f", box, []string{"1: " + box[:strings.Index(box, "From c@d")], "10: " + box[strings.Index(box, "From c@d"):]}},
		"empty":                {"f", "", nil},
		"an empty mail":        {"x.eml", "", nil},
	} {
		if got := cutAll(t, auto{}, c.file, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q\nwant %q", name, got, c.want)
		}
	}
}

// However a list is spelt, its entries are its records, and no byte of any is
// lost.
func TestCutKeepsEveryEntry(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var entries []string
		for i := range rapid.IntRange(0, 6).Draw(rt, "entries") {
			text, err := schemas.EncodeJSON(rapid.StringOf(rapid.SampledFrom([]rune(`{}[]",\ab `))).Draw(rt, "text"))
			if err != nil {
				rt.Fatal(err)
			}
			entries = append(entries, fmt.Sprintf(`{"n":%d,"t":%s,"l":[[],{"x":[]}]}`, i, text))
		}
		gap := rapid.SampledFrom([]string{"", " ", "\n", "\r\n  "}).Draw(rt, "gap")
		document := gap + "[" + gap + strings.Join(entries, gap+","+gap) + gap + "]" + gap
		var got []string
		for _, record := range cutAll(t, auto{}, "f", document) {
			_, text, _ := strings.Cut(record, ": ")
			got = append(got, text)
		}
		if !slices.Equal(got, entries) {
			rt.Fatalf("%q is cut into %q", document, got)
		}
	})
}

// A value without end, and a mail without end, take no more memory than a
// record may have.
func TestCutIsBounded(t *testing.T) {
	t.Parallel()
	sink := &memorySink{}
	i := newIngester(t, Options{Sink: sink})
	if err := i.Reader(t.Context(), "f", strings.NewReader("[{\"a\":\""+strings.Repeat("x", 3*MaxLineBytes)+"\"},{\"b\":1}]")); err != nil {
		t.Fatal(err)
	}
	r := finish(t, i)
	if r.Lines != 2 || r.Reasons[ReasonLineTooLong] != 1 {
		t.Errorf("%s", r)
	}
	if letter := letters(t, sink.taken())[0]; len(letter.Payload) > schemas.MaxDeadLetterPayload || letter.Size < 3*MaxLineBytes {
		t.Errorf("a dead letter with %d bytes of %d", len(letter.Payload), letter.Size)
	}
}

// A file may hold what several sensors wrote; each record goes to its own.
func TestAutoOfAMixedFile(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	want := map[string]int{}
	for _, s := range formats(t) {
		for _, l := range fileLines(t, "sensors/"+s.Name()+".jsonl") {
			text.Write(append(l, '\n'))
		}
		lines := fileLines(t, "sensors/"+s.Name()+".jsonl")
		d := s.NewDecoder()
		for _, l := range lines {
			if facts, err := d.Decode(l); err == nil {
				want[s.Name()] += len(facts)
			}
		}
	}
	total := 0
	for _, n := range want {
		total += n
	}
	sink := &memorySink{}
	i := newIngester(t, Options{Sink: sink})
	if err := i.Reader(t.Context(), "f", strings.NewReader(fileSpelling+"\n"+text.String())); err != nil {
		t.Fatal(err)
	}
	r := finish(t, i)
	if got := sum(r.Topics); got != int64(total)+1 {
		t.Errorf("%d facts, want %d and Cowrie's: %s", got, total, r)
	}
}

func TestOrdinals(t *testing.T) {
	t.Parallel()
	o := newOrdinals(2)
	var got []int
	for _, c := range []byte("aabacab") {
		got = append(got, o.next([16]byte{c}))
	}
	if want := []int{1, 2, 1, 3, 1, 1, 1}; !slices.Equal(got, want) { // with room for two, the oldest is forgotten
		t.Errorf("%v, want %v", got, want)
	}
}
