package rules

import (
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// FuzzParse reads anything: a unit or an error, never both, never neither; and
// what is a unit can be judged by.
func FuzzParse(f *testing.F) {
	for _, h := range hostile() {
		if len(h.text) < 1<<12 {
			f.Add([]byte(h.text))
		}
	}
	f.Add([]byte(suidSearch))
	f.Add([]byte(minimal("R1", 1)))
	f.Add([]byte("list: a\nvalues: [x]\n---\n" + minimal("A", 1)))
	f.Add([]byte(strings.Replace(minimal("R1", 1), "command|contains: R1", "command|expand: '%x%'", 1)))
	f.Add([]byte(failed + "---\n" + correlationText("c", "type: event_count, rules: [fail], group-by: [User], timespan: 5m, condition: {gte: 10}")))
	f.Add([]byte(filterText("f", "any", "p") + "---\n" + sigmaText("r", "product: p", "'f|re|i': 'a.*b', g|fieldref: f, h|cidr: 10.0.0.0/8, t|hour|gte: 3")))
	line := &match.Event{SourceKind: schemas.KindCommand}
	line.Base.Add("command", "find / -perm -u=s")
	line.NewScope().Add("cmd.name", "find")
	events := []*match.Event{line, plain("p", "", "", "f", "axb", "User", "u", "out", "failed")}
	f.Fuzz(func(t *testing.T, text []byte) {
		u, problems := Parse("f", text, Options{})
		if (u == nil) != problems.Has(SeverityError) {
			t.Fatalf("unit %v, problems %v", u, problems)
		}
		if u == nil {
			return
		}
		if u.ID == "" || u.Version < 1 || len(u.Hash) != 64 || len(u.entries())+len(u.Lists) == 0 {
			t.Fatalf("unit %+v", u)
		}
		set, problems := NewSet([]*Unit{u}, nil, 0)
		held := len(set.Held()) > 0
		if held != problems.Has(SeverityError) || !held && set.Len() != len(u.Rules) || held && set.Len() > 0 {
			t.Fatalf("%d of %d rules, problems %v", set.Len(), len(u.Rules), problems)
		}
		scratch := &Scratch{}
		for _, ev := range events {
			set.Judge(ev, scratch)
			if len(scratch.Failures()) > 0 {
				t.Fatal(scratch.Failures())
			}
			set.Correlate(ev, scratch, nil)
		}
	})
}
