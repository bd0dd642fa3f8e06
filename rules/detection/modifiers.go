package detection

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// modifiers say how the values of an entry are compared.
type modifiers struct {
	// how is one of contains, startswith, endswith, re, cidr, exists, lt, lte,
	// gt, gte; empty for equality.
	how string
	// flags are those of re.
	flags                   string
	all, cased, neq, expand bool
}

var (
	comparisons = map[string]match.Op{
		"lt": match.OpLess, "lte": match.OpLessEqual, "gt": match.OpGreater, "gte": match.OpGreaterEqual,
	}
	hows  = []string{"contains", "startswith", "endswith", "re", "cidr", "exists", "lt", "lte", "gt", "gte"}
	marks = []string{"all", "cased", "neq", "expand"}
	flags = []string{"i", "m", "s"}
	// Modifiers of Sigma that are not understood here.
	foreign = []string{
		"base64", "base64offset", "utf16", "utf16le", "utf16be", "wide", "windash", "fieldref",
		"minute", "hour", "day", "week", "month", "year",
	}
)

// parseModifiers reads the modifiers behind a field's name, from byte at of the
// key on. The message of what is wrong is empty if nothing is; offset is where
// in the key.
func parseModifiers(key string, at int) (m modifiers, message, hint string, offset int) {
	for rest, more := key[at:], at > 0 && key[at-1] == '|'; more; {
		var name string
		offset = len(key) - len(rest)
		name, rest, more = strings.Cut(rest, "|")
		if message, hint = m.add(name); message != "" {
			return m, message, hint, offset
		}
	}
	message = m.contradiction()
	return m, message, "", at
}

func (m *modifiers) add(name string) (message, hint string) {
	switch {
	case slices.Contains(flags, name):
		if m.how != "re" {
			return fmt.Sprintf("modifier %q stands only behind re", name), ""
		}
		if strings.Contains(m.flags, name) {
			return fmt.Sprintf("modifier %q is there twice", name), ""
		}
		m.flags += name
	case slices.Contains(hows, name):
		if m.how != "" {
			return fmt.Sprintf("modifiers %q and %q exclude each other", m.how, name), ""
		}
		m.how = name
	case slices.Contains(marks, name):
		if m.mark(name) {
			return fmt.Sprintf("modifier %q is there twice", name), ""
		}
	case slices.Contains(foreign, name):
		return fmt.Sprintf("modifier %q is not supported", name), ""
	default:
		if near := document.Nearest(name, slices.Concat(hows, marks)); near != "" {
			hint = "did you mean " + near + "?"
		}
		return fmt.Sprintf("unknown modifier %q", name), hint
	}
	return "", ""
}

// mark sets a mark and reports whether it was set already.
func (m *modifiers) mark(name string) bool {
	mark := map[string]*bool{"all": &m.all, "cased": &m.cased, "neq": &m.neq, "expand": &m.expand}[name]
	was := *mark
	*mark = true
	return was
}

// contradiction returns what makes no sense together, empty if nothing.
func (m modifiers) contradiction() string {
	_, compares := comparisons[m.how]
	switch {
	case m.cased && (m.how == "cidr" || m.how == "exists" || compares):
		return fmt.Sprintf("cased means nothing for %s", m.how)
	case m.cased && m.how == "re":
		return "re is case-sensitive as it is: leave cased out, or add i for the contrary"
	case m.expand && (m.how == "re" || m.how == "exists" || compares):
		return fmt.Sprintf("expand cannot be used with %s", m.how)
	case m.how == "exists" && (m.all || m.neq):
		return "exists takes true or false and no other modifier"
	case m.neq && m.all:
		return "neq and all exclude each other"
	}
	return ""
}
