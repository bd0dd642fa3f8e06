package eval

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
)

// maxAlternatives is how many alternatives that do not hold are shown of one
// list.
const maxAlternatives = 8

// WriteText writes an explanation for people: one line for each part, with a
// mark for how it came out.
func (x *Explanation) WriteText(w io.Writer, colour bool) error {
	t := &explainText{colour: colour}
	verdict := t.paint(x.Matches, "matches")
	switch {
	case !x.Applies && x.Holds:
		verdict = t.paint(false, "is not for such events, but its condition holds")
	case !x.Applies:
		verdict = t.paint(false, "is not for such events")
	case !x.Matches:
		verdict = t.paint(false, "does not match")
	}
	fmt.Fprintf(&t.out, "%s %s: %s\n", x.RuleID, x.Name, verdict)
	if x.View != "" {
		fmt.Fprintf(&t.out, "field names as in %s\n", x.View)
	}
	if x.Scopes > 1 {
		fmt.Fprintf(&t.out, "part %d of %d", x.Scope+1, x.Scopes)
		if x.Part != "" {
			fmt.Fprintf(&t.out, ": %s", quote(x.Part))
		}
		t.out.WriteByte('\n')
	}
	t.part(&x.Root, "")
	_, err := io.WriteString(w, t.out.String())
	return err
}

type explainText struct {
	out    strings.Builder
	colour bool
}

func (t *explainText) paint(good bool, text string) string {
	const red, green, off = "\x1b[31m", "\x1b[32m", "\x1b[0m"
	switch {
	case !t.colour:
		return text
	case good:
		return green + text + off
	}
	return red + text + off
}

var kindWords = map[string]string{"and": "all of", "or": "any of", "not": "not"}

// part writes a part and those within it.
func (t *explainText) part(e *match.Explained, indent string) {
	mark := "✗"
	if e.Holds {
		mark = "✓"
	}
	fmt.Fprintf(&t.out, "%s%s ", indent, t.paint(e.Holds, mark))
	if e.Name != "" {
		t.out.WriteString(e.Name + ": ")
	}
	if e.Kind == "test" {
		t.test(e)
	} else {
		t.out.WriteString(kindWords[e.Kind])
	}
	t.out.WriteByte('\n')
	hidden := 0
	for i := range e.Parts {
		if e.Kind == "or" && !e.Parts[i].Holds && i >= maxAlternatives {
			hidden++
			continue
		}
		t.part(&e.Parts[i], indent+"  ")
	}
	if hidden > 0 {
		fmt.Fprintf(&t.out, "%s  %s %d more\n", indent, t.paint(false, "✗"), hidden)
	}
}

// test writes what a test asks for, and what there is.
func (t *explainText) test(e *match.Explained) {
	field := e.Field
	if field == match.AnyField {
		field = "any field"
	}
	t.out.WriteString(field + " " + e.Test)
	if e.Want != "" || e.Test == "equals" {
		t.out.WriteString(" " + quote(e.Want))
	}
	if e.Why == "" && len(e.Found) == 0 {
		return
	}
	t.out.WriteString(": " + e.Why)
	for i, found := range e.Found {
		switch {
		case i > 0:
			t.out.WriteString(", ")
		case e.Why != "":
			t.out.WriteString(" ")
		}
		t.out.WriteString(quote(found))
	}
}

// quote puts a text in quotes as it is, so that an expression stays readable,
// unless it has something that would not show.
func quote(text string) string {
	if quoted := strconv.Quote(text); strings.ContainsRune(text, '"') || strings.ReplaceAll(quoted, `\\`, `\`) != `"`+text+`"` {
		return quoted
	}
	return `"` + text + `"`
}
