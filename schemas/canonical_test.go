package schemas_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas"
)

type canonicalCase struct{ in, want string }

// canonicalCases pins the spelling. Event ids are hashes of it, so a new
// standard library that spells a character otherwise must fail here.
func canonicalCases() []canonicalCase {
	return []canonicalCase{
		{`null`, `null`}, {` true `, `true`}, {`[]`, `[]`}, {`{ }`, `{}`}, {`""`, `""`},
		{`{"b":1,"a":2,"":3,"B":4,"é":5,"aa":6}`, `{"":3,"B":4,"a":2,"aa":6,"b":1,"é":5}`},
		{"[1 ,\t2,\r\n3 ]", `[1,2,3]`},
		{`{"a":1,"a":{"b":1},"a":{"c":2}}`, `{"a":{"c":2}}`},
		{`{"a":1,"\u0061":2}`, `{"a":2}`},
		// Escapes: the shortest, and none for what needs none.
		{`"\u0041\/\u003c\u003e\u0026\u0027"`, `"A/<>&'"`},
		{`"\u0022\u005c"`, `"\"\\"`},
		{`"\u0008\u0009\u000a\u000c\u000d"`, `"\b\t\n\f\r"`},
		{`"\u0000\u0001\u001f\u007f\u0080"`, "\"\\u0000\\u0001\\u001f\u007f\u0080\""},
		{`"\u2028\u2029"`, `"\u2028\u2029"`}, {"\"\u2028\u2029\"", `"\u2028\u2029"`},
		{`"\ud83d\ude00\u00E9"`, "\"\U0001F600é\""},
		{`"\ud800"`, "\"\ufffd\""}, {`"\udc00\ud800x"`, "\"\ufffd\ufffdx\""}, {"\"\xff\xc3\"", "\"\ufffd\ufffd\""},
		{"{\"\xff\":1,\"\ufffd\":2}", "{\"\ufffd\":2}"},
		// Numbers.
		{`[0,-0,-0.0,0.0,0e5,-0E-5]`, `[0,0,0,0,0,0]`},
		{`[1.0,10e-1,1e0,1E+0,100e-2]`, `[1,1,1,1,1]`},
		{`[1.50,15e-1,0.15e1]`, `[1.5,1.5,1.5]`},
		{`[1e2,100,100.0]`, `[100,100,100]`},
		{`12345678901234567890123456789`, `12345678901234567890123456789`},
		{`[9007199254740993,-9223372036854775809]`, `[9007199254740993,-9223372036854775809]`},
		{`[9007199254740991.0,9007199254740992.0]`, `[9007199254740991,9.007199254740992e+15]`},
		{`[0.1,1e-7,123456.75,1e21,1e300]`, `[0.1,1e-07,123456.75,1e+21,1e+300]`},
		{`[0.1000000000000000055511151231257827,3.141592653589793238]`, `[0.1,3.141592653589793]`},
		{`[1e400,-1e400,1e-400]`, `[1e400,-1e400,0]`},
	}
}

func TestCanonicalJSON(t *testing.T) {
	t.Parallel()
	for _, test := range canonicalCases() {
		if got := string(canonical(t, test.in)); got != test.want {
			t.Errorf("CanonicalJSON(%q)\n got %q\nwant %q", test.in, got, test.want)
		}
		if got := string(canonical(t, test.want)); got != test.want {
			t.Errorf("CanonicalJSON is not idempotent on %q: %q", test.want, got)
		}
	}
}

func TestCanonicalJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", " ", "{", "[1,]", "{} {}", "1 2", "nul", "NaN", "01", "1.", "+1", "'a'", "{\"a\":1}\x00", "{a:1}", "\"\x01\"", "\"\\x\"", "\ufeff{}",
	} {
		if got, err := schemas.CanonicalJSON([]byte(raw)); err == nil {
			t.Errorf("CanonicalJSON(%q) = %q", raw, got)
		}
	}
}

// A line of brackets must cost an error and no stack.
func TestCanonicalJSONBoundsNesting(t *testing.T) {
	t.Parallel()
	for _, open := range []string{"[", `{"a":`} {
		for depth, valid := range map[int]bool{1000: true, 9999: true, 10001: false, 1 << 20: false} {
			raw := strings.Repeat(open, depth) + "1" + strings.Repeat(map[string]string{"[": "]", `{"a":`: "}"}[open], depth)
			got, err := schemas.CanonicalJSON([]byte(raw))
			if (err == nil) != valid {
				t.Errorf("%d times %s: %v", depth, open, err)
			}
			if valid && string(got) != raw {
				t.Errorf("%d times %s is spelt otherwise", depth, open)
			}
		}
	}
}

