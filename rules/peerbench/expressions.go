package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"time"

	"github.com/ttpstream/ttpstream/rules/match"
)

var wordPattern = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_.]{3,}`)

// expressions makes n regular expressions of words that the commands have, in
// the shapes that rule packs have.
func expressions(commands []string, n int) []string {
	random := rand.New(rand.NewPCG(7, 11))
	var words []string
	seen := map[string]bool{}
	for _, command := range commands {
		for _, word := range wordPattern.FindAllString(command, -1) {
			if !seen[word] {
				seen[word] = true
				words = append(words, word)
			}
		}
	}
	word := func() string { return regexp.QuoteMeta(words[random.IntN(len(words))]) }
	shapes := []func() string{
		func() string { return fmt.Sprintf(`\b%s\b[^|;]*\b%s\b`, word(), word()) },
		func() string { return fmt.Sprintf(`(?i)(%s|%s)\s+-[a-z]+\s+\S*%s`, word(), word(), word()) },
		func() string { return fmt.Sprintf(`%s\s*\|\s*(sudo\s+)?(%s|%s)`, word(), word(), word()) },
		func() string { return fmt.Sprintf(`(^|[;&|]\s*)%s\s.*(--?%s|/%s)`, word(), word(), word()) },
	}
	out := make([]string, n)
	for i := range out {
		out[i] = shapes[i%len(shapes)]()
	}
	return out
}

// expressionTable writes the second table.
func expressionTable(out io.Writer, commands []string) error {
	fmt.Fprintf(out, "n rules of one regular expression each on %d real shell commands, per command, one core.\n\n", len(commands))
	fmt.Fprintln(out, "| n | ttpstream | package regexp | built in |\n|---:|---:|---:|---:|")
	for _, n := range []int{50, 500, 5000} {
		all := expressions(commands, n)
		engine, built, err := build(all)
		if err != nil {
			return err
		}
		if err := sameMatches(engine, all, commands); err != nil {
			return err
		}
		fmt.Fprintf(out, "| %d | %s | %s | %s |\n", n, timeEngine(engine, commands), timeRegexps(all, commands), built.Round(100*time.Microsecond))
	}
	fmt.Fprintln(out)
	return nil
}

func build(all []string) (*match.Engine, time.Duration, error) {
	conditions := make([]match.Condition, len(all))
	for i, expression := range all {
		p, err := match.Regex("command", expression, "")
		if err != nil {
			return nil, 0, err
		}
		conditions[i] = match.Condition{Targets: []match.Target{{}}, Expr: p}
	}
	began := time.Now()
	engine := match.Build(conditions)
	engine.Prepare(nil)
	return engine, time.Since(began), nil
}

func commandEvents(commands []string) []*match.Event {
	events := make([]*match.Event, len(commands))
	for i, command := range commands {
		events[i] = &match.Event{}
		events[i].Base.Add("command", command)
	}
	return events
}

// sameMatches checks every tenth command.
func sameMatches(engine *match.Engine, all, commands []string) error {
	compiled := compileAll(all)
	scratch := &match.Scratch{}
	for i, ev := range commandEvents(commands) {
		if i%10 > 0 {
			continue
		}
		want := []int{}
		for j, re := range compiled {
			if re.MatchString(commands[i]) {
				want = append(want, j)
			}
		}
		if got := engine.Match(ev, scratch); !slices.Equal(got, want) {
			return fmt.Errorf("%q: ttpstream %v, package regexp %v", commands[i], got, want)
		}
	}
	return nil
}

func compileAll(all []string) []*regexp.Regexp {
	compiled := make([]*regexp.Regexp, len(all))
	for i, expression := range all {
		compiled[i] = regexp.MustCompile(expression)
	}
	return compiled
}

// timeEngine returns the best of some rounds over all commands.
func timeEngine(engine *match.Engine, commands []string) time.Duration {
	events, scratch := commandEvents(commands), &match.Scratch{}
	best := time.Hour
	for range 20 {
		began := time.Now()
		for _, ev := range events {
			engine.Match(ev, scratch)
		}
		best = min(best, time.Since(began)/time.Duration(len(events)))
	}
	return best
}

// timeRegexps tries as many commands as take a second.
func timeRegexps(all, commands []string) time.Duration {
	compiled := compileAll(all)
	began, done := time.Now(), 0
	for time.Since(began) < time.Second {
		for _, re := range compiled {
			re.MatchString(commands[done%len(commands)])
		}
		done++
	}
	return (time.Since(began) / time.Duration(done)).Round(100 * time.Nanosecond)
}
