package detection

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// genDetection draws a detection as YAML, with its selections' names.
func genDetection(t *rapid.T) (text string, names []string) {
	var b strings.Builder
	names = []string{"sel_a", "sel_b", "fil"}[:rapid.IntRange(1, 3).Draw(t, "selections")]
	for _, name := range names {
		fmt.Fprintf(&b, "%s:\n", name)
		switch rapid.IntRange(0, 3).Draw(t, "form") {
		case 0:
			for range rapid.IntRange(1, 2).Draw(t, "words") {
				fmt.Fprintf(&b, "  - %s\n", quote(genText(t, true)))
			}
		case 1:
			for range rapid.IntRange(1, 2).Draw(t, "maps") {
				fmt.Fprintf(&b, "  - %s\n", genItem(t, "a"))
			}
		default:
			for i := range rapid.IntRange(1, 2).Draw(t, "items") {
				fmt.Fprintf(&b, "  %s\n", genItem(t, string(rune('a'+i))))
			}
		}
	}
	return b.String(), names
}

var genModifiers = []string{
	"", "|contains", "|startswith", "|endswith", "|cased", "|contains|cased", "|neq", "|contains|neq", "|windash", "|contains|windash",
	"|endswith|windash|cased", "|re", "|re|neq", "|cidr", "|lt", "|gte", "|gt|neq", "|exists", "|exists|neq", "|fieldref", "|fieldref|neq", "|fieldref|cased",
}

func genItem(t *rapid.T, field string) string {
	mods := rapid.SampledFrom(genModifiers).Draw(t, "modifiers")
	value := func() string {
		switch {
		case strings.Contains(mods, "re") && !strings.Contains(mods, "ref"):
			return quote(rapid.SampledFrom([]string{"a", "^a", "b$", "[ab]+$", "a.b", "^$"}).Draw(t, "re"))
		case strings.Contains(mods, "cidr"):
			return quote(rapid.SampledFrom([]string{"10.0.0.0/8", "10.1.0.0/16", "::1/128"}).Draw(t, "net"))
		case strings.Contains(mods, "lt") || strings.Contains(mods, "gt"):
			return strconv.Itoa(rapid.IntRange(0, 5).Draw(t, "number"))
		case strings.Contains(mods, "exists"):
			return strconv.FormatBool(rapid.Bool().Draw(t, "exists"))
		case strings.Contains(mods, "fieldref"):
			return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "field")
		case mods == "" && rapid.IntRange(0, 5).Draw(t, "null") == 0:
			return "null"
		}
		return quote(genText(t, mods != "" && mods != "|cased" && mods != "|neq"))
	}
	if strings.Contains(mods, "exists") || rapid.Bool().Draw(t, "one") {
		return fmt.Sprintf("'%s%s': %s", field, mods, value())
	}
	if rapid.Bool().Draw(t, "all") {
		mods += "|all"
	}
	return fmt.Sprintf("'%s%s': [%s, %s]", field, mods, value(), value())
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// genText draws text of the few characters that mean something.
func genText(t *rapid.T, filled bool) string {
	alphabet := []rune(`aAbB*?\-/ 1kK` + "ſKé")
	n := rapid.IntRange(0, 4).Draw(t, "length")
	if filled {
		n = max(n, 1)
	}
	out := make([]rune, n)
	for i := range out {
		out[i] = rapid.SampledFrom(alphabet).Draw(t, "letter")
	}
	return string(out)
}

func genFacts(t *rapid.T) (facts, *match.Event) {
	ev, out := facts{}, &match.Event{}
	for _, name := range []string{"a", "b", "c"} {
		switch n := rapid.IntRange(-1, 2).Draw(t, "values"); {
		case n == 0:
			ev[name] = nil
			out.Base.AddNull(name)
		case n > 0:
			for range n {
				text := genText(t, false)
				if rapid.IntRange(0, 3).Draw(t, "other") == 0 {
					text = rapid.SampledFrom([]string{"10.1.2.3", "10.2.0.1", "::1", "3", "5", "-a", "/a", "–a", "a -b"}).Draw(t, "text")
				}
				ev[name] = append(ev[name], text)
				out.Base.Add(name, text)
			}
		}
	}
	return ev, out
}

func genWords(t *rapid.T, names []string) string {
	return rapid.SampledFrom([]string{
		names[0], "not " + names[0], "1 of them", "all of them", "not 1 of sel_*", "all of sel_* and not (" + names[len(names)-1] + ")",
		names[len(names)-1] + " or not " + names[0] + " and 1 of *",
	}).Draw(t, "condition")
}

// refCondition decides the conditions that genWords draws.
func refCondition(words string, names []string, holds map[string]bool) bool {
	count := func(prefix string) (some, all bool) {
		all = true
		for _, name := range names {
			if strings.HasPrefix(name, prefix) {
				some, all = some || holds[name], all && holds[name]
			}
		}
		return some, all
	}
	first, last := holds[names[0]], holds[names[len(names)-1]]
	some, all := count("")
	someSel, allSel := count("sel_")
	switch {
	case words == names[0]:
		return first
	case words == "not "+names[0]:
		return !first
	case words == "1 of them":
		return some
	case words == "all of them":
		return all
	case words == "not 1 of sel_*":
		return !someSel
	case strings.HasPrefix(words, "all of sel_*"):
		return allSel && !last
	}
	return last || !first && some
}

// Generated detections hold for generated events exactly when the reference
// says so, evaluated as they are and by the engine.
func TestDifferential(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, names := genDetection(t)
		words := genWords(t, names)
		text += "condition: " + words + "\n"
		docs, problems := document.Parse("f", []byte(text))
		if len(problems) > 0 {
			t.Fatalf("%s\n%v", text, problems)
		}
		r := &document.Reader{}
		d := Parse(r, docs[0], sigmaOptions)
		if d == nil {
			t.Fatalf("%s\n%v", text, r.Problems())
		}
		e := d.Compile(r, noLists)
		engine := match.Build([]match.Condition{{Targets: []match.Target{{}}, Expr: e}})
		for range 3 {
			facts, ev := genFacts(t)
			holds := map[string]bool{}
			for _, name := range names {
				n, _ := docs[0].Get(name)
				holds[name] = refSelection(n, facts)
			}
			want := refCondition(words, names, holds)
			if got := match.Holds(e, ev); got != want {
				t.Fatalf("%s\nof %v: %v, want %v", text, facts, got, want)
			}
			if got := len(engine.Match(ev, &match.Scratch{})) == 1; got != want {
				t.Fatalf("%s\nof %v: the engine says %v, want %v", text, facts, got, want)
			}
		}
	})
}
