package schemas_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
)

func TestDecodeTagged(t *testing.T) {
	t.Parallel()
	for _, g := range goldens() {
		raw := g.bytes(t)
		for spelling, raw := range map[string][]byte{
			"as written": raw, "keys sorted": canonical(t, string(raw)), "indented": append([]byte(" \n"), raw...),
			"newer": append([]byte(`{"of_the_future":{"uuid":1,"target":2},`), raw[1:]...),
		} {
			tag, retraction, err := schemas.DecodeTagged(raw)
			switch want := g.value.(type) {
			case *schemas.Tag:
				if err != nil || retraction != nil || !reflect.DeepEqual(tag, want) {
					t.Errorf("%s, %s: %v, %v, %v", g.name, spelling, tag, retraction, err)
				}
			case *schemas.Retraction:
				if err != nil || tag != nil || !reflect.DeepEqual(retraction, want) {
					t.Errorf("%s, %s: %v, %v, %v", g.name, spelling, tag, retraction, err)
				}
			default:
				if err == nil || tag != nil || retraction != nil {
					t.Errorf("%s, %s: taken for %v, %v", g.name, spelling, tag, retraction)
				}
			}
		}
	}
}

func TestDecodeTaggedNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	tag, retraction := string(goldenNamed("tag_command").bytes(t)), string(goldenNamed("retraction").bytes(t))
	for raw, want := range map[string]string{
		"":                                    "not a tag or retraction: ",
		"[]":                                  "not a tag or retraction: ",
		"null":                                `neither "uuid" nor "target"`,
		"{}":                                  `neither "uuid" nor "target"`,
		`{"event_id":"x"}`:                    `neither "uuid" nor "target"`,
		`{"uuid":null}`:                       "source_kind: ",
		` {"uuid":null,"target":"rule"}`:      "source_kind: ", // both: a tag
		`{"target":null}`:                     `target: unknown value ""`,
		`{"target":"sensor"}`:                 `target: unknown value "sensor"`,
		tag[:len(tag)-1]:                      "not a schemas.Tag: ",
		strings.Replace(tag, "R0012", "X", 1): "is not the id of this tag",
		retraction[:len(retraction)-1]:        "not a tag or retraction: ",
		strings.Replace(tag, `"uuid"`, `"id"`, 1): `neither "uuid" nor "target"`,
	} {
		tag, retraction, err := schemas.DecodeTagged([]byte(raw))
		if tag != nil || retraction != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("DecodeTagged(%.60s) = %v, %v, %v; want an error with %q", raw, tag, retraction, err, want)
		}
	}
}

func TestTaggedCodec(t *testing.T) {
	t.Parallel()
	var codec schemas.TaggedCodec
	for _, name := range []string{"tag_command", "tag_correlation", "retraction", "retraction_tag"} {
		g := goldenNamed(name)
		raw, err := codec.Encode(g.value)
		if err != nil || string(raw) != string(g.bytes(t)) {
			t.Errorf("%s: Encode = %s, %v", name, raw, err)
		}
		if got, err := codec.Decode(raw); err != nil || !reflect.DeepEqual(got, g.value) {
			t.Errorf("%s: Decode = %+v, %v", name, got, err)
		}
	}
	got, err := codec.Decode([]byte("{}"))
	bad, ok := got.(*schemas.Malformed)
	if err != nil || !ok || bad.Err == nil {
		t.Fatalf("Decode of {} = %+v, %v", got, err)
	}
	if raw, err := codec.Encode(bad); err != nil || string(raw) != "{}" {
		t.Errorf("Encode(Malformed) = %q, %v", raw, err)
	}
	for _, value := range []any{nil, (*schemas.Tag)(nil), (*schemas.Retraction)(nil), (*schemas.Malformed)(nil), new(schemas.Fired), "tag"} {
		if raw, err := codec.Encode(value); err == nil {
			t.Errorf("Encode(%T) = %q", value, raw)
		}
	}
}
