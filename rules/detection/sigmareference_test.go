package detection

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/ttpstream/ttpstream/rules/document"
)

// The reference reads a detection as YAML gives it, with no parser, pattern or
// predicate of the program's: each sentence of the specification is a few
// lines, and slow.

// facts is an event: a field that is there has zero or more values.
type facts map[string][]string

// refSelection decides a selection.
func refSelection(n *document.Node, ev facts) bool {
	switch n.Kind {
	case document.KindMap:
		for i, key := range n.Keys {
			if !refItem(key.Text, n.Values[i], ev) {
				return false
			}
		}
		return true
	case document.KindList:
		for _, item := range n.Items {
			if item.Kind == document.KindMap && refSelection(item, ev) || item.Kind != document.KindMap && refItem("", item, ev) {
				return true
			}
		}
		return false
	}
	return refItem("", n, ev)
}

// refItem decides one entry.
func refItem(key string, n *document.Node, ev facts) bool {
	parts := strings.Split(key, "|")
	field, mods := parts[0], parts[1:]
	has := func(name string) bool {
		for _, m := range mods {
			if m == name {
				return true
			}
		}
		return false
	}
	values := n.Items
	if n.Kind != document.KindList {
		values = []*document.Node{n}
	}
	result := has("all")
	for _, v := range values {
		one := refValue(field, mods, v, ev)
		if has("all") {
			result = result && one
		} else {
			result = result || one
		}
	}
	return result != has("neq")
}

// refValue decides one value.
func refValue(field string, mods []string, v *document.Node, ev facts) bool {
	have, there := ev[field]
	if field == "" {
		for _, values := range ev {
			have = append(have, values...)
		}
		mods = append(mods, "contains")
	}
	last := ""
	cased, windash := false, false
	for _, m := range mods {
		switch m {
		case "all", "neq":
		case "cased":
			cased = true
		case "windash":
			windash = true
		default:
			last = m
		}
	}
	switch {
	case last == "exists":
		return there == (v.Text == "true")
	case v.Kind == document.KindNull:
		return len(have) == 0
	}
	for _, value := range have {
		if refTest(last, cased, windash, value, v, ev) {
			return true
		}
	}
	return false
}

func refTest(how string, cased, windash bool, value string, v *document.Node, ev facts) bool {
	switch how {
	case "re":
		return regexp.MustCompile(v.Text).MatchString(value)
	case "cidr":
		addr, err := netip.ParseAddr(value)
		return err == nil && netip.MustParsePrefix(v.Text).Contains(addr)
	case "lt", "lte", "gt", "gte":
		a, err := strconv.ParseFloat(value, 64)
		b, _ := strconv.ParseFloat(v.Text, 64)
		return err == nil && map[string]bool{"lt": a < b, "lte": a <= b, "gt": a > b, "gte": a >= b}[how]
	case "fieldref":
		for _, other := range ev[v.Text] {
			if cased && value == other || !cased && strings.EqualFold(value, other) {
				return true
			}
		}
		return false
	}
	for _, pattern := range refDashes(refPattern(v.Text), windash, ' ') {
		if how == "contains" || how == "endswith" {
			pattern = append([]rune{anyText}, pattern...)
		}
		if how == "contains" || how == "startswith" {
			pattern = append(pattern[:len(pattern):len(pattern)], anyText)
		}
		if refGlob(pattern, []rune(value), cased) {
			return true
		}
	}
	return false
}

// Wildcards as characters that no text has.
const (
	anyText rune = -1
	anyRune rune = -2
)

func refPattern(s string) (pattern []rune) {
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		switch {
		case runes[i] == '\\' && i+1 < len(runes) && strings.ContainsRune(`\*?`, runes[i+1]):
			i++
			pattern = append(pattern, runes[i])
		case runes[i] == '*':
			pattern = append(pattern, anyText)
		case runes[i] == '?':
			pattern = append(pattern, anyRune)
		default:
			pattern = append(pattern, runes[i])
		}
	}
	return pattern
}

// refDashes returns every way to write the dashes of options.
func refDashes(pattern []rune, windash bool, before rune) [][]rune {
	if len(pattern) == 0 {
		return [][]rune{nil}
	}
	heads := []rune{pattern[0]}
	word := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	if windash && strings.ContainsRune("-/", pattern[0]) && !word(before) && len(pattern) > 1 && word(pattern[1]) {
		heads = []rune("-/–—―")
	}
	var out [][]rune
	for _, tail := range refDashes(pattern[1:], windash, pattern[0]) {
		for _, head := range heads {
			out = append(out, append([]rune{head}, tail...))
		}
	}
	return out
}

func refGlob(pattern, text []rune, cased bool) bool {
	switch {
	case len(pattern) == 0:
		return len(text) == 0
	case pattern[0] == anyText:
		return refGlob(pattern[1:], text, cased) || len(text) > 0 && refGlob(pattern, text[1:], cased)
	case len(text) == 0:
		return false
	case pattern[0] == anyRune || pattern[0] == text[0] || !cased && strings.EqualFold(string(pattern[0]), string(text[0])):
		return refGlob(pattern[1:], text[1:], cased)
	}
	return false
}
