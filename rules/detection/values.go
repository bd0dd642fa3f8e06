package detection

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// test compiles one value. The message says what is wrong with it.
func (it Item) test(v *document.Node, view View, tests *int) (match.Expr, string) {
	if *tests++; *tests > MaxTests {
		return nil, tooMany
	}
	source := view.at(it)
	switch {
	case it.mods.how == "exists":
		return it.testExists(source, v)
	case it.mods.how == "fieldref":
		return it.testReference(source, v, view)
	case it.mods.part != 0:
		return it.testDate(source, v)
	case comparisons[it.mods.how] != 0:
		n, ok := v.Float()
		if !ok {
			return nil, fmt.Sprintf("%s wants a number, not %s", it.mods.how, v.Kind)
		}
		return source.some(func(field string) (match.Expr, string) {
			return match.Compare(field, comparisons[it.mods.how], n), ""
		})
	case v.Kind == document.KindNull:
		if it.mods.how != "" || it.mods.cased || len(it.mods.encode) > 0 || it.mods.windash {
			return nil, "null can only be compared as it is, without modifiers"
		}
		return source.every(func(field string) match.Expr { return match.Null(field) }), ""
	}
	return it.testText(source, v, tests)
}

func (it Item) testExists(source Source, v *document.Node) (match.Expr, string) {
	want, ok := v.Bool()
	if !ok {
		return nil, "exists wants true or false"
	}
	e, _ := source.some(func(field string) (match.Expr, string) { return match.Exists(field), "" })
	if want {
		return e, ""
	}
	return notExpr(e), ""
}

// testReference compares with the value of another field.
func (it Item) testReference(source Source, v *document.Node, view View) (match.Expr, string) {
	if _, plain := match.ParsePattern(v.Text).Text(); !plain || v.Kind != document.KindText || v.Text == "" {
		return nil, "fieldref wants the name of a field"
	}
	op := match.OpEquals
	if it.mods.anchor != "" {
		op = anchors[it.mods.anchor]
	}
	other := view.at(Item{Field: v.Text})
	var parts []match.Expr
	for _, a := range source.all() {
		for _, b := range other.all() {
			parts = append(parts, match.Refers(a, b, op, it.mods.cased))
		}
	}
	for _, value := range other.Values {
		e, _ := source.some(func(field string) (match.Expr, string) { return it.like(field, value.String(), op), "" })
		parts = append(parts, e)
	}
	// A value that is known beforehand on the left: only equality is worth it.
	for _, value := range source.Values {
		e, _ := Source{Fields: other.all()}.some(func(field string) (match.Expr, string) {
			return it.like(field, value.String(), match.OpEquals), ""
		})
		if op == match.OpEquals {
			parts = append(parts, e)
		}
	}
	return anyOfExprs(parts), ""
}

func (it Item) like(field, text string, op match.Op) match.Expr {
	pattern := match.Literal(text)
	switch op {
	case match.OpContains:
		pattern = pattern.Contains()
	case match.OpPrefix:
		pattern = pattern.StartsWith()
	case match.OpSuffix:
		pattern = pattern.EndsWith()
	}
	return match.Like(field, pattern, it.mods.cased)
}

// testDate compares a part of a date.
func (it Item) testDate(source Source, v *document.Node) (match.Expr, string) {
	n, ok := v.Int()
	low, high := it.mods.part.Range()
	if !ok || n < int64(low) || n > int64(high) {
		return nil, fmt.Sprintf("%s wants a whole number from %d to %d", it.mods.part, low, high)
	}
	op := match.OpEquals
	if compare, ok := comparisons[it.mods.how]; ok {
		op = compare
	}
	return source.some(func(field string) (match.Expr, string) {
		return match.InDate(field, it.mods.part, op, int(n)), ""
	})
}

// testText compiles a value that is compared as text.
func (it Item) testText(source Source, v *document.Node, tests *int) (match.Expr, string) {
	switch it.mods.how {
	case "re":
		expression := anchored(v.Text, it.mods.anchor)
		return source.some(func(field string) (match.Expr, string) {
			p, err := match.Regex(field, expression, it.mods.flags)
			if err != nil {
				return nil, err.Error()
			}
			return p, ""
		})
	case "cidr":
		return source.some(func(field string) (match.Expr, string) {
			p, err := match.CIDR(field, v.Text)
			if err != nil {
				return nil, err.Error()
			}
			return p, ""
		})
	}
	if it.mods.how != "" && v.Text == "" && !it.sigma {
		return nil, fmt.Sprintf("%s with an empty value matches everything", it.mods.how)
	}
	patterns, message := it.mods.encoded(scalarText(v))
	if message != "" {
		return nil, message
	}
	if *tests += len(patterns) - 1; *tests > MaxTests {
		return nil, tooMany
	}
	return source.some(func(field string) (match.Expr, string) {
		if slices.Contains(source.Programs, field) {
			return it.each(patterns, func(pattern string) match.Expr { return it.programs(field, pattern) }), ""
		}
		return it.each(patterns, func(pattern string) match.Expr { return it.testPattern(field, pattern, v) }), ""
	})
}

// each returns the test that one of the patterns passes.
func (it Item) each(patterns []string, test func(pattern string) match.Expr) match.Expr {
	if len(patterns) == 1 {
		return test(patterns[0])
	}
	parts := make([]match.Expr, 0, len(patterns))
	for _, pattern := range patterns {
		parts = append(parts, test(pattern))
	}
	return anyOfExprs(parts)
}

func (it Item) testPattern(field, value string, v *document.Node) match.Expr {
	pattern := match.ParsePattern(value)
	switch it.mods.how {
	case "contains":
		pattern = pattern.Contains()
	case "startswith":
		pattern = pattern.StartsWith()
	case "endswith":
		pattern = pattern.EndsWith()
	}
	like := match.Like(field, pattern, it.mods.cased)
	if canonical := canonicalNumber(v); it.mods.how == "" && len(it.mods.encode) == 0 && canonical != scalarText(v) {
		return match.Or{like, match.Like(field, match.Literal(canonical), false)}
	}
	return like
}

// anchored returns the expression with the wildcards that contains and its
// like put around it. An expression is looked for anywhere in a value, so only
// the ends that are to be firm need saying.
func anchored(expression, anchor string) string {
	switch anchor {
	case "startswith":
		return `\A(?:` + expression + `)`
	case "endswith":
		return `(?:` + expression + `)\z`
	}
	return expression
}

// scalarText returns a scalar as it is compared: truth values as facts spell them.
func scalarText(v *document.Node) string {
	if v.Kind == document.KindBool {
		return strings.ToLower(v.Text)
	}
	return v.Text
}

// canonicalNumber spells a number as facts do: 1.50 is 1.5 there. Other values
// come back as they are.
func canonicalNumber(v *document.Node) string {
	n, ok := v.Float()
	if !ok {
		return scalarText(v)
	}
	return match.Number(n).String()
}
