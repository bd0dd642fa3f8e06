package schemas_test

import (
	"bytes"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
)

// FuzzDecode feeds any bytes to every codec: each returns a valid record or
// the bytes with a reason; what it returns encodes, and what a record encodes
// to decodes to the same.
func FuzzDecode(f *testing.F) {
	for _, g := range goldens() {
		f.Add(g.bytes(f))
	}
	for _, seed := range []string{"", "null", "{}", "[]", `{"uuid":null}`, `{"target":"rule"}`, `{"evidence":null,"source_kind":"command"}`, `{"EVIDENCE":{},"evidence":[]}`} {
		f.Add([]byte(seed))
	}
	codecs := []codec{schemas.TaggedCodec{}}
	for _, r := range records() {
		codecs = append(codecs, r.codec)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, c := range codecs {
			fuzzOne(t, c, bytes.Clone(raw))
		}
	})
}

func fuzzOne(t *testing.T, c codec, raw []byte) {
	got, err := c.Decode(raw)
	if err != nil {
		t.Fatalf("%T: Decode returned an error: %v", c, err)
	}
	encoded, err := c.Encode(got)
	if err != nil {
		t.Fatalf("%T: Encode of what Decode returned: %v", c, err)
	}
	if bad, ok := got.(*schemas.Malformed); ok {
		if !bytes.Equal(encoded, raw) || bad.Err == nil {
			t.Fatalf("%T: Malformed holds %q (%v)", c, encoded, bad.Err)
		}
		return
	}
	if err := got.(validator).Validate(); err != nil {
		t.Fatalf("%T: decoded, yet not valid: %v", c, err)
	}
	again, err := c.Decode(encoded)
	if err != nil {
		t.Fatal(err)
	}
	if twice, err := c.Encode(again); err != nil || !bytes.Equal(twice, encoded) {
		t.Fatalf("%T: changes on the way (%v):\n%s\n%s", c, err, encoded, twice)
	}
}

// FuzzCanonicalJSON: one spelling, which is its own spelling, and which the
// plain decoder reads as the same value.
func FuzzCanonicalJSON(f *testing.F) {
	for _, g := range goldens() {
		f.Add(g.bytes(f))
	}
	for _, test := range canonicalCases() {
		f.Add([]byte(test.in))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		once, err := schemas.CanonicalJSON(raw)
		if err != nil {
			return
		}
		twice, err := schemas.CanonicalJSON(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("not idempotent (%v):\n%s\n%s", err, once, twice)
		}
		sameValue(t, raw, once)
		spaced := append(append([]byte(" \r\n\t"), raw...), "\n "...)
		if again, err := schemas.CanonicalJSON(spaced); err != nil || !bytes.Equal(once, again) {
			t.Fatalf("white space matters (%v):\n%s\n%s", err, once, again)
		}
	})
}
