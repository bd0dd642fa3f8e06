package ingest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	box, plain := t.TempDir(), t.TempDir()
	for _, folder := range []string{"cur", "new", "tmp"} {
		if err := os.Mkdir(filepath.Join(box, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string) string {
		path := filepath.Join(box, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	// The first has headers that are too few to be known by: its name says it.
	second := write("cur/1700000002.x:2,S", "From: a@b.example\nDate: Fri, 21 Aug 2026 10:00:00 +0000\n\nhello")
	first := write("new/1700000001.x", "From: a@b.example\nTo: c@d.example\nSubject: x\nDate: Fri, 21 Aug 2026 10:00:00 +0000\n\nhello")
	write("tmp/1700000003.x", "half a mes")
	write("cur/.hidden", "no")
	got, err := Expand([]string{plain, box, "-"})
	if err != nil || !slices.Equal(got, []string{plain, first, second, "-"}) {
		t.Fatalf("%v, %v", got, err)
	}
	i := newIngester(t, Options{Sink: &memorySink{}})
	for _, path := range got[1:3] {
		if err := i.File(t.Context(), path); err != nil {
			t.Fatal(err)
		}
	}
	if r := finish(t, i); r.Published != 2 || r.Refused != 0 {
		t.Errorf("%s", r)
	}
}
