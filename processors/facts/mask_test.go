package facts

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		secrets    []string
		want       string
	}{
		{"none", "cat a", nil, "cat a"},
		{"long, within a word", "xSecret7y", []string{"Secret7"}, "x***y"},
		{"short, as a word", "sshpass -p a cat a", []string{"a"}, "sshpass -p *** cat ***"},
		{"short, beside punctuation", "u:pw@h -p=pw", []string{"pw"}, "u:***@h -p=***"},
		{"short, in other letters", "éa a", []string{"a"}, "éa ***"},
		{"punctuation has no word around it", "a!!b", []string{"!!"}, "a***b"},
		{"overlapping", "abcdefghij", []string{"abcdef", "defghi"}, "***j"},
		{"touching", "abcdefuvwxyz", []string{"abcdef", "uvwxyz"}, "***"},
		{"everything", "cat a", []string{"zz", ""}, "***"},
		{"everything of nothing", "", []string{""}, ""},
	} {
		if got := Mask(test.text, test.secrets); got != test.want {
			t.Errorf("%s: Mask(%q, %q) = %q, want %q", test.name, test.text, test.secrets, got, test.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value string
		size  int
		want  string
	}{
		{"echo root:Hunter22 | chpasswd", 256, "echo root:*** | chpasswd"},
		{"echo root:Hunter22 | chpasswd", 16, "echo root:***…"},
		{"echo root:Hunter22", 13, "echo root:***"},
		{"echo root:Hunter22", 12, "echo root…"},
		{"ééé", 5, "é…"},
		{"ééé", 2, "é"},
		{"éé", 1, ""},
		{"ab", 0, ""},
		{"ab", -1, ""},
	} {
		if got := Excerpt(test.value, []string{"Hunter22"}, test.size); got != test.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", test.value, test.size, got, test.want)
		}
	}
}

// TestMaskProperties: what Mask returns is the text with spans taken out, and
// no secret of six bytes or more is left outside of masks; an excerpt holds
// no beginning of a secret that the cut went through.
func TestMaskProperties(t *testing.T) {
	t.Parallel()
	letters := rapid.StringMatching(`[abé_ :\-]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		secrets := rapid.SliceOfN(rapid.StringMatching(`[abé_ :\-]{1,9}`), 0, 4).Draw(t, "secrets")
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(letters, rapid.SampledFrom(append(secrets, "x"))), 0, 6).Draw(t, "text"), "")
		got := Mask(text, secrets)
		for _, piece := range strings.Split(got, masked) {
			for _, secret := range secrets {
				if len(secret) >= shortSecret && strings.Contains(piece, secret) {
					t.Fatalf("%q is left in %q of %q", secret, got, text)
				}
			}
		}
		for _, secret := range secrets {
			if text == secret && got != masked {
				t.Fatalf("Mask(%q) = %q", text, got)
			}
		}
		if again := Mask(got, secrets); strings.Count(again, "a") > strings.Count(got, "a") || !utf8.ValidString(got) {
			t.Fatalf("%q, again %q", got, again)
		}
		size := rapid.IntRange(0, 40).Draw(t, "size")
		cut := Excerpt(text, secrets, size)
		if len(cut) > size || !utf8.ValidString(cut) {
			t.Fatalf("Excerpt(%q, %d) = %q", text, size, cut)
		}
		if whole := strings.TrimSuffix(cut, ellipsis); !strings.HasPrefix(got, whole) {
			t.Fatalf("Excerpt %q is no beginning of %q", cut, got)
		}
	})
}

func FuzzMask(f *testing.F) {
	f.Add("echo root:abc | chpasswd", "abc", "root", 12)
	f.Fuzz(func(t *testing.T, text, a, b string, size int) {
		cut := Excerpt(text, []string{a, b}, size)
		if len(cut) > max(size, 0) {
			t.Fatalf("%d bytes, at most %d", len(cut), size)
		}
		if utf8.ValidString(text) && utf8.ValidString(a) && utf8.ValidString(b) && !utf8.ValidString(cut) {
			t.Fatalf("%q is no UTF-8", cut)
		}
	})
}
