package match

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Bounds on what is judged and on what may be asked for.
const (
	// MaxValueBytes is how much of one value is looked at.
	MaxValueBytes = 64 << 10
	// MaxPatternBytes is the longest text or regular expression of a
	// predicate that a constructor takes.
	MaxPatternBytes = 4 << 10
)

// Op is what a predicate tests.
type Op uint8

// The operations. Text operations compare folded text unless the predicate is
// cased.
const (
	// OpEquals: the whole value is the text.
	OpEquals Op = iota + 1
	// OpContains: the text is somewhere in the value. An empty text is in
	// every value.
	OpContains
	// OpPrefix and OpSuffix: the value begins, ends with the text.
	OpPrefix
	OpSuffix
	// OpGlob: the whole value fits a pattern with wildcards inside.
	OpGlob
	// OpRegex: the expression is found somewhere in the value.
	OpRegex
	// OpCIDR: the value is an address, with or without a port, in the network.
	OpCIDR
	// OpLess and its like: the value is a number that compares so.
	OpLess
	OpLessEqual
	OpGreater
	OpGreaterEqual
	// OpExists: the field is there, if without a value.
	OpExists
	// OpNull: the field has no value, or is not there at all.
	OpNull
)

var opNames = [...]string{
	OpEquals: "equals", OpContains: "contains", OpPrefix: "startswith", OpSuffix: "endswith", OpGlob: "wildcards",
	OpRegex: "re", OpCIDR: "cidr", OpLess: "lt", OpLessEqual: "lte", OpGreater: "gt", OpGreaterEqual: "gte",
	OpExists: "exists", OpNull: "null",
}

// String returns the operation's name, close to the modifier that asks for it.
func (op Op) String() string {
	if int(op) < len(opNames) && opNames[op] != "" {
		return opNames[op]
	}
	return "op(" + strconv.Itoa(int(op)) + ")"
}

// AnyField as a predicate's field means every field of scope and base: Sigma's
// keywords, which are searched in the whole event.
const AnyField = ""

// Predicate is one test of one field. It is immutable and made by the
// constructors below, which is why it cannot be wrong.
type Predicate struct {
	field string
	op    Op
	cased bool
	// text is what OpEquals to OpSuffix compare with, folded unless cased.
	text string
	// source is what the author wrote.
	source string
	parts  []part
	re     *regexp.Regexp
	dfa    *dfa // decides what re does, faster
	// needs: of each clause, one text is in the fold of every value that the
	// expression or pattern fits; the most telling clause is first. Empty if
	// nothing of the kind is known.
	needs  []clause
	number float64
	net    netip.Prefix
}

// Like returns the test for a pattern, by the cheapest operation that does it.
// The pattern may have at most MaxPatternBytes.
func Like(field string, pattern Pattern, cased bool) *Predicate {
	op, text := pattern.shape()
	p := &Predicate{field: field, op: op, cased: cased, text: text, source: pattern.source}
	if !cased {
		p.text = Fold(text)
	}
	if op == OpGlob {
		p.parts = pattern.parts
		if !cased {
			p.parts = pattern.folded()
		}
		p.needs = globNeeds(pattern.folded())
	}
	return p
}

// Regex returns the test for an RE2 expression with the flags "i", "m" and
// "s" in any order. The error says what is wrong with the expression.
func Regex(field, expression, flags string) (*Predicate, error) {
	if len(expression) > MaxPatternBytes {
		return nil, fmt.Errorf("expression of %d bytes, at most %d", len(expression), MaxPatternBytes)
	}
	source := expression
	if flags != "" {
		if strings.Trim(flags, "ims") != "" {
			return nil, fmt.Errorf("unknown flags in %q: i, m and s are known", flags)
		}
		source = "(?" + flags + ")" + expression
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return nil, err
	}
	return &Predicate{field: field, op: OpRegex, cased: true, source: source, re: re, dfa: newDFA(source), needs: regexNeeds(source)}, nil
}

