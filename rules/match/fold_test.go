package match

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":            "",
		"wget":        "wget",
		"WGet /TMP":   "wget /tmp",
		"\u212Aelvin": "kelvin", // the Kelvin sign is a k
		"ſudo":        "sudo",   // and the long s an s
		"ÄÖ":          Fold("äö"),
		"\xffA\xfe":   "\xffa\xfe",
		"日本":          "日本",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldIsEqualFold(t *testing.T) {
	t.Parallel()
	letters := rapid.StringOf(rapid.SampledFrom([]rune("aAkK\u212AsSſßẞσςΣµμéÉİıiI日-")))
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		if got, want := Fold(a) == Fold(b), strings.EqualFold(a, b); got != want {
			t.Fatalf("%q %q: folds equal %v, EqualFold %v", a, b, got, want)
		}
	})
}

func TestFoldOfEveryRune(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		fold := foldRune(r)
		if foldRune(fold) != fold {
			t.Fatalf("%U folds to %U, which folds to %U", r, fold, foldRune(fold))
		}
		if !strings.EqualFold(string(r), string(fold)) {
			t.Fatalf("%U folds to %U, which is another letter", r, fold)
		}
	}
}

func TestFoldMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		fold, offsets := foldMap(s)
		if string(fold) != Fold(s) {
			t.Fatalf("fold %q, want %q", fold, Fold(s))
		}
		if len(offsets) != len(fold)+1 || offsets[len(fold)] != len(s) {
			t.Fatalf("offsets %v for %q", offsets, s)
		}
		for i := 1; i < len(offsets); i++ {
			if offsets[i] < offsets[i-1] {
				t.Fatalf("offsets go back: %v", offsets)
			}
		}
	})
}
