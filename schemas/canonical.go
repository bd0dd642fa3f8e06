package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// CanonicalJSON returns one spelling for all spellings of a JSON value: keys
// sorted, no white space, the shortest escapes, the last of duplicate keys,
// invalid UTF-8 replaced by U+FFFD. Numbers without point and exponent keep
// their digits, however many; others are written as the shortest decimal that
// reads back as the same float64 (whole ones below 2^53 without point or
// exponent), or as they are where float64 cannot hold them.
// Errors: not exactly one JSON value, or one nested more than 10,000 deep.
func CanonicalJSON(raw []byte) ([]byte, error) {
	value, err := DecodeJSON(raw)
	if err != nil {
		return nil, err
	}
	return CanonicalValue(value)
}

// DecodeJSON decodes exactly one JSON value, keeping numbers as written
// ([json.Number]).
func DecodeJSON(raw []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not JSON: more than one value")
	}
	return value, nil
}

// CanonicalValue is [CanonicalJSON] of a value that [DecodeJSON] returned.
// The value's numbers are rewritten in place.
func CanonicalValue(value any) ([]byte, error) {
	value = canonicalNumbers(value)
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

func canonicalNumbers(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			switch item.(type) {
			case json.Number, map[string]any, []any:
				v[key] = canonicalNumbers(item)
			}
		}
	case []any:
		for i, item := range v {
			v[i] = canonicalNumbers(item)
		}
	case json.Number:
		return canonicalNumber(v)
	}
	return value
}

func canonicalNumber(n json.Number) json.Number {
	if !strings.ContainsAny(string(n), ".eE") {
		if n == "-0" {
			return "0"
		}
		return n
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || math.IsInf(f, 0) {
		return n // beyond float64: as written is the only faithful spelling
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return json.Number(strconv.FormatInt(int64(f), 10))
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}
