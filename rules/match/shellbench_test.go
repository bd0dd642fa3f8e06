package match

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// shellCommands returns real commands beside the project, or skips.
func shellCommands(tb testing.TB) []string {
	tb.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "samples", "commands", "benign_nl2bash_dev_MIT.txt"))
	if err != nil {
		tb.Skipf("SKIPPED %s: the sample commands are not beside the project (../shared/data/samples/commands)", tb.Name())
	}
	defer file.Close()
	var commands []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		commands = append(commands, lines.Text())
	}
	return commands
}

var wordPattern = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_.]{3,}`)

// vocabulary returns the words of four letters and more, each once.
func vocabulary(commands []string) []string {
	var words []string
	for _, word := range wordPattern.FindAllString(strings.Join(commands, "\n"), -1) {
		if !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// expressionRules makes n rules of one regular expression each out of words
// that the commands have, in the shapes that rule packs have. One in a
// hundred takes its words, in their order, from one command, so that some match.
func expressionRules(tb testing.TB, n int, commands []string) []Condition {
	tb.Helper()
	random := rand.New(rand.NewPCG(7, 11))
	words := vocabulary(commands)
	var own []string
	word := func() string {
		if len(own) > 0 {
			next := own[0]
			own = own[1:]
			return regexp.QuoteMeta(next)
		}
		return regexp.QuoteMeta(words[random.IntN(len(words))])
	}
	conditions := make([]Condition, n)
	for i := range conditions {
		var expression string
		if own = nil; i%100 < 4 && i%400/100 == i%4 {
			own = vocabulary(commands[random.IntN(len(commands)):][:1])
		}
		switch i % 4 {
		case 0:
			expression = fmt.Sprintf(`\b%s\b[^|;]*\b%s\b`, word(), word())
		case 1:
			expression = fmt.Sprintf(`(?i)(%s|%s)\s+-[a-z]+\s+\S*%s`, word(), word(), word())
		case 2:
			expression = fmt.Sprintf(`%s\s*\|\s*(sudo\s+)?(%s|%s)`, word(), word(), word())
		default:
			expression = fmt.Sprintf(`(^|[;&|]\s*)%s\s.*(--?%s|/%s)`, word(), word(), word())
		}
		p, err := Regex("command", expression, "")
		if err != nil {
			tb.Fatal(err)
		}
		conditions[i] = Condition{Targets: everything, Expr: p}
	}
	return conditions
}

func shellEvents(commands []string) []*Event {
	events := make([]*Event, len(commands))
	for i, command := range commands {
		events[i] = &Event{}
		events[i].Base.Add("command", command)
	}
	return events
}

// BenchmarkShellExpressions is the cost of one shell command for n rules of a
// regular expression each.
func BenchmarkShellExpressions(b *testing.B) {
	commands := shellCommands(b)
	events := shellEvents(commands)
	for _, n := range []int{50, 500, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			engine, scratch := Build(expressionRules(b, n, commands)), &Scratch{}
			i, held := 0, 0
			for range 2 * len(events) {
				held += len(engine.Match(events[i%len(events)], scratch))
				i++
			}
			b.ReportAllocs()
			for b.Loop() {
				engine.Match(events[i%len(events)], scratch)
				i++
			}
			b.ReportMetric(float64(held)/float64(2*len(events)), "matches/event")
		})
	}
}

// BenchmarkShellBuild is what it costs to build 5,000 rules, and to replace one
// of them.
func BenchmarkShellBuild(b *testing.B) {
	conditions := expressionRules(b, 5000, shellCommands(b))
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Build(conditions).Prepare(nil)
		}
	})
	b.Run("one", func(b *testing.B) {
		engine := Build(conditions)
		i := 0
		for b.Loop() {
			conditions[i*7%len(conditions)].Expr = is("command", fmt.Sprintf("*changed%d*", i))
			engine = Rebuild(engine, conditions)
			engine.Prepare(nil)
			i++
		}
	})
}

// What the index finds in real commands is what package regexp finds.
func TestShellExpressionsAreTheRegexps(t *testing.T) {
	t.Parallel()
	commands := shellCommands(t)
	conditions := expressionRules(t, 1000, commands)
	engine, scratch, total := Build(conditions), &Scratch{}, 0
	started := time.Now()
	for i, ev := range shellEvents(commands) {
		if i%8 > 0 || time.Since(started) > time.Minute {
			continue
		}
		var want []int
		for j, c := range conditions {
			if c.Expr.(*Predicate).re.MatchString(commands[i]) {
				want = append(want, j)
			}
		}
		if got := engine.Match(ev, scratch); !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, want %v", commands[i], got, want)
		}
		total += len(want)
	}
	t.Logf("%d matches", total)
}
