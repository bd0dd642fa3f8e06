package rules

import (
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// mustParse reads a text that must be good.
func mustParse(t testing.TB, text string) *Unit {
	t.Helper()
	u, problems := Parse("f", []byte(text), Options{})
	if len(problems) > 0 {
		t.Fatalf("%s\n%v", text, problems)
	}
	return u
}

// using returns a rule that looks for the values of a list.
func using(t testing.TB, id, list string) *Unit {
	t.Helper()
	return mustParse(t, strings.Replace(minimal(id, 1), "command|contains: "+id, "command|contains|expand: '%"+list+"%'", 1))
}

// commandEvent returns the event of a command line.
func commandEvent(line string) *match.Event {
	ev := &match.Event{SourceKind: schemas.KindCommand}
	ev.Base.Add("command", line)
	return ev
}

// found returns the ids of the rules that find something in a line.
func found(s *Set, line string) string {
	var ids []string
	for _, f := range s.Judge(commandEvent(line), &Scratch{}) {
		ids = append(ids, f.Rule.ID)
	}
	return strings.Join(ids, " ")
}
