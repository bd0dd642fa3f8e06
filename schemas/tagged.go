package schemas

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Topic ttp.tagged carries two records: tags, and the retractions that the
// registrar copies to each of its partitions. No field says which is which;
// the one that only that record has does: a tag has "uuid", a retraction
// "target". Neither record will ever gain the other's field.

// tagStart is how every tag begins that our encoder wrote.
var tagStart = []byte(`{"uuid":`)

// DecodeTagged decodes a record of topic ttp.tagged. Exactly one of the three
// results is set. Errors: neither a "uuid" nor a "target", or not a valid
// record of that kind.
func DecodeTagged(raw []byte) (*Tag, *Retraction, error) {
	isTag, err := holdsTag(raw)
	if err != nil {
		return nil, nil, err
	}
	if isTag {
		tag, err := Decode[Tag](raw)
		return tag, nil, err
	}
	retraction, err := Decode[Retraction](raw)
	return nil, retraction, err
}

// holdsTag reports whether raw, a record of ttp.tagged, is a tag. A null field
// is there: whoever wrote it meant that record.
func holdsTag(raw []byte) (bool, error) {
	if bytes.HasPrefix(raw, tagStart) {
		return true, nil
	}
	var fields struct {
		UUID   jsontext.Value `json:"uuid"`
		Target jsontext.Value `json:"target"`
	}
	if err := unmarshal(raw, &fields); err != nil {
		return false, fmt.Errorf("not a tag or retraction: %w", err)
	}
	if fields.UUID == nil && fields.Target == nil {
		return false, errors.New(`not a tag or retraction: neither "uuid" nor "target"`)
	}
	return fields.UUID != nil, nil
}

// TaggedCodec is the codec of topic ttp.tagged: of a *[Tag] or a *[Retraction].
// Like [Codec], it has the methods of goka's Codec and never fails to decode.
type TaggedCodec struct{}

// Encode returns the JSON of a *Tag or *Retraction, or the raw bytes of a
// *Malformed. Errors: a value of another type, or a nil one.
func (TaggedCodec) Encode(value any) ([]byte, error) {
	if retraction, ok := value.(*Retraction); ok {
		return RetractionCodec{}.Encode(retraction)
	}
	return TagCodec{}.Encode(value)
}

// Decode returns a valid *Tag or *Retraction, or a *Malformed. The error is
// always nil.
func (TaggedCodec) Decode(raw []byte) (any, error) {
	tag, retraction, err := DecodeTagged(raw)
	switch {
	case err != nil:
		return &Malformed{Raw: bytes.Clone(raw), Err: err}, nil
	case tag != nil:
		return tag, nil
	}
	return retraction, nil
}
