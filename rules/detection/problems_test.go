package detection

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"[a]", "f:1:1: a detection is a map of selections, not a list"},
		{"condition: x", "f:1:1: no selection"},
		{"s: {}", "f:1:4: an empty map would match everything"},
		{"s: []", "f:1:4: selection s is empty"},
		{"s:", "f:1:3: selection s is empty"},
		{"s: {f: []}", "f:1:8: f: an empty list never matches"},
		{"s: {f: {g: h}}", "f:1:8: f: want a value or a list of values, not a map"},
		{"s: {f: [[a]]}", "f:1:9: f: want a value, not a list"},
		{"s: [[a]]", "f:1:5: a list in a list means nothing here"},
		{"s: {'f f': a}", `f:1:5: field name "f f" has a space in it`},
		{"s: {f|contain: a}", `f:1:7: unknown modifier "contain" (did you mean contains?)`},
		{"s: {f|contains|cotnains: a}", `f:1:16: unknown modifier "cotnains" (did you mean contains?)`},
		{"s: {'f|': a}", `f:1:8: unknown modifier ""`},
		{"s: {f|base64offset|contains: a}", `f:1:30: f: base64offset of 1 bytes: nothing of it is the same at every place`},
		{"s: {f|base64: 'a*'}", `f:1:15: f: base64 of a value with wildcards: what they stand for cannot be encoded`},
		{"s: {f|contains|base64: a}", `f:1:16: base64 must stand before contains`},
		{"s: {f|base64offset|base64: a}", `f:1:20: base64 behind base64offset: a part of an encoding cannot be encoded again`},
		{"s: {f|wide|utf16be: a}", `f:1:12: utf16be: the value is UTF-16 already`},
		{"s: {f|wide|re: a}", `f:1:12: re takes values as they are written: no windash and no encoding before it`},
		{"s: {f|base64|windash: a}", `f:1:14: windash must stand before base64: nothing is left of a dash behind it`},
		{"s: {f|re|windash: a}", `f:1:7: windash cannot be used with re`},
		{"s: {f|windash: -a -b -c -d}", `f:1:16: f: windash of more than 3 dashes in a value`},
		{"s: {f|fieldref: 'a*'}", `f:1:17: f: fieldref wants the name of a field`},
		{"s: {f|fieldref: 3}", `f:1:17: f: fieldref wants the name of a field`},
		{"s: {f|contains|fieldref: a}", `f:1:16: modifiers "contains" and "fieldref" exclude each other`},
		{"s: {f|hour: 24}", `f:1:13: f: hour wants a whole number from 0 to 23`},
		{"s: {f|week|contains: 3}", `f:1:7: week goes with lt, lte, gt, gte, all and neq only`},
		{"s: {f|gte|hour: 3}", `f:1:11: modifier "hour" must stand first, and alone or before lt, lte, gt or gte`},
		{"s: {f|fieldref|expand: '%a%'}", `f:1:7: expand cannot be used with fieldref`},
		{"s: {f|i: a}", `f:1:7: modifier "i" stands only behind re`},
		{"s: {f|re|i|i: a}", `f:1:12: modifier "i" is there twice`},
		{"s: {f|all|all: a}", `f:1:11: modifier "all" is there twice`},
		{"s: {f|contains|endswith: a}", `f:1:16: modifiers "contains" and "endswith" exclude each other`},
		{"s: {f|cidr|cased: 10.0.0.0/8}", `f:1:7: cased means nothing for cidr`},
		{"s: {f|re|cased: a}", `f:1:7: re is case-sensitive as it is: leave cased out, or add i for the contrary`},
		{"s: {f|exists|all: true}", `f:1:7: exists takes true or false, so all means nothing`},
		{"s: {f|all: a}", `f:1:5: all wants several values (leave it out)`},
		{"s: {f|exists: 1}", `f:1:15: f: exists wants true or false`},
		{"s: {f|lt: x}", `f:1:11: f: lt wants a number, not a text`},
		{"s: {f|cidr: x}", `f:1:13: f: "x" is no network: want ADDRESS/BITS`},
		{"s: {f|re: '('}", "f:1:11: f: error parsing regexp: missing closing ): `(`"},
		{"s: {f|re: '(?=a)'}", "f:1:11: f: error parsing regexp: invalid or unsupported Perl syntax: `(?=` (expressions are RE2, which runs in linear time: no lookaround, no backreferences, no possessive quantifiers)"},
		{"s: {f|contains: null}", `f:1:17: f: null can only be compared as it is, without modifiers`},
		{"s: {f|contains: ''}", `f:1:17: f: contains with an empty value matches everything`},
		{"s: {f|expand: a}", `f:1:15: f: expand wants 1 to 4 lists in a value, not 0 (write %name% for the values of list name)`},
		{"s: {'|cidr': a}", `f:1:5: keywords take all, contains, re, cased, windash, neq, expand and the encodings (name a field)`},
		{"s: {f: a}\ntimeframe: 5m", "f:2:1: timeframe belongs to the aggregations of old rules, which are not supported (use a correlation with a timespan)"},
		{"'a b': {f: 1}", `f:1:1: "a b" cannot be the name of a selection`},
		{"not: {f: 1}", `f:1:1: "not" cannot be the name of a selection`},
		{"a: {f: 1}\nb: {f: 1}", "f:1:1: condition is missing, and there are 2 selections"},
		{"a: {f: 1}\ncondition: ''", "f:2:13: condition: empty"},
		{"a: {f: 1}\ncondition: 1", "f:2:12: condition: want a text or a list of 1 to 16"},
		{"a: {f: 1}\ncondition: [a, 1]", "f:2:16: condition: want a text, not a whole number"},
		{"a: {f: 1}\ncondition: a and", "f:2:17: condition: ends where a selection should stand"},
		{"a: {f: 1}\ncondition: (a", `f:2:14: condition: want ), not ""`},
		{"a: {f: 1}\ncondition: a)", "f:2:13: condition: a ) without its ("},
		{"a: {f: 1}\ncondition: a a", `f:2:14: condition: want and, or, or the end, not "a"`},
		{"a: {f: 1}\ncondition: a and or a", `f:2:18: condition: want the name of a selection, not "or"`},
		{"selection: {f: 1}\ncondition: selektion", `f:2:12: condition: there is no selection "selektion" (did you mean selection?)`},
		{"a: {f: 1}\ncondition: zzz*", `f:2:12: condition: there is no selection "zzz*" (write 1 of zzz* or all of zzz*)`},
		{"a: {f: 1}\ncondition: 1 of b*", `f:2:17: condition: no selection is called "b*"`},
		{"a: {f: 1}\ncondition: 1 of", `f:2:16: condition: no selection is called ""`},
		{"a: {f: 1}\ncondition: 2 of a*", `f:2:12: condition: want 1 of, any of or all of, not "2" of`},
		{"a: {f: 1}\ncondition: a | count() > 5", `f:2:14: condition: aggregations (| count and the like) are not supported (use a correlation)`},
		{"a: {f: 1}\ncondition: " + strings.Repeat("not ", 40) + "a", "f:2:140: condition: nested more than 32 deep"},
		{"a: {f: 1}\ncondition: " + strings.Repeat("(", 40) + "a", "f:2:44: condition: nested more than 32 deep"},
	} {
		d, problems := tryParse(t, c.in, native)
		got := problems.Error()
		if diff := cmp.Diff(c.want, got); diff != "" || d != nil {
			t.Errorf("%s\n%s", c.in, diff)
		}
	}
}

