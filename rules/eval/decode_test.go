package eval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/rules/match"
)

// everyField is an engine with a rule that looks at every field, or at some.
func engineFor(fields ...string) *match.Engine {
	var all match.Or
	for _, field := range fields {
		all = append(all, match.Exists(field))
	}
	return match.Build([]match.Condition{{Targets: []match.Target{{}}, Expr: all}})
}

// told spells fields as a test compares them.
func told(f *match.Fields) []string {
	out := []string{}
	for _, field := range f.All() {
		var values []string
		for _, v := range field.Values {
			values = append(values, fmt.Sprintf("%d:%s", v.Kind(), v))
		}
		out = append(out, field.Name+"="+strings.Join(values, "|"))
	}
	return out
}

// reference flattens JSON by package encoding/json; ok is false for what is no
// JSON object.
func reference(line []byte) (out []string, ok bool) {
	if !json.Valid(line) || !utf8.Valid(line) || len(bytes.TrimSpace(line)) == 0 || bytes.TrimSpace(line)[0] != '{' {
		return nil, false
	}
	r := &flattener{tokens: json.NewDecoder(bytes.NewReader(line)), at: map[string]int{}}
	r.tokens.UseNumber()
	r.value("", false)
	out = []string{}
	for i, path := range r.order {
		out = append(out, path+"="+strings.Join(r.values[i], "|"))
	}
	return out, true
}

type flattener struct {
	tokens *json.Decoder
	at     map[string]int
	order  []string
	values [][]string
}

func (r *flattener) slot(path string) int {
	at, known := r.at[path]
	if !known {
		at = len(r.order)
		r.at[path] = at
		r.order, r.values = append(r.order, path), append(r.values, nil)
	}
	return at
}

func (r *flattener) value(path string, named bool) {
	token, _ := r.tokens.Token()
	at := 0
	if named {
		at = r.slot(path)
	}
	switch v := token.(type) {
	case json.Delim:
		for r.tokens.More() {
			inner := path
			if v == '{' {
				name, _ := r.tokens.Token()
				if inner = name.(string); path != "" {
					inner = path + "." + inner
				}
			}
			r.value(inner, true)
		}
		_, _ = r.tokens.Token()
	case string:
		r.values[at] = append(r.values[at], "0:"+v)
	case bool:
		r.values[at] = append(r.values[at], fmt.Sprintf("2:%v", v))
	case json.Number:
		n, err := v.Float64()
		if err != nil || !strings.ContainsAny(v.String(), ".eE") && len(v) > exactDigits {
			r.values[at] = append(r.values[at], "0:"+v.String())
		} else {
			r.values[at] = append(r.values[at], "1:"+match.Number(n+0).String()) // no -0
		}
	}
}

func checkDecode(t interface{ Fatalf(string, ...any) }, d *decoder, line []byte) {
	var fields match.Fields
	_, err := d.decode(line, &fields)
	want, ok := reference(line)
	if ok != (err == nil) {
		t.Fatalf("%q: error %v, valid %v", line, err, ok)
	}
	if err == nil {
		if diff := cmp.Diff(want, told(&fields)); diff != "" {
			t.Fatalf("%q: %s", line, diff)
		}
	}
}

