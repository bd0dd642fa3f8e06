package schemas_test

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas"
)

// What is not a record comes back as it was, with a reason, and encodes to the
// same bytes again: a dead letter loses nothing.
func TestDecodeOfNonsenseIsMalformed(t *testing.T) {
	t.Parallel()
	valid := string(goldenNamed("command").bytes(t))
	for name, raw := range map[string]string{
		"nothing":         "",
		"null":            "null",
		"a number":        "1",
		"a text":          `"command"`,
		"a list":          "[]",
		"an empty object": "{}",
		"broken":          valid[:len(valid)-1],
		"two records":     valid + valid,
		"trailing NUL":    valid + "\x00",
		"a number field":  `{"command":1,"event_id":[]}`,
		"no uuid":         `{"event_id":"x"}`,
		"an empty uuid":   `{"event_id":""}`,
		"no time":         `{"event_time":"yesterday"}`,
		"a float port":    `{"src_port":1.5}`,
		"beyond int64":    `{"version":9223372036854775808,"size":1e400}`,
		"deep":            strings.Repeat("[", 20000),
		"deep object":     `{"evidence":` + strings.Repeat(`{"a":`, 20000),
		"binary":          "\x00\x01\xff\xfe",
		"half a rune":     `{"command":"` + "\xc3",
	} {
		for _, r := range records() {
			got, err := r.codec.Decode([]byte(raw))
			if err != nil {
				t.Errorf("%s of %s: Decode returned an error: %v", r.name, name, err)
			}
			bad, ok := got.(*schemas.Malformed)
			if !ok || bad.Err == nil || string(bad.Raw) != raw {
				t.Errorf("%s of %s: Decode = %+v", r.name, name, got)
				continue
			}
			if again, err := r.codec.Encode(bad); err != nil || string(again) != raw {
				t.Errorf("%s of %s: Encode = %q, %v", r.name, name, again, err)
			}
		}
	}
}

// goka hands a buffer over that the caller may use again.
func TestMalformedOwnsItsBytes(t *testing.T) {
	t.Parallel()
	raw := []byte("{broken")
	got, _ := schemas.CommandCodec{}.Decode(raw)
	clear(raw)
	if bad := got.(*schemas.Malformed); string(bad.Raw) != "{broken" {
		t.Errorf("Raw changed with the buffer: %q", bad.Raw)
	}
}

func TestUnknownFieldsAreIgnored(t *testing.T) {
	t.Parallel()
	for _, g := range goldens() {
		want := g.bytes(t)
		newer := append([]byte(`{"of_the_future":{"a":[1,2,{"b":null}]},"":0,`), want[1:]...)
		got, _ := recordNamed(g.record).codec.Decode(newer)
		if !reflect.DeepEqual(got, g.value) {
			t.Errorf("%s with unknown fields: %+v", g.name, got)
		}
	}
}

func TestEncodeRefusesOtherTypes(t *testing.T) {
	t.Parallel()
	for _, r := range records() {
		var nilMalformed *schemas.Malformed
		for _, value := range []any{
			nil, 1, "text", []byte("{}"), nilMalformed, struct{}{},
			reflect.ValueOf(r.zero).Elem().Interface(),       // a value, not a pointer
			reflect.Zero(reflect.TypeOf(r.zero)).Interface(), // a nil pointer
			new(struct{ schemas.CommandEvent }),              // has it, is not it
		} {
			if raw, err := r.codec.Encode(value); err == nil {
				t.Errorf("%s: Encode(%T %v) = %q", r.name, value, value, raw)
			}
		}
	}
	event := goldenNamed("session").value.(*schemas.SessionEvent)
	event.DurationSeconds = math.NaN()
	if raw, err := (schemas.SessionCodec{}).Encode(event); err == nil {
		t.Errorf("Encode of NaN = %q", raw)
	}
}

func TestDecodeNamesTheTypeAndEveryProblem(t *testing.T) {
	t.Parallel()
	if _, err := schemas.Decode[schemas.RuleState]([]byte("[]")); err == nil || !strings.Contains(err.Error(), "not a schemas.RuleState: ") {
		t.Errorf("Decode of a list: %v", err)
	}
	_, err := schemas.Decode[schemas.RuleState]([]byte(`{"mode":"off"}`))
	for _, want := range []string{"rule_id: required", `mode: unknown value "off"`, "set_at: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q: %v", want, err)
		}
	}
}

// A record that is valid can be sent, and what arrives is the same: no
// combination of valid fields turns into a dead letter on the way.
func TestValidRecordsSurviveTheWire(t *testing.T) {
	t.Parallel()
	for _, name := range names(goldens()) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				g := goldenNamed(name)
				all := places(g.value)
				for range rapid.IntRange(1, 4).Draw(t, "changes") {
					change(t, rapid.SampledFrom(all).Draw(t, "place"))
				}
				value := remade(g.value)
				if value == nil || value.(validator).Validate() != nil {
					return
				}
				survives(t, recordNamed(g.record).codec, value)
			})
		})
	}
}

func survives(t *rapid.T, codec codec, value any) {
	raw, err := codec.Encode(value)
	if err != nil {
		t.Fatalf("valid, yet Encode fails: %v\n%+v", err, value)
	}
	got, err := codec.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	if bad, ok := got.(*schemas.Malformed); ok {
		t.Fatalf("valid, yet Decode refuses: %v\n%s", bad.Err, raw)
	}
	again, err := codec.Encode(got)
	if err != nil || !bytes.Equal(again, raw) {
		t.Fatalf("changes on the way (%v):\n%s\n%s", err, raw, again)
	}
}

// remade passes a tag through NewTag, which is where tags come from. Nil: it
// was refused.
func remade(value any) any {
	tag, ok := value.(*schemas.Tag)
	if !ok {
		return value
	}
	made, err := schemas.NewTag(*tag)
	if err != nil {
		return nil
	}
	return made
}

// change sets a place to something that may or may not be allowed there.
func change(t *rapid.T, p place) {
	set := func(value any) { p.value.Set(reflect.ValueOf(value).Convert(p.value.Type())) }
	switch p.value.Kind() {
	case reflect.String:
		set(rapid.OneOf(rapid.String(), hostile(), rapid.SampledFrom([]string{"\u2028<&>", "\ufffd", "\x00", "\x7f"})).Draw(t, "text"))
	case reflect.Bool:
		set(rapid.Bool().Draw(t, "flag"))
	case reflect.Int, reflect.Int32, reflect.Int64:
		set(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-2, 70000)).Draw(t, "number"))
	case reflect.Float64:
		set(rapid.OneOf(rapid.Float64(), rapid.Float64Range(0, 1)).Draw(t, "number"))
	case reflect.Slice:
		set(reflect.MakeSlice(p.value.Type(), rapid.IntRange(0, 2).Draw(t, "length"), 2).Interface())
	case reflect.Pointer, reflect.Interface:
		p.value.SetZero()
	case reflect.Struct:
		if p.value.Type() == reflect.TypeFor[time.Time]() {
			seconds := rapid.OneOf(rapid.Int64Range(-1<<36, 1<<38), rapid.Int64Range(946684800, 4102444800)).Draw(t, "seconds")
			zone := time.FixedZone("", rapid.IntRange(-23, 23).Draw(t, "zone")*3600)
			set(time.Unix(seconds, rapid.Int64Range(0, 999999999).Draw(t, "nanoseconds")).In(zone))
		}
	case reflect.Array:
		set(uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid")))
	}
}

func names(goldens []golden) []string {
	var out []string
	for _, g := range goldens {
		out = append(out, g.name)
	}
	return out
}
