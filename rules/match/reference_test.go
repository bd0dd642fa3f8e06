package match

import (
	"net/netip"
	"strconv"
	"strings"

	"pgregory.net/rapid"
)

// The reference decides conditions from their definition and shares nothing
// with the engine: letters are compared by strings.EqualFold, patterns through
// regexp, numbers and networks by the standard library.

func refHolds(e Expr, ev *Event) bool {
	if len(ev.Scopes) == 0 {
		return refScope(e, &Fields{}, &ev.Base)
	}
	for i := range ev.Scopes {
		if refScope(e, &ev.Scopes[i], &ev.Base) {
			return true
		}
	}
	return false
}

func refScope(e Expr, scope, base *Fields) bool {
	switch e := e.(type) {
	case And:
		for _, part := range e {
			if !refScope(part, scope, base) {
				return false
			}
		}
		return true
	case Or:
		for _, part := range e {
			if refScope(part, scope, base) {
				return true
			}
		}
		return false
	case Not:
		return !refScope(e.Expr, scope, base)
	case *Predicate:
		return refPredicate(e, scope, base)
	}
	return false
}

func refPredicate(p *Predicate, scope, base *Fields) bool {
	values, there := scope.Lookup(p.field)
	if !there {
		values, there = base.Lookup(p.field)
	}
	if p.field == AnyField {
		values, there = nil, scope.Len()+base.Len() > 0
		for _, f := range append(append([]Field(nil), scope.All()...), base.All()...) {
			values = append(values, f.Values...)
		}
	}
	switch p.op {
	case OpExists:
		return there
	case OpNull:
		return len(values) == 0
	}
	for _, v := range values {
		if refValue(p, v) {
			return true
		}
	}
	return false
}

func refValue(p *Predicate, v Value) bool {
	text := v.String()
	switch p.op {
	case OpLess, OpLessEqual, OpGreater, OpGreaterEqual:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || v.Kind() == KindBool {
			return false
		}
		return p.op == OpLess && n < p.number || p.op == OpLessEqual && n <= p.number ||
			p.op == OpGreater && n > p.number || p.op == OpGreaterEqual && n >= p.number
	case OpRegex:
		return p.re.MatchString(text)
	case OpCIDR:
		addr, err := netip.ParseAddr(text)
		if err != nil {
			port, portErr := netip.ParseAddrPort(text)
			addr, err = port.Addr(), portErr
		}
		return err == nil && p.net.Contains(addr.Unmap().WithZone(""))
	}
	pattern := ParsePattern(p.source)
	switch p.op {
	case OpContains:
		pattern = Literal(strings.Trim(p.source, "*")).Contains()
	case OpPrefix:
		pattern = Literal(strings.Trim(p.source, "*")).StartsWith()
	case OpSuffix:
		pattern = Literal(strings.Trim(p.source, "*")).EndsWith()
	}
	return asRegexp(pattern, p.cased).MatchString(text)
}

// Few names, letters and shapes, so that conditions and events meet.
var (
	genName = rapid.SampledFrom([]string{"a", "b", "c", "d"})
	genWord = rapid.OneOf(
		rapid.StringOfN(rapid.SampledFrom([]rune("abAB-É")), 0, 4, -1),
		rapid.SampledFrom([]string{"wget", "wget http://x/y", "/etc/shadow", "10.1.2.3", "::1", "22", "7.5", "true", "abba", "\u212Aernel", "kernel"}),
	)
	genExpression = rapid.SampledFrom([]string{"a", "^ab", "(wget|curl) ", "[0-9]+", "(?i)KERNEL", "b.*a$", "", "é|É", "/etc/(passwd|shadow)"})
	genNetwork    = rapid.SampledFrom([]string{"10.0.0.0/8", "::1/128", "0.0.0.0/0", "192.0.2.0/24"})
)

func genPredicate(t *rapid.T) Expr {
	field := rapid.OneOf(genName, genName, genName, rapid.Just(AnyField)).Draw(t, "field")
	cased := rapid.IntRange(0, 3).Draw(t, "cased") == 0
	switch rapid.IntRange(0, 9).Draw(t, "op") {
	case 0:
		p, err := Regex(field, genExpression.Draw(t, "expression"), rapid.SampledFrom([]string{"", "i", "ms"}).Draw(t, "flags"))
		if err != nil {
			t.Fatal(err)
		}
		return p
	case 1:
		p, err := CIDR(field, genNetwork.Draw(t, "network"))
		if err != nil {
			t.Fatal(err)
		}
		return p
	case 2:
		op := rapid.SampledFrom([]Op{OpLess, OpLessEqual, OpGreater, OpGreaterEqual}).Draw(t, "compare")
		return Compare(field, op, rapid.SampledFrom([]float64{0, 7.5, 22}).Draw(t, "number"))
	case 3:
		return Exists(field)
	case 4:
		return Null(field)
	case 5:
		return Like(field, ParsePattern(rapid.StringOfN(rapid.SampledFrom([]rune("abA*?")), 0, 5, -1).Draw(t, "glob")), cased)
	case 6:
		return Like(field, Literal(genWord.Draw(t, "word")), cased)
	case 7:
		return Like(field, Literal(genWord.Draw(t, "word")).StartsWith(), cased)
	case 8:
		return Like(field, Literal(genWord.Draw(t, "word")).EndsWith(), cased)
	default:
		return Like(field, Literal(genWord.Draw(t, "word")).Contains(), cased)
	}
}

func genExpr(t *rapid.T, depth int) Expr {
	if depth == 0 {
		return genPredicate(t)
	}
	switch rapid.IntRange(0, 4).Draw(t, "node") {
	case 0:
		return Not{genExpr(t, depth-1)}
	case 1, 2:
		parts := make(And, rapid.IntRange(0, 3).Draw(t, "and"))
		for i := range parts {
			parts[i] = genExpr(t, depth-1)
		}
		return parts
	case 3:
		parts := make(Or, rapid.IntRange(0, 4).Draw(t, "or"))
		for i := range parts {
			parts[i] = genExpr(t, depth-1)
		}
		return parts
	}
	return genPredicate(t)
}

func genFields(t *rapid.T, f *Fields) {
	for range rapid.IntRange(0, 4).Draw(t, "fields") {
		name := genName.Draw(t, "name")
		switch rapid.IntRange(0, 5).Draw(t, "value") {
		case 0:
			f.AddNull(name)
		case 1:
			f.AddFloat(name, rapid.SampledFrom([]float64{0, 7.5, 22, 100}).Draw(t, "number"))
		case 2:
			f.AddBool(name, rapid.Bool().Draw(t, "bool"))
		default:
			f.Add(name, genWord.Draw(t, "text"))
		}
	}
}

func genEvent(t *rapid.T) *Event {
	ev := &Event{}
	genFields(t, &ev.Base)
	for range rapid.IntRange(0, 3).Draw(t, "scopes") {
		genFields(t, ev.NewScope())
	}
	return ev
}