func TestDecodeIsTheReference(t *testing.T) {
	t.Parallel()
	d := newDecoder(newWanted(engineFor(match.AnyField), nil))
	for _, line := range []string{
		`{}`, ` {"a" : 1 , "b":[ ] } `, `{"a":{"b":{"c":[1,{"d":"x"},[true,null]]}},"a.b":2}`, `{"a":1,"a":"2"}`, `{"":1}`,
		`{"a":"\u00e9\ud83d\ude00\ud83d\n\/\\\"", "b\u0041":"é"}`, `{"a":-0,"b":1e3,"c":0.5,"d":12345678901234567890,"e":1E+2,"f":-12}`,
		`{"a":01}`, `{"a":1.}`, `{"a":-}`, `{"a":+1}`, `{"a":.5}`, `{"a":1e}`, `{"a":tru}`, `{"a":truex}`, `{"a":nul}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{"a":1 "b":2}`,
		`[1]`, `1`, `"a"`, ``, `{`, `{"a`, `{"a":"`, `{"a":"\`, `{"a":"\u12"}`, `{"a":"\x"}`, `{"a":[1,]}`, `{"a":[1}`, `{} x`, `{"a":1}}`, "{\"a\":\"\x01\"}", "{\"a\":\"\xff\"}",
		`{"a":"exactly8"}`, `{"a":"12345678\""}`, `{"a":"1234567\\"}`, `nope`, `{"a":{"b":1},"a":{"b":2,"c":3}}`,
	} {
		checkDecode(t, d, []byte(line))
	}
}

func TestDecodeOfAnyJSON(t *testing.T) {
	t.Parallel()
	d := newDecoder(newWanted(engineFor(match.AnyField), nil))
	rapid.Check(t, func(t *rapid.T) {
		line, err := json.Marshal(anyObject(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		checkDecode(t, d, line)
		cut := rapid.IntRange(0, len(line)-1).Draw(t, "cut")
		checkDecode(t, d, line[:cut])
	})
}

func anyObject(t *rapid.T, depth int) map[string]any {
	object := map[string]any{}
	for range rapid.IntRange(0, 4).Draw(t, "names") {
		object[rapid.SampledFrom([]string{"a", "b", "cmd.name", "é\"", "a.b", ""}).Draw(t, "name")] = anyValue(t, depth-1)
	}
	return object
}

func anyValue(t *rapid.T, depth int) any {
	switch kind := rapid.IntRange(0, 6).Draw(t, "kind"); {
	case kind == 0 && depth > 0:
		return anyObject(t, depth)
	case kind == 1 && depth > 0:
		list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range list {
			list[i] = anyValue(t, depth-1)
		}
		return list
	case kind == 2:
		return rapid.Float64().Draw(t, "number")
	case kind == 3:
		return rapid.Int64().Draw(t, "whole")
	case kind == 4:
		return rapid.Bool().Draw(t, "bool")
	case kind == 5:
		return nil
	}
	return rapid.String().Draw(t, "text")
}

func TestDecodeKeepsWhatIsAsked(t *testing.T) {
	t.Parallel()
	d := newDecoder(newWanted(engineFor("a", "b.c", "x.y.z"), nil))
	for range 2 { // the second time names are known
		var fields match.Fields
		kind, err := d.decode([]byte(`{"z":"no","a":"\t","b":{"d":1,"c":[1,2]},"x":{"y":{"q":{"r":1},"z":null}},"source_kind":"command"}`), &fields)
		if err != nil || string(kind) != "command" {
			t.Fatal(err, kind)
		}
		if diff := cmp.Diff([]string{"a=0:\t", "b.c=1:1|1:2", "x.y.z="}, told(&fields)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestDecodeIsBounded(t *testing.T) {
	t.Parallel()
	d := newDecoder(newWanted(engineFor(match.AnyField), nil))
	var fields match.Fields
	deep := strings.Repeat(`{"a":`, maxDepth+1) + "1" + strings.Repeat("}", maxDepth+1)
	if _, err := d.decode([]byte(deep), &fields); err == nil {
		t.Error("nested as deep as one likes")
	}
	lists := `{"a":` + strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1) + `}`
	if _, err := d.decode([]byte(lists), &fields); err == nil {
		t.Error("lists as deep as one likes")
	}
	many := `{"a":[1` + strings.Repeat(",1", maxValues) + `]}`
	if _, err := d.decode([]byte(many), &fields); err == nil {
		t.Error("as many values as one likes")
	}
	for i := range maxKeys + 10 {
		fields.Reset()
		if _, err := d.decode(fmt.Appendf(nil, `{"k%d":1,"a":2}`, i), &fields); err != nil || fields.Len() != 2 {
			t.Fatal(err, fields.Len())
		}
	}
	if d.keys > 100 {
		t.Errorf("%d names are remembered", d.keys)
	}
}

// FuzzDecode holds the decoder against encoding/json.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"a":{"b":["x\u0041",1.5,null,true]},"a.b":-3}`))
	f.Add([]byte(`{"a":"\ud83d"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.Count(line, []byte("{"))+bytes.Count(line, []byte("[")) > maxDepth/2 || bytes.ContainsAny(line, "\x00") {
			return
		}
		checkDecode(t, newDecoder(newWanted(engineFor(match.AnyField), nil)), line)
	})
}
