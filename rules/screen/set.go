package screen

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"sync"
)

// Reach is how far from one of its words a match may go, in bytes.
const Reach = 400

// Set is several expressions. Its methods are safe for concurrent use. It is
// compiled when it is first asked: tables that are part of the program cost
// nothing where nobody needs them.
type Set struct {
	patterns []string
	once     sync.Once

	expressions []expression
	automaton   *automaton
	// always are those that are run over every text.
	always []int
}

type expression struct {
	re *regexp.Regexp
	// bound says that it speaks of the text's start or end.
	bound bool
}

// Must returns a set of expressions. It is for tables that are part of the
// program: a malformed one panics when it is compiled, and a test calls
// [CompileAll].
func Must(patterns ...string) *Set {
	s := &Set{patterns: patterns}
	made.Lock()
	defer made.Unlock()
	made.sets = append(made.sets, s)
	return s
}

// made are all sets of the program.
var made struct {
	sync.Mutex
	sets []*Set
}

// CompileAll compiles every set that was made so far, and returns how many
// there are. It panics where an expression is malformed.
func CompileAll() int {
	made.Lock()
	defer made.Unlock()
	for _, s := range made.sets {
		s.ready()
	}
	return len(made.sets)
}

// ready compiles the set, once.
func (s *Set) ready() *Set {
	s.once.Do(s.compile)
	return s
}

func (s *Set) compile() {
	table := map[string][]int{}
	for i, pattern := range s.patterns {
		parsed, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			panic(fmt.Sprintf("screen: %q: %v", pattern, err))
		}
		s.expressions = append(s.expressions, expression{re: regexp.MustCompile(pattern), bound: bound(parsed)})
		list := words(parsed)
		if list == nil {
			s.always = append(s.always, i)
		}
		for _, word := range list {
			table[word] = append(table[word], i)
		}
	}
	s.automaton = newAutomaton(table)
}

func bound(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText:
		return true
	}
	for _, sub := range re.Sub {
		if bound(sub) {
			return true
		}
	}
	return false
}

// Len returns how many expressions there are.
func (s *Set) Len() int { return len(s.patterns) }

// Screened returns how many of the expressions are behind words.
func (s *Set) Screened() int { return len(s.ready().expressions) - len(s.always) }

// Match sets found[i] where expression i matches the text; found has [Set.Len]
// entries, and those that are set are not looked at.
func (s *Set) Match(text string, found []bool) {
	s.ready()
	for _, i := range s.always {
		found[i] = found[i] || s.expressions[i].re.MatchString(text)
	}
	var seen []int // up to where each expression has been looked at, from 1
	s.automaton.scan(text, func(end, i int) {
		if found[i] {
			return
		}
		if seen == nil {
			seen = make([]int, len(s.expressions))
		}
		if end < seen[i] {
			return
		}
		e := &s.expressions[i]
		if e.bound || len(text) <= 2*Reach {
			seen[i] = len(text) + 1
			found[i] = e.re.MatchString(text)
			return
		}
		from, to := neighbourhood(text, end)
		seen[i] = max(end+1, to-Reach)
		found[i] = e.re.MatchString(text[from:to])
	})
}

// MatchString reports whether any of the expressions matches.
func (s *Set) MatchString(text string) bool {
	found := make([]bool, 1)
	if len(s.patterns) > 1 {
		found = make([]bool, len(s.patterns))
	}
	s.Match(text, found)
	for _, f := range found {
		if f {
			return true
		}
	}
	return false
}

// neighbourhood returns the part of a text around a place, from one blank to
// another where there are any, so that no word is cut.
func neighbourhood(text string, at int) (from, to int) {
	from, to = max(0, at-Reach), min(len(text), at+2*Reach)
	for n := 0; from > 0 && n < 64 && text[from-1] != ' '; n++ {
		from--
	}
	for n := 0; to < len(text) && n < 64 && text[to] != ' '; n++ {
		to++
	}
	return from, to
}
