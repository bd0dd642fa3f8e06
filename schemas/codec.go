package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"
)

// Record is a pointer to a record type: what travels.
type Record[T any] interface {
	*T
	Validate() error
}

// Malformed stands where a record could not be decoded or is not valid.
type Malformed struct {
	// Raw is what was there. Encoding a Malformed gives it back.
	Raw []byte
	// Err says why it is not a record.
	Err error
}

// Codec turns records of one type into JSON and back. It has the methods of
// goka's Codec. Decode never fails: see [Malformed]. The zero value is ready
// for use.
type Codec[T any, P Record[T]] struct{}

// Encode returns the JSON of a *T, or the raw bytes of a *Malformed. Errors:
// a value of another type, a nil one, or one that JSON cannot hold (a bug:
// Validate refuses it).
func (Codec[T, P]) Encode(value any) ([]byte, error) {
	switch v := value.(type) {
	case P:
		if v != nil {
			return EncodeJSON(v)
		}
	case *Malformed:
		if v != nil {
			return v.Raw, nil
		}
	}
	return nil, fmt.Errorf("codec of %T: cannot encode %T(%v)", *new(T), value, value)
}

// Decode returns a valid *T, or a *Malformed. The error is always nil.
func (Codec[T, P]) Decode(raw []byte) (any, error) {
	record, err := Decode[T, P](raw)
	if err != nil {
		return &Malformed{Raw: bytes.Clone(raw), Err: err}, nil
	}
	return record, nil
}

// Decode returns a valid record. Errors: not JSON of this record, or not
// valid; every problem is named.
func Decode[T any, P Record[T]](raw []byte) (P, error) {
	record := P(new(T))
	if err := unmarshal(raw, record); err != nil {
		return nil, fmt.Errorf("not a %T: %w", *new(T), err)
	}
	if err := record.Validate(); err != nil {
		return nil, err
	}
	return record, nil
}

// unmarshal decodes by the rules of encoding/json/v2, which are stricter where
// that helps (names in their own case, each once, valid UTF-8) and three times
// as fast: decoding is what a processor does most.
func unmarshal(raw []byte, record any) error { return jsonv2.Unmarshal(raw, record) }

// EncodeJSON returns value as one line of JSON without HTML escapes and
// without a final newline: the only spelling that we put on the wire.
func EncodeJSON(value any) ([]byte, error) {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.buffer.Reset()
	if err := e.json.Encode(value); err != nil {
		return nil, err
	}
	return bytes.Clone(bytes.TrimSuffix(e.buffer.Bytes(), []byte("\n"))), nil
}

// encoders keeps encoders and their buffers for the next record.
var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.json = json.NewEncoder(&e.buffer)
	e.json.SetEscapeHTML(false)
	return e
}}

type encoder struct {
	buffer bytes.Buffer
	json   *json.Encoder
}
