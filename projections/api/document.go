package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	jsonv2 "github.com/go-json-experiment/json"

	"github.com/ttpstream/ttpstream/projections/printable"
	"github.com/ttpstream/ttpstream/schemas"
)

// document is an answer that is encoded already, so that its ETag is that of
// the very bytes that go out. To huma it looks like a T.
type document[T any] struct{ raw []byte }

// Schema describes a T.
func (document[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

func (d document[T]) bytes() []byte { return d.raw }

// encode makes the JSON of a value, with what a terminal would act on escaped.
func encode(value any) ([]byte, error) {
	raw, err := schemas.EncodeJSON(value)
	if err != nil {
		return nil, err
	}
	return append(printable.JSON(raw), '\n'), nil
}

// etagOf returns the strong validator of a body.
func etagOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// holds reports whether a list of validators, as If-None-Match has it, holds
// etag. The comparison is weak: a proxy may have weakened what we sent.
func holds(list, etag string) bool {
	for candidate := range strings.SplitSeq(list, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == etag {
			return true
		}
	}
	return false
}

// jsonFormat is how bodies are written and read.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, value any) error {
		raw, done := []byte(nil), false
		if d, ok := value.(interface{ bytes() []byte }); ok {
			raw, done = d.bytes(), true
		}
		if !done {
			var err error
			if raw, err = encode(value); err != nil {
				return err
			}
		}
		_, _ = w.Write(raw) // the client may be gone, which is no error of ours
		return nil
	},
	// Each key once, in its own case, valid UTF-8. null is no value: what is
	// not said is left out.
	Unmarshal: func(raw []byte, value any) error {
		if err := jsonv2.Unmarshal(raw, value); err != nil {
			return err
		}
		if decoded, ok := value.(*any); ok {
			if object, ok := (*decoded).(map[string]any); ok && slices.Contains(slices.Collect(maps.Values(object)), nil) {
				return errors.New("null is no value; leave the member out")
			}
		}
		return nil
	},
}
