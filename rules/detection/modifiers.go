package detection

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// modifiers say how the values of an entry are compared. Sigma applies them in
// the order in which they stand; whatever that order would make senseless is
// refused, so that what is left depends on the order of encode alone.
type modifiers struct {
	// how is one of contains, startswith, endswith, re, cidr, exists, fieldref,
	// lt, lte, gt, gte; empty for equality.
	how string
	// anchor is contains, startswith or endswith behind re or fieldref.
	anchor string
	// flags are those of re.
	flags string
	// encode are the encodings of the value, in the order they are applied.
	encode []string
	// part is the part of a date that is compared, zero for none.
	part                             match.DatePart
	windash, all, cased, neq, expand bool
	// lenient takes what is said twice for said once, as Sigma's tools do.
	lenient bool
}

var (
	comparisons = map[string]match.Op{
		"lt": match.OpLess, "lte": match.OpLessEqual, "gt": match.OpGreater, "gte": match.OpGreaterEqual,
	}
	anchors = map[string]match.Op{
		"contains": match.OpContains, "startswith": match.OpPrefix, "endswith": match.OpSuffix,
	}
	hows  = []string{"contains", "startswith", "endswith", "re", "cidr", "exists", "fieldref", "lt", "lte", "gt", "gte"}
	marks = []string{"all", "cased", "neq", "expand", "windash"}
	// flags and their long names, as some tools write them.
	flags      = map[string]string{"i": "i", "m": "m", "s": "s", "ignorecase": "i", "multiline": "m", "dotall": "s"}
	encodings  = []string{"base64", "base64offset", "utf16", "utf16le", "utf16be", "wide"}
	dateParts  = []string{"minute", "hour", "day", "week", "month", "year"}
	everything = slices.Concat(hows, marks, encodings, dateParts)
)

// Modifiers returns the names of all modifiers, for documentation and hints.
func Modifiers() []string { return slices.Concat(everything, []string{"i", "m", "s"}) }

// parseModifiers reads the modifiers behind a field's name, from byte at of the
// key on. The message of what is wrong is empty if nothing is; offset is where
// in the key.
func parseModifiers(key string, at int, lenient bool) (m modifiers, message, hint string, offset int) {
	m.lenient = lenient
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
	flag, isFlag := flags[name]
	switch {
	case isFlag:
		return m.addFlag(name, flag), ""
	case slices.Contains(encodings, name):
		return m.addEncoding(name), ""
	case slices.Contains(dateParts, name):
		if m.part != 0 || m.how != "" || len(m.encode) > 0 {
			return fmt.Sprintf("modifier %q must stand first, and alone or before lt, lte, gt or gte", name), ""
		}
		m.part, _ = match.ParseDatePart(name)
	case slices.Contains(hows, name):
		return m.addHow(name), ""
	case slices.Contains(marks, name):
		if name == "windash" && len(m.encode) > 0 {
			return fmt.Sprintf("windash must stand before %s: nothing is left of a dash behind it", m.encode[0]), ""
		}
		if m.mark(name) && !m.lenient {
			return fmt.Sprintf("modifier %q is there twice", name), ""
		}
	default:
		if near := document.Nearest(name, everything); near != "" {
			hint = "did you mean " + near + "?"
		}
		return fmt.Sprintf("unknown modifier %q", name), hint
	}
	return "", ""
}

func (m *modifiers) addFlag(name, flag string) (message string) {
	switch {
	case m.how != "re":
		return fmt.Sprintf("modifier %q stands only behind re", name)
	case !strings.Contains(m.flags, flag):
		m.flags += flag
	case !m.lenient:
		return fmt.Sprintf("modifier %q is there twice", name)
	}
	return ""
}

func (m *modifiers) addEncoding(name string) (message string) {
	switch {
	case m.how != "" && !(m.lenient && m.text() && isUTF16(name) && name != "utf16"):
		return fmt.Sprintf("%s must stand before %s", name, m.how)
	case slices.Contains(m.encode, "base64offset"):
		return fmt.Sprintf("%s behind base64offset: a part of an encoding cannot be encoded again", name)
	case name != "base64" && name != "base64offset" && slices.ContainsFunc(m.encode, isUTF16):
		return fmt.Sprintf("%s: the value is UTF-16 already", name)
	}
	m.encode = append(m.encode, name)
	return ""
}

func isUTF16(name string) bool { return name != "base64" && name != "base64offset" }

func (m *modifiers) addHow(name string) (message string) {
	_, anchors := anchors[name]
	switch {
	case m.how == "":
		if m.how = name; !anchors && (len(m.encode) > 0 || m.windash) {
			return fmt.Sprintf("%s takes values as they are written: no windash and no encoding before it", name)
		}
	case anchors && (m.how == "re" || m.how == "fieldref") && m.anchor == "":
		m.anchor = name
	case anchors && m.lenient && m.text():
		if m.how != name {
			m.how = "contains" // a wildcard at either end
		}
	default:
		return fmt.Sprintf("modifiers %q and %q exclude each other", m.how, name)
	}
	return ""
}

// mark sets a mark and reports whether it was set already.
func (m *modifiers) mark(name string) bool {
	mark := map[string]*bool{"all": &m.all, "cased": &m.cased, "neq": &m.neq, "expand": &m.expand, "windash": &m.windash}[name]
	was := *mark
	*mark = true
	return was
}

// contradiction returns what makes no sense together, empty if nothing.
func (m modifiers) contradiction() string {
	_, compares := comparisons[m.how]
	switch {
	case m.part != 0 && (m.how != "" && !compares || m.windash || m.cased || m.expand || len(m.encode) > 0):
		return fmt.Sprintf("%s goes with lt, lte, gt, gte, all and neq only", m.part)
	case m.cased && (m.how == "cidr" || m.how == "exists" || compares):
		return fmt.Sprintf("cased means nothing for %s", m.how)
	case m.cased && m.how == "re":
		return "re is case-sensitive as it is: leave cased out, or add i for the contrary"
	case m.expand && (m.how == "exists" || m.how == "fieldref" || compares):
		return fmt.Sprintf("expand cannot be used with %s", m.how)
	case m.windash && !m.text():
		return fmt.Sprintf("windash cannot be used with %s", m.how)
	case m.how == "exists" && m.all && !m.lenient:
		return "exists takes true or false, so all means nothing"
	}
	return ""
}

// text reports whether the values are patterns of text.
func (m modifiers) text() bool {
	_, anchored := anchors[m.how]
	return m.part == 0 && (m.how == "" || anchored)
}
