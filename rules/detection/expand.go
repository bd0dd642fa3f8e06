package detection

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// Lists returns the values of a value list, and whether there is such a list.
type Lists func(name string) ([]*document.Node, bool)

// ListName is how value lists may be called.
var ListName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// piece is a part of a value under expand: text, or the name of a list.
type piece struct {
	text string
	list bool
}

// pieces splits a value at its %placeholders%. \% is a percent sign.
func pieces(s string) []piece {
	var out []piece
	var text strings.Builder
	for s != "" {
		if strings.HasPrefix(s, `\%`) {
			text.WriteByte('%')
			s = s[2:]
			continue
		}
		if name, rest, ok := placeholder(s); ok {
			if text.Len() > 0 {
				out = append(out, piece{text: text.String()})
				text.Reset()
			}
			out = append(out, piece{text: name, list: true})
			s = rest
			continue
		}
		text.WriteByte(s[0])
		s = s[1:]
	}
	if text.Len() > 0 {
		out = append(out, piece{text: text.String()})
	}
	return out
}

// placeholder takes a %name% off the front of s.
func placeholder(s string) (name, rest string, ok bool) {
	if s[0] != '%' {
		return "", "", false
	}
	end := strings.IndexByte(s[1:], '%')
	if end < 0 || !ListName.MatchString(s[1:1+end]) {
		return "", "", false
	}
	return s[1 : 1+end], s[2+end:], true
}

// placeholders notes the lists that a value asks for.
func (p *parser) placeholders(it Item, v *document.Node) bool {
	names := 0
	for _, piece := range pieces(v.Text) {
		if piece.list {
			p.lists[piece.text] = v
			names++
		}
	}
	if names == 0 && p.opts.Sigma {
		p.warn(v, "match/expand", "leave expand out, or write %name% for the values of list name", "%s: expand without a list", it.name())
		return true
	}
	if names == 0 || names > maxPlaceholders {
		p.r.Errorf(v, "match/expand", "write %name% for the values of list name", "%s: expand wants 1 to %d lists in a value, not %d", it.name(), maxPlaceholders, names)
		return false
	}
	return true
}

// expand replaces the placeholders of an item's values by what the lists hold.
func (it Item) expand(lists Lists) ([]*document.Node, string) {
	if !it.mods.expand {
		return it.Values, ""
	}
	var out []*document.Node
	for _, v := range it.Values {
		values, message := it.expandValue(v, lists)
		if message != "" {
			return nil, message
		}
		if out = append(out, values...); len(out) > MaxTests {
			return nil, tooMany
		}
	}
	return out, ""
}

var tooMany = fmt.Sprintf("more than %d values once the lists are filled in", MaxTests)

// listed returns a list's value as it stands in the item's: in an expression,
// the expression for what the value means elsewhere.
func (it Item) listed(value string) string {
	if it.mods.how != "re" {
		return value
	}
	var out strings.Builder
	eachPart(value, func(text string) { out.WriteString(regexp.QuoteMeta(text)) }, func(wildcard byte) {
		if out.WriteByte('.'); wildcard == '*' {
			out.WriteByte('*')
		}
	})
	return out.String()
}

func (it Item) expandValue(v *document.Node, lists Lists) ([]*document.Node, string) {
	parts := pieces(v.Text)
	texts := []string{""}
	for _, part := range parts {
		if !part.list {
			for i := range texts {
				texts[i] += part.text
			}
			continue
		}
		values, ok := lists(part.text)
		if !ok {
			return nil, fmt.Sprintf("there is no value list %q", part.text)
		}
		if len(parts) == 1 && it.mods.how != "re" {
			return values, "" // numbers stay numbers
		}
		if len(texts)*len(values) > MaxTests {
			return nil, tooMany
		}
		next := make([]string, 0, len(texts)*len(values))
		for _, text := range texts {
			for _, value := range values {
				next = append(next, text+it.listed(value.Text))
			}
		}
		texts = next
	}
	out := make([]*document.Node, 0, len(texts))
	for _, text := range texts {
		if len(text) > match.MaxPatternBytes {
			return nil, fmt.Sprintf("value of %d bytes once the lists are filled in, at most %d", len(text), match.MaxPatternBytes)
		}
		out = append(out, &document.Node{Kind: document.KindText, Text: text})
	}
	return slices.Clip(out), ""
}
