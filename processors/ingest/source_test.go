package ingest

import (
	"strings"
	"testing"
)

func TestSourceNamed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{Auto, "cowrie"} {
		s, err := SourceNamed(name)
		if err != nil || s.Name() != name {
			t.Errorf("SourceNamed(%s): %v, %v", name, s, err)
		}
	}
	if _, err := SourceNamed("no-such"); err == nil || !strings.Contains(err.Error(), "auto, cowrie, opencanary") {
		t.Errorf("the error does not list the names: %v", err)
	}
}

func TestAuto(t *testing.T) {
	t.Parallel()
	sink := &memorySink{}
	i := newIngester(t, Options{Sink: sink})
	text := "a banner\n" + `{"action":"NewConnect"}` + "\n" + fileSpelling + "\nbroken\n" + kafkaSpelling + "\n"
	if err := i.Reader(t.Context(), "f", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	r := finish(t, i)
	if r.Published != 2 || r.Reasons[ReasonUnknownFormat] != 2 || r.Reasons[ReasonNotJSON] != 1 {
		t.Errorf("%s", r)
	}
}

func TestAutoLearnsAsItDecodes(t *testing.T) {
	t.Parallel()
	lines := append([][]byte{[]byte("a banner")}, testLines(t)...)
	for _, cut := range []int{0, 1, 2, 40, len(lines) - 1} {
		learnt, whole := auto{}.NewDecoder(), auto{}.NewDecoder()
		for _, l := range lines[:cut] {
			learnt.Learn(l)
			_, _ = whole.Decode(l)
		}
		if got, want := decoded(t, learnt, lines[cut:]), decoded(t, whole, lines[cut:]); got != want {
			t.Errorf("after %d lines learnt: %s\nwant %s", cut, got, want)
		}
	}
}