// CIDR returns the test for a network, "10.0.0.0/8" or "2001:db8::/32", or a
// single address.
func CIDR(field, network string) (*Predicate, error) {
	net, err := netip.ParsePrefix(network)
	if addr, addrErr := netip.ParseAddr(network); addrErr == nil {
		net, err = addr.Prefix(addr.BitLen())
	}
	if err != nil {
		return nil, fmt.Errorf("%q is no network: want ADDRESS/BITS", network)
	}
	if addr := net.Addr(); addr.Is4In6() && net.Bits() >= 96 {
		net = netip.PrefixFrom(addr.Unmap(), net.Bits()-96)
	}
	return &Predicate{field: field, op: OpCIDR, source: network, net: net.Masked()}, nil
}

// Compare returns the test of a number; op is one of OpLess to OpGreaterEqual,
// and any other never holds.
func Compare(field string, op Op, number float64) *Predicate {
	return &Predicate{field: field, op: op, number: number, source: strconv.FormatFloat(number, 'f', -1, 64)}
}

// Exists returns the test that the field is there.
func Exists(field string) *Predicate { return &Predicate{field: field, op: OpExists, source: "exists"} }

// Null returns the test that the field has no value.
func Null(field string) *Predicate { return &Predicate{field: field, op: OpNull, source: "null"} }

// Field returns the name of the field, or AnyField.
func (p *Predicate) Field() string { return p.field }

// Op returns what is tested.
func (p *Predicate) Op() Op { return p.op }

// Cased reports whether case matters. Regular expressions say it themselves.
func (p *Predicate) Cased() bool { return p.cased }

// Text returns what OpEquals, OpContains, OpPrefix and OpSuffix compare with,
// folded unless the predicate is cased.
func (p *Predicate) Text() string { return p.text }

// Source returns what the author wrote: pattern, expression with its flags,
// network or number.
func (p *Predicate) Source() string { return p.source }

// Number returns what a comparison compares with.
func (p *Predicate) Number() float64 { return p.number }

// Needs returns folded texts of which one is in the fold of every value that
// an expression or a pattern with wildcards fits; none means that it is tried
// on every value. The slice must not be changed.
func (p *Predicate) Needs() []string {
	if len(p.needs) == 0 {
		return nil
	}
	return p.needs[0]
}

// Passes reports whether a value of the field would pass. Tests of the field
// itself (exists, null) pass no value.
func (p *Predicate) Passes(v Value) bool {
	ok, _ := p.matches(v, nil)
	return ok
}

// matches reports whether v passes. buf is room to work in, returned for the
// next call.
func (p *Predicate) matches(v Value, buf []byte) (bool, []byte) {
	if p.op >= OpLess && p.op <= OpGreaterEqual {
		return p.compare(v), buf
	}
	text := capped(v)
	if p.op == OpGlob && !p.cased {
		buf = appendFold(buf[:0], text)
		return glob(p.parts, buf), buf
	}
	return p.fits(p.view(text)), buf
}

// view returns text as the predicate compares it: folded unless case matters.
func (p *Predicate) view(text string) string {
	if p.cased || p.op == OpCIDR {
		return text
	}
	return Fold(text)
}

// capped returns the value's text, as much of it as is looked at.
func capped(v Value) string {
	text := v.String()
	if len(text) > MaxValueBytes {
		return text[:MaxValueBytes]
	}
	return text
}

func (p *Predicate) compare(v Value) bool {
	n, ok := v.Float()
	if !ok {
		return false
	}
	switch p.op {
	case OpLess:
		return n < p.number
	case OpLessEqual:
		return n <= p.number
	case OpGreater:
		return n > p.number
	default:
		return n >= p.number
	}
}

// fits tests text as view gives it.
func (p *Predicate) fits(text string) bool {
	switch p.op {
	case OpEquals:
		return text == p.text
	case OpContains:
		return strings.Contains(text, p.text)
	case OpPrefix:
		return strings.HasPrefix(text, p.text)
	case OpSuffix:
		return strings.HasSuffix(text, p.text)
	case OpGlob:
		return glob(p.parts, text)
	case OpRegex:
		if p.dfa != nil {
			if found, ok := p.dfa.find(text); ok {
				return found
			}
		}
		return p.re.MatchString(text)
	case OpCIDR:
		addr, ok := address(text)
		return ok && p.net.Contains(addr)
	}
	return false
}
