package detection

import (
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
	// raw are the fields that an item without a field looks into.
	raw []string
	// sigma says that others wrote it.
	sigma bool
}

// Expands reports whether %name% in a value stands for a value list.
func (it Item) Expands() bool { return it.mods.expand }

// References returns the fields whose values the item is compared with, which
// are its values under fieldref.
func (it Item) References() []string {
	if it.mods.how != "fieldref" {
		return nil
	}
	names := make([]string, 0, len(it.Values))
	for _, v := range it.Values {
		names = append(names, v.Text)
	}
	return names
}

// item reads one entry of a map, or keywords if key is nil. It returns false
// if anything is wrong, which is then reported.
func (p *parser) item(key, value *document.Node) (Item, bool) {
	field, at := key.Text, len(key.Text)
	if i := strings.IndexByte(field, '|'); i >= 0 {
		field, at = field[:i], i+1
	}
	mods, message, hint, offset := parseModifiers(key.Text, at, p.opts.Sigma)
	if message != "" {
		p.errorAt(key, offset, "match/modifier", hint, "%s", message)
		return Item{}, false
	}
	it := Item{Field: field, Key: key, mods: mods, label: p.label, sigma: p.opts.Sigma}
	switch {
	case len(field) > maxField:
		p.r.Errorf(key, "match/field", "", "field name of %d bytes, at most %d", len(field), maxField)
		return it, false
	case !p.opts.Sigma && strings.ContainsAny(field, " \t\r\n"):
		p.r.Errorf(key, "match/field", "", "field name %q has a space in it", field)
		return it, false
	case field == "":
		if !mods.keyword() {
			p.r.Errorf(key, "match/modifier", "name a field", "keywords take all, contains, re, cased, windash, neq, expand and the encodings")
			return it, false
		}
		return p.keywords(it, value)
	}
	return p.values(it, value)
}

// keyword reports whether the modifiers mean something without a field.
func (m modifiers) keyword() bool {
	return m.text() && (m.how == "" || m.how == "contains" || m.lenient) || m.how == "re" && m.anchor == ""
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
	it.raw = p.opts.Raw
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
	if it.mods.all && len(it.Values) < 2 && !it.mods.expand && !p.single(it) {
		return it, false
	}
	ok := true
	for _, v := range it.Values {
		ok = p.value(it, v) && ok
	}
	return it, ok
}

// single reports all on a single value: Sigma's specification forbids it, its
// tools take it for the value alone, and so do we in rules of others.
func (p *parser) single(it Item) bool {
	if p.opts.Sigma {
		p.warn(it.Key, "match/modifier", "leave it out", "all wants several values")
		return true
	}
	p.r.Errorf(it.Key, "match/modifier", "leave it out", "all wants several values")
	return false
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
	if !it.needsCheck(v) {
		return true
	}
	if it.sigma && it.anything(v) {
		p.warn(v, "match/value", "leave it out", "%s: %s with an empty value matches everything", it.name(), it.mods.how)
	}
	_, message := it.test(v, View{}, new(int))
	if message != "" {
		check, hint := "match/value", ""
		if it.mods.how == "re" {
			check, hint = "match/regex", reHint(message)
		}
		p.r.Errorf(v, check, hint, "%s: %s", it.name(), message)
	}
	return message == ""
}

// needsCheck is false for the values of which every one is good: most of what
// rules consist of.
func (it Item) needsCheck(v *document.Node) bool {
	return v.Kind == document.KindNull || v.Text == "" || !it.mods.text() || len(it.mods.encode) > 0 || it.mods.windash
}

// anything reports whether a value is the empty text that every other one
// contains.
func (it Item) anything(v *document.Node) bool {
	_, anchored := anchors[it.mods.how]
	return anchored && v.Text == "" && v.Kind == document.KindText
}

// reHint says what to do about an expression that RE2 does not know.
func reHint(message string) string {
	for _, sign := range []string{"unsupported Perl syntax", "invalid escape sequence", "invalid named capture", "invalid nested repetition"} {
		if !strings.Contains(message, sign) {
			continue
		}
		return "expressions are RE2, which runs in linear time: no lookaround, no backreferences, no possessive quantifiers"
	}
	return ""
}

// expr compiles the item with its values, in which no placeholder is left.
// tests counts the tests that it took.
func (it Item) expr(values []*document.Node, view View, tests *int) (match.Expr, string) {
	parts := make([]match.Expr, 0, len(values))
	for _, v := range values {
		part, message := it.test(v, view, tests)
		if message != "" {
			return nil, message
		}
		parts = append(parts, part)
	}
	e := anyOfExprs(parts)
	if it.mods.all {
		e = allOfExprs(parts)
	}
	if it.mods.neq {
		e = notExpr(e)
	}
	return e, ""
}

// name names the item in problems.
func (it Item) name() string {
	if it.Field == "" {
		return it.label
	}
	return it.Field
}
