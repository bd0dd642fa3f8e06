package match

import (
	"math"
	"strconv"
)

// Value is one value of a field: text, a number or a truth value. The zero
// value is the empty text. Values are compared with ==.
type Value struct {
	text   string
	number float64
	kind   Kind
}

// Kind tells what a [Value] holds.
type Kind uint8

// The kinds of value. KindText is the zero Kind.
const (
	KindText Kind = iota
	KindNumber
	KindBool
)

// Text returns a value that holds s.
func Text(s string) Value { return Value{text: s} }

// Number returns a value that holds n.
func Number(n float64) Value { return Value{number: n, kind: KindNumber} }

// Bool returns a value that holds b.
func Bool(b bool) Value {
	v := Value{kind: KindBool}
	if b {
		v.number = 1
	}
	return v
}

// Kind returns what the value holds.
func (v Value) Kind() Kind { return v.kind }

// String returns the value as text, as it is compared by text modifiers:
// numbers in their shortest decimal form, truth values as true and false.
func (v Value) String() string {
	switch v.kind {
	case KindNumber:
		return strconv.FormatFloat(v.number, 'f', -1, 64)
	case KindBool:
		return strconv.FormatBool(v.number != 0)
	default:
		return v.text
	}
}

// AppendText appends the value as [Value.String] spells it.
func (v Value) AppendText(dst []byte) []byte {
	switch v.kind {
	case KindNumber:
		if n := int64(v.number); -maxExact64 < n && n < maxExact64 && float64(n) == v.number && (n != 0 || !math.Signbit(v.number)) {
			return strconv.AppendInt(dst, n, 10) // the same, faster
		}
		return strconv.AppendFloat(dst, v.number, 'f', -1, 64)
	case KindBool:
		return strconv.AppendBool(dst, v.number != 0)
	default:
		return append(dst, v.text...)
	}
}

// maxExact64 is above every whole number that is spelled without rounding.
const maxExact64 = 1 << 53

// Float returns the value as a number, and whether it is one: a number, or
// text that spells one in decimal.
func (v Value) Float() (float64, bool) {
	switch v.kind {
	case KindNumber:
		return v.number, true
	case KindBool:
		return 0, false
	default:
		if !decimal(v.text) {
			return 0, false
		}
		n, err := strconv.ParseFloat(v.text, 64)
		return n, err == nil
	}
}

// decimal reports whether s is an optional sign, digits, an optional
// fraction, and an optional exponent. It keeps text that is no number away
// from ParseFloat, whose errors allocate and which also reads hex and "inf".
func decimal(s string) bool {
	s = trimSign(s)
	whole := digits(s)
	s = s[whole:]
	fraction := 0
	if len(s) > 0 && s[0] == '.' {
		fraction = digits(s[1:])
		s = s[1+fraction:]
	}
	if whole+fraction == 0 {
		return false
	}
	if len(s) == 0 {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = trimSign(s[1:])
	return len(s) > 0 && digits(s) == len(s)
}

func trimSign(s string) string {
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

// digits returns how many decimal digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