func TestNoRawText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"s: [a]", "pattern: a", "s: {'|all': [a, b]}"} {
		_, problems := tryParse(t, text, Options{NoRaw: "nothing to look into", Pattern: true})
		if len(problems) != 1 || problems[0].Message != "nothing to look into" {
			t.Errorf("%s: %v", text, problems)
		}
	}
}

func TestPatternIsNotSigma(t *testing.T) {
	t.Parallel()
	e := parse(t, "pattern: {f: a}", Options{Raw: []string{match.AnyField}}).Compile(&document.Reader{}, noLists)
	if !match.Holds(e, event(t, "f: a")) {
		t.Error("a selection called pattern is one like any other in Sigma")
	}
}

func TestCompileProblems(t *testing.T) {
	t.Parallel()
	many := make([]*document.Node, 200)
	for i := range many {
		many[i] = &document.Node{Kind: document.KindText, Text: fmt.Sprint("v", i)}
	}
	long := []*document.Node{{Kind: document.KindText, Text: strings.Repeat("x", match.MaxPatternBytes)}}
	lists := map[string][]*document.Node{"words": nodes(t, "[a, b]"), "many": many, "long": long}
	lookup := func(name string) ([]*document.Node, bool) { l, ok := lists[name]; return l, ok }
	for _, c := range []struct{ in, want string }{
		{"s: {f|expand: '%none%'}", `f:1:5: f: there is no value list "none"`},
		{"s: {f|cidr|expand: '%words%'}", `f:1:5: f: "a" is no network: want ADDRESS/BITS`},
		{"s: {f|expand: '%many%%many%'}", `f:1:5: f: more than 10000 values once the lists are filled in`},
		{"s: {f|expand: ['%many%%words%', '%many%x%many%']}", `f:1:5: f: more than 10000 values once the lists are filled in`},
		{"s: {f|expand: 'x%long%'}", `f:1:5: f: value of 4097 bytes once the lists are filled in, at most 4096`},
	} {
		r := &document.Reader{File: "f"}
		if e := parse(t, c.in, native).Compile(r, lookup); e != nil || r.Problems().Error() != c.want {
			t.Errorf("%s: %v", c.in, r.Problems())
		}
	}
	if d := parse(t, "s: {f|expand: ['%b%', 'x%a%']}", native); strings.Join(d.ListNames(), " ") != "a b" || d.ListUse("a").Text != "x%a%" {
		t.Errorf("lists: %v", d.ListNames())
	}
}
