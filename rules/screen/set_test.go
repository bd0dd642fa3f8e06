package screen

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A set says what its expressions say, over any text shorter than its reach.
func TestSameAsTheExpressions(t *testing.T) {
	t.Parallel()
	patterns := []string{
		`\b(verify|confirm) your (account|password)\b`, `^ab(c|d)`, `x.{0,3}yz`, `[ab]c+d`, `(foo|fob)(bar)?`, `a|b`, `q{2,}u`, `\d{3}`, `(?:ab|a)c$`, `b[cd][ef]g`, `\bcat\b`,
	}
	set := Must(patterns...)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("abcdefgxyzqu 123foverify"))).Draw(t, "text")
		if rapid.Bool().Draw(t, "more") {
			text += rapid.SampledFrom([]string{" verify your account", "abc", "xyyz", "fobar", " cat ", "bceg"}).Draw(t, "word")
		}
		found := make([]bool, set.Len())
		set.Match(text, found)
		for i, pattern := range patterns {
			if want := regexp.MustCompile(pattern).MatchString(text); found[i] != want {
				t.Fatalf("%q in %q: %t, want %t", pattern, text, found[i], want)
			}
		}
	})
}

func TestLongTexts(t *testing.T) {
	t.Parallel()
	set := Must(`\bverify your account\b`, `^start`, `end$`, `never`)
	text := "start " + strings.Repeat("verify this and that ", 500) + "verify your account " + strings.Repeat("x ", 3000) + "end"
	found := make([]bool, set.Len())
	set.Match(text, found)
	if !found[0] || !found[1] || !found[2] || found[3] {
		t.Errorf("%v", found)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for pattern, screened := range map[string]int{
		`\b(verify|confirm) your`: 1, `.*`: 0, `a`: 0, `(?i)verify`: 0, `[a-z]+ing\b`: 1, `(foo|ba[rz])?x`: 0, `x(foo|ba[rz])`: 1, `(a+)bc`: 1,
	} {
		if got := Must(pattern).Screened(); got != screened {
			t.Errorf("%q: %d screened, want %d", pattern, got, screened)
		}
	}
}
