package api

import "testing"

// A place has one spelling.
func FuzzVector(f *testing.F) {
	for _, seed := range []string{"", "0", "1.2.3", "01", "-1", "+1", ".", "1..2", "9223372036854775807.0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := parseVector(text)
		if err == nil && v.String() != text {
			t.Errorf("%q came back as %q", text, v)
		}
	})
}
