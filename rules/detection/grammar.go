package detection

import (
	"fmt"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
)

// conditionToken is a word or a bracket, and the byte where it begins.
type conditionToken struct {
	text string
	at   int
}

func conditionTokens(s string) []conditionToken {
	var tokens []conditionToken
	for i := 0; i < len(s); {
		switch {
		case strings.IndexByte(" \t\r\n", s[i]) >= 0:
			i++
		case strings.IndexByte("()|,", s[i]) >= 0:
			tokens = append(tokens, conditionToken{s[i : i+1], i})
			i++
		default:
			end := strings.IndexAny(s[i:], " \t\r\n()|,")
			if end < 0 {
				end = len(s) - i
			}
			tokens = append(tokens, conditionToken{s[i : i+end], i})
			i += end
		}
	}
	return append(tokens, conditionToken{"", len(s)})
}

// conditionError is what is wrong with a condition, and at which byte.
type conditionError struct {
	at            int
	message, hint string
}

// conditionParser is a recursive descent over
//
//	or      = and { "or" and }
//	and     = not { "and" not }
//	not     = "not" not | "(" or ")" | count "of" ( "them" | name with * ) | name
//	count   = "1" | "any" | "all"
type conditionParser struct {
	d      *Detection
	tokens []conditionToken // the last one is empty
	next   int
	depth  int
}

func (c *conditionParser) peek() conditionToken { return c.tokens[c.next] }

// is reports whether the next token is that word, in any case.
func (c *conditionParser) is(word string) bool { return strings.EqualFold(c.peek().text, word) }

// take goes past the next token if it is that word.
func (c *conditionParser) take(word string) bool {
	if !c.is(word) {
		return false
	}
	c.next++
	return true
}

func (c *conditionParser) fail(hint, format string, args ...any) *conditionError {
	return &conditionError{at: c.peek().at, message: "condition: " + fmt.Sprintf(format, args...), hint: hint}
}

func (c *conditionParser) parse() (conditionNode, *conditionError) {
	if c.peek().text == "" {
		return nil, c.fail("", "empty")
	}
	n, err := c.or()
	if err != nil {
		return nil, err
	}
	switch t := c.peek().text; t {
	case "":
		return n, nil
	case "|":
		return nil, c.fail("use a correlation", "aggregations (| count and the like) are not supported")
	case ")":
		return nil, c.fail("", "a ) without its (")
	default:
		return nil, c.fail("", "want and, or, or the end, not %q", t)
	}
}

func (c *conditionParser) or() (conditionNode, *conditionError) {
	first, err := c.and()
	if err != nil || !c.is("or") {
		return first, err
	}
	parts := anyOf{first}
	for c.take("or") {
		part, err := c.and()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

func (c *conditionParser) and() (conditionNode, *conditionError) {
	first, err := c.not()
	if err != nil || !c.is("and") {
		return first, err
	}
	parts := allOf{first}
	for c.take("and") {
		part, err := c.not()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

func (c *conditionParser) not() (conditionNode, *conditionError) {
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > maxNesting {
		return nil, c.fail("", "nested more than %d deep", maxNesting)
	}
	switch {
	case c.take("not"):
		part, err := c.not()
		return noneOf{part}, err
	case c.take("("):
		part, err := c.or()
		if err == nil && !c.take(")") {
			err = c.fail("", "want ), not %q", c.peek().text)
		}
		return part, err
	}
	return c.operand()
}

// operand reads a name, or a count of names.
func (c *conditionParser) operand() (conditionNode, *conditionError) {
	if strings.EqualFold(c.tokens[min(c.next+1, len(c.tokens)-1)].text, "of") {
		return c.count()
	}
	word := c.peek().text
	switch {
	case word == "":
		return nil, c.fail("", "ends where a selection should stand")
	case keyword(word) || strings.ContainsAny(word, "()|,"):
		return nil, c.fail("", "want the name of a selection, not %q", word)
	}
	for _, s := range c.d.Selections {
		if s.Name == word {
			c.next++
			c.d.used[word] = true
			return named(word), nil
		}
	}
	hint := ""
	if near := document.Nearest(word, c.names()); near != "" {
		hint = "did you mean " + near + "?"
	} else if strings.Contains(word, "*") {
		hint = "write 1 of " + word + " or all of " + word
	}
	return nil, c.fail(hint, "there is no selection %q", word)
}

// count reads "1 of them", "all of selection_*" and the like.
func (c *conditionParser) count() (conditionNode, *conditionError) {
	all := c.is("all")
	if !all && !c.is("1") && !c.is("any") {
		return nil, c.fail("", "want 1 of, any of or all of, not %q of", c.peek().text)
	}
	c.next += 2
	pattern := c.peek().text
	var parts []conditionNode
	for _, s := range c.d.Selections {
		if counted(s.Name, pattern) {
			c.d.used[s.Name] = true
			parts = append(parts, named(s.Name))
		}
	}
	if len(parts) == 0 {
		return nil, c.fail("", "no selection is called %q", pattern)
	}
	c.next++
	if all {
		return allOf(parts), nil
	}
	return anyOf(parts), nil
}

// counted reports whether a selection is one of those that "of" speaks of.
// Names that begin with an underscore are left out unless the pattern has one.
func counted(name, pattern string) bool {
	if strings.HasPrefix(name, "_") && !strings.HasPrefix(pattern, "_") {
		return false
	}
	if strings.EqualFold(pattern, "them") {
		return true
	}
	return fitsStars(pattern, name)
}

func (c *conditionParser) names() []string {
	names := make([]string, len(c.d.Selections))
	for i, s := range c.d.Selections {
		names[i] = s.Name
	}
	return names
}

// keyword reports whether a word means something of its own in a condition.
func keyword(word string) bool {
	switch strings.ToLower(word) {
	case "and", "or", "not", "of", "them", "1", "any", "all":
		return true
	}
	return false
}

// fitsStars reports whether name is pattern with any text for each star.
func fitsStars(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return name == pattern
	}
	last := len(parts) - 1
	if !strings.HasPrefix(name, parts[0]) {
		return false
	}
	name = name[len(parts[0]):]
	for _, part := range parts[1:last] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return strings.HasSuffix(name, parts[last])
}