// Whatever the order of keys, the white space and the escapes: one spelling.
func TestCanonicalJSONIsOneSpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := jsonValue(3).Draw(t, "value")
		seed := rapid.Uint64().Draw(t, "seed")
		one, two := speller{rand.New(rand.NewPCG(seed, 1))}, speller{rand.New(rand.NewPCG(seed, 2))}
		a, b := one.spell(value), two.spell(value)
		canonA, err := schemas.CanonicalJSON([]byte(a))
		if err != nil {
			t.Fatalf("%v: %s", err, a)
		}
		canonB, err := schemas.CanonicalJSON([]byte(b))
		if err != nil {
			t.Fatalf("%v: %s", err, b)
		}
		if !bytes.Equal(canonA, canonB) {
			t.Fatalf("%s\n%s\nare one value, spelt\n%s\n%s", a, b, canonA, canonB)
		}
		sameValue(t, []byte(a), canonA)
	})
}

// sameValue fails when two spellings do not decode to one value.
func sameValue(t interface{ Fatalf(string, ...any) }, a, b []byte) {
	decode := func(raw []byte) (value any, err error) { return value, json.Unmarshal(raw, &value) }
	x, err := decode(a)
	if err != nil {
		return // a number beyond float64, which only the canonical form keeps
	}
	y, err := decode(b)
	if err != nil {
		t.Fatalf("canonical form does not decode: %v\n%s", err, b)
	}
	if diff := cmp.Diff(x, y); diff != "" {
		t.Fatalf("canonical form is another value (-want +got):\n%s", diff)
	}
}

// jsonValue yields values: nil, bool, float64, int64, string, []any,
// map[string]any.
func jsonValue(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Just(any(nil)), rapid.Bool().AsAny(), rapid.String().AsAny(), rapid.Int64().AsAny(),
		rapid.Int64Range(-1<<52, 1<<52).AsAny(), rapid.Float64Range(-1e15, 1e15).AsAny(),
	)
	if depth == 0 {
		return leaf
	}
	inner := jsonValue(depth - 1)
	return rapid.OneOf(leaf,
		rapid.SliceOfN(inner, 0, 4).AsAny(),
		rapid.MapOfN(rapid.String(), inner, 0, 4).AsAny(),
	)
}

// speller writes JSON values in one of their many spellings.
type speller struct{ *rand.Rand }

func (s speller) spell(value any) string {
	switch v := value.(type) {
	case string:
		return s.text(v)
	case int64:
		if v > -1<<52 && v < 1<<52 && s.IntN(2) == 0 {
			return strconv.FormatInt(v, 10) + []string{".0", "e0", "E+0", ".00e-0"}[s.IntN(4)]
		}
		return strconv.FormatInt(v, 10)
	case float64:
		return s.number(v)
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = s.spell(item)
		}
		return s.space() + "[" + s.space() + strings.Join(items, s.space()+","+s.space()) + s.space() + "]"
	case map[string]any:
		var pairs []string
		for key, item := range v {
			pairs = append(pairs, s.text(key)+s.space()+":"+s.space()+s.spell(item))
		}
		slices.Sort(pairs)
		s.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
		return "{" + s.space() + strings.Join(pairs, s.space()+","+s.space()) + s.space() + "}"
	}
	if value == nil {
		return "null"
	}
	return fmt.Sprint(value) // a bool
}

func (s speller) space() string {
	return []string{"", "", " ", "\n", "\t ", "\r\n"}[s.IntN(6)]
}

func (s speller) number(x float64) string {
	spelling := strconv.FormatFloat(x, []byte("eEfg")[s.IntN(4)], -1, 64)
	if !strings.ContainsAny(spelling, ".eE") {
		spelling += ".0"
	}
	return spelling
}

func (s speller) text(text string) string {
	out := []byte{'"'}
	for _, r := range text {
		plain := r >= 0x20 && r != '"' && r != '\\'
		switch {
		case plain && s.IntN(3) > 0:
			out = append(out, string(r)...)
		case r >= 0x10000:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04X`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		case r == '/' && s.IntN(2) == 0:
			out = append(out, `\/`...)
		default:
			out = fmt.Appendf(out, []string{`\u%04x`, `\u%04X`}[s.IntN(2)], r)
		}
	}
	return string(append(out, '"'))
}
