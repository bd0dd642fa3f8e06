package detection

import (
	"fmt"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// Item is one entry of a selection: a field and what its value should be.
type Item struct {
	// Field is its name; empty for keywords and for `pattern`, which look into
	// the raw text.
	Field string
	// Key is where it stands.
	Key *document.Node
	// Values are the scalars it is compared with, as written.
	Values []*document.Node
	mods   modifiers
	// label names an item without a field in problems.
	label string
	// fields are the fields that are looked at, one unless Field is empty.
	fields []string
}

// Expands reports whether %name% in a value stands for a value list.
func (it Item) Expands() bool { return it.mods.expand }

// item reads one entry of a map, or keywords if key is nil. It returns false
// if anything is wrong, which is then reported.
func (p *parser) item(key, value *document.Node) (Item, bool) {
	field, at := key.Text, len(key.Text)
	if i := strings.IndexByte(field, '|'); i >= 0 {
		field, at = field[:i], i+1
	}
	mods, message, hint, offset := parseModifiers(key.Text, at)
	if message != "" {
		p.errorAt(key, offset, "match/modifier", hint, "%s", message)
		return Item{}, false
	}
	it := Item{Field: field, Key: key, mods: mods, label: p.label, fields: []string{field}}
	switch {
	case len(field) > maxField:
		p.r.Errorf(key, "match/field", "", "field name of %d bytes, at most %d", len(field), maxField)
		return it, false
	case strings.ContainsAny(field, " \t\r\n"):
		p.r.Errorf(key, "match/field", "", "field name %q has a space in it", field)
		return it, false
	case field == "":
		if mods.how != "re" && mods.how != "contains" && mods.how != "" || mods.neq {
			p.r.Errorf(key, "match/modifier", "", "modifiers of keywords are all, contains, re, cased and expand")
			return it, false
		}
		return p.keywords(it, value)
	}
	return p.values(it, value)
}

// keywords completes an item that looks into the raw text.
func (p *parser) keywords(it Item, value *document.Node) (Item, bool) {
	if p.opts.Raw == nil {
		p.r.Errorf(it.Key, "match/raw-text", "name a field instead", "%s", p.opts.NoRaw)
		return it, false
	}
	if it.mods.how == "" {
		it.mods.how = "contains"
	}
	it.fields = p.opts.Raw
	return p.values(it, value)
}

// values reads the value, or the list of values, of an item.
func (p *parser) values(it Item, value *document.Node) (Item, bool) {
	switch {
	case value.Kind == document.KindMap:
		p.r.Errorf(value, "match/value", "", "%s: want a value or a list of values, not a map", it.name())
		return it, false
	case value.Scalar():
		it.Values = []*document.Node{value}
	case len(value.Items) == 0:
		p.r.Errorf(value, "match/value", "", "%s: an empty list never matches", it.name())
		return it, false
	default:
		it.Values = value.Items
	}
	if it.mods.all && len(it.Values) < 2 && !it.mods.expand {
		p.r.Errorf(it.Key, "match/modifier", "leave it out", "all wants several values")
		return it, false
	}
	ok := true
	for _, v := range it.Values {
		ok = p.value(it, v) && ok
	}
	return it, ok
}

// value checks one value as far as that is possible without the lists.
func (p *parser) value(it Item, v *document.Node) bool {
	if !v.Scalar() {
		p.r.Errorf(v, "match/value", "", "%s: want a value, not %s", it.name(), v.Kind)
		return false
	}
	if len(v.Text) > match.MaxPatternBytes {
		p.r.Errorf(v, "match/value", "", "value of %d bytes, at most %d", len(v.Text), match.MaxPatternBytes)
		return false
	}
	if it.mods.expand {
		return p.placeholders(it, v)
	}
	_, message := it.test(v)
	if message != "" {
		p.r.Errorf(v, "match/value", "", "%s: %s", it.name(), message)
	}
	return message == ""
}

// expr compiles the item with its values, in which no placeholder is left.
func (it Item) expr(values []*document.Node) (match.Expr, string) {
	parts := make([]match.Expr, 0, len(values))
	for _, v := range values {
		part, message := it.test(v)
		if message != "" {
			return nil, message
		}
		parts = append(parts, part)
	}
	var e match.Expr = match.Or(parts)
	switch {
	case len(parts) == 1:
		e = parts[0]
	case it.mods.all:
		e = match.And(parts)
	}
	if it.mods.neq {
		e = match.Not{Expr: e}
	}
	return e, ""
}

// test compiles one value. The message says what is wrong with it.
func (it Item) test(v *document.Node) (match.Expr, string) {
	parts := make(match.Or, 0, len(it.fields))
	for _, field := range it.fields {
		part, message := it.testField(field, v)
		if message != "" {
			return nil, message
		}
		parts = append(parts, part)
	}
	if len(parts) == 1 {
		return parts[0], ""
	}
	return parts, ""
}

func (it Item) testField(field string, v *document.Node) (match.Expr, string) {
	if op, ok := comparisons[it.mods.how]; ok {
		n, ok := v.Float()
		if !ok {
			return nil, fmt.Sprintf("%s wants a number, not %s", it.mods.how, v.Kind)
		}
		return match.Compare(field, op, n), ""
	}
	if it.mods.how == "exists" {
		want, ok := v.Bool()
		if !ok {
			return nil, "exists wants true or false"
		}
		if want {
			return match.Exists(field), ""
		}
		return match.Not{Expr: match.Exists(field)}, ""
	}
	if v.Kind == document.KindNull {
		if it.mods.how != "" || it.mods.cased {
			return nil, "null can only be compared as it is, without modifiers"
		}
		return match.Null(field), ""
	}
	return it.testText(field, v)
}

// testText compiles a value that is compared as text.
func (it Item) testText(field string, v *document.Node) (match.Expr, string) {
	switch it.mods.how {
	case "re":
		p, err := match.Regex(field, v.Text, it.mods.flags)
		if err != nil {
			return nil, err.Error()
		}
		return p, ""
	case "cidr":
		p, err := match.CIDR(field, v.Text)
		if err != nil {
			return nil, err.Error()
		}
		return p, ""
	}
	pattern := match.ParsePattern(v.Text)
	if it.mods.how != "" && v.Text == "" {
		return nil, fmt.Sprintf("%s with an empty value matches everything", it.mods.how)
	}
	switch it.mods.how {
	case "contains":
		pattern = pattern.Contains()
	case "startswith":
		pattern = pattern.StartsWith()
	case "endswith":
		pattern = pattern.EndsWith()
	}
	like := match.Like(field, pattern, it.mods.cased)
	if canonical := canonicalNumber(v); it.mods.how == "" && canonical != v.Text {
		return match.Or{like, match.Like(field, match.Literal(canonical), false)}, ""
	}
	return like, ""
}

// canonicalNumber spells a number as facts do: 1.50 is 1.5 there. Other values
// come back as they are.
func canonicalNumber(v *document.Node) string {
	n, ok := v.Float()
	if !ok {
		return v.Text
	}
	return match.Number(n).String()
}

// name names the item in problems.
func (it Item) name() string {
	if it.Field == "" {
		return it.label
	}
	return it.Field
}
