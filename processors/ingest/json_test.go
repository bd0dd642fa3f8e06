package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/schemas"
)

func all(*member) bool { return true }

func TestObjectSpellsAsCanonicalJSON(t *testing.T) {
	t.Parallel()
	for _, text := range objects {
		var o object
		if err := o.parse([]byte(text)); err != nil {
			t.Errorf("parse(%s): %v", text, err)
			continue
		}
		want, err := schemas.CanonicalJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(o.appendCanonical(nil, all))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

var objects = []string{
	`{}`, ` { } `, `{"a":1}`, `{"b":1,"a":2}`, `{ "b" : 1 , "a" : "x" }`, `{"a":1,"a":2,"b":3,"a":null}`,
	`{"a":"\u0041\n\"\\\/é","\u0062":"<&>"}`, `{"a":"` + "\u2028\u2029 é ☃ 😀" + `"}`, `{"a":"\ud800"}`, `{"a":"\ud83d\ude00"}`,
	`{"a":[]}`, `{"a":["x","y"]}`, `{"a":["x", "y z, w"]}`, `{"a":["x" ,"y"]}`, `{"a":["x",1]}`, `{"a":["\n"]}`, `{"a":["x",["y"]]}`,
	`{"a":0,"b":-0,"c":-1,"d":1.50,"e":1e2,"f":12345678901234567890,"g":1.6e-7}`,
	`{"a":true,"b":false,"c":null}`, `{"a":{"z":1,"b":[{"d":"]}\""}]}}`, `{"":""}`, "{\"a\":\"\x7f\"}",
}

func TestObjectRefuses(t *testing.T) {
	t.Parallel()
	for text, reason := range map[string]string{
		``: ReasonNotJSON, `x`: ReasonNotJSON, `[]`: ReasonNotObject, `"x"`: ReasonNotObject, `12`: ReasonNotObject, `null`: ReasonNotObject,
		`{`: ReasonNotJSON, `{"a"`: ReasonNotJSON, `{"a":`: ReasonNotJSON, `{"a":1`: ReasonNotJSON, `{"a":1,`: ReasonNotJSON, `{"a":1,}`: ReasonNotJSON,
		`{"a" 1}`: ReasonNotJSON, `{a:1}`: ReasonNotJSON, `{"a":1}{}`: ReasonNotJSON, `{"a":1} x`: ReasonNotJSON, `{"a":"x}`: ReasonNotJSON,
		"{\"a\":\"\n\"}": ReasonNotJSON, `{"a":"\x"}`: ReasonNotJSON, `{"a":"\u12"}`: ReasonNotJSON, `{"a":"\`: ReasonNotJSON,
		`{"a":01}`: ReasonNotJSON, `{"a":-}`: ReasonNotJSON, `{"a":1.}`: ReasonNotJSON, `{"a":.5}`: ReasonNotJSON, `{"a":+1}`: ReasonNotJSON, `{"a":1e}`: ReasonNotJSON,
		`{"a":nul}`: ReasonNotJSON, `{"a":nullx}`: ReasonNotJSON, `{"a":["x",]}`: ReasonNotJSON, `{"a":["x"}`: ReasonNotJSON, `{"a":[1,2}`: ReasonNotJSON, `{"a":["x"`: ReasonNotJSON,
		`{"a":` + strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth) + `}`:     "",
		`{"a":` + strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1) + `}`: ReasonTooDeep,
		strings.Repeat(`{"a":`, 100_000):                                                  ReasonTooDeep,
	} {
		var o object
		if got := reasonOf(o.parse([]byte(text))); got != reason {
			t.Errorf("parse(%.40q) is refused as %q, want %q", text, got, reason)
		}
	}
}

func reasonOf(err error) string {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// What object accepts and how it spells it is what encoding/json does, but
// for depth.
func FuzzObject(f *testing.F) {
	for _, text := range objects {
		f.Add([]byte(text))
	}
	for _, l := range testLines(f) {
		f.Add(l)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) {
			return // refused before it comes here
		}
		var o object
		err := o.parse(raw)
		if reasonOf(err) == ReasonTooDeep {
			return
		}
		var reference map[string]any
		valid := json.Unmarshal(raw, &reference) == nil && reference != nil
		if (err == nil) != valid {
			t.Fatalf("parse: %v; encoding/json accepts: %v", err, valid)
		}
		if !valid {
			return
		}
		want, err := schemas.CanonicalJSON(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.appendCanonical(nil, all); !bytes.Equal(got, want) {
			t.Fatalf("spelt %s, want %s", got, want)
		}
		for name, value := range reference {
			m := o.get(name)
			if m == nil {
				t.Fatalf("%q is missing", name)
			}
			if text, ok := value.(string); ok && (m.kind != kindString || string(m.text) != text) {
				t.Fatalf("%q is %s %q, want %q", name, m.kind, m.text, text)
			}
		}
	})
}
