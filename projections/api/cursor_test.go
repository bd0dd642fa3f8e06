package api

import (
	"testing"

	"github.com/ttpstream/ttpstream/projections"
)

// A cursor opens for its question, and for no other.
func FuzzCursor(f *testing.F) {
	f.Add("a", "b", "x")
	f.Add("/tags?rule=R1", "/tags?rule=R2", sealCursor("/tags?rule=R1", "eyJ0IjoxfQ"))
	f.Add("", "", "AQ")
	f.Fuzz(func(t *testing.T, question, at, text string) {
		if len(at) > 0 && len(at) < 256 {
			sealed := sealCursor(question, projections.Cursor(at))
			if got, err := openCursor(question, sealed); err != nil || string(got) != at {
				t.Errorf("%q of %q came back as %q, %v", at, question, got, err)
			}
			if _, err := openCursor(question+"x", sealed); err == nil {
				t.Errorf("%q of %q opened for another question", at, question)
			}
		}
		got, err := openCursor(question, text)
		if err == nil && text != "" && sealCursor(question, got) != text {
			t.Errorf("%q is another spelling of a cursor", text)
		}
	})
}
