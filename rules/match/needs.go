package match

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// Limits on literals that an index is fed with.
const (
	// minNeed is the shortest literal worth hanging an expression on.
	minNeed = 2
	// maxNeeds is how many alternatives are still worth it.
	maxNeeds = 64
	// maxExact is how many texts an expression may stand for and still be
	// spelled out.
	maxExact = 16
	// maxClass is how many letters, cases apart, a class may have for that.
	maxClass = 3
	// maxClauses is how many sets of alternatives are kept of one expression.
	maxClauses = 4
)

// clause is a set of folded texts of which at least one has to be there.
type clause []string

// needed is what is known of every text that an expression is found in.
type needed struct {
	// exact, if exactKnown, are all the texts that the expression itself stands
	// for, folded; it is only kept while they are few.
	exact      []string
	exactKnown bool
	// clauses hold all at once.
	clauses []clause
}

// regexNeeds returns clauses, the most telling first, or nil: for each, at
// least one of its folded texts is in the fold of every text that the
// expression is found in.
func regexNeeds(expression string) []clause {
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil
	}
	n := treeNeeds(tree.Simplify())
	return telling(n.settle().clauses)
}

// telling sorts clauses by worth and drops what is useless or said twice.
func telling(clauses []clause) []clause {
	clauses = slices.DeleteFunc(clauses, func(c clause) bool { return worth(c) == 0 })
	slices.SortStableFunc(clauses, func(a, b clause) int { return worth(b) - worth(a) })
	var kept []clause
	for _, c := range clauses {
		if len(kept) < maxClauses && !slices.ContainsFunc(kept, func(k clause) bool { return slices.Equal(k, c) }) {
			kept = append(kept, c)
		}
	}
	return kept
}

// settle turns what is spelled out into a clause: what comes next is no longer
// a neighbour.
func (n needed) settle() needed {
	if n.exactKnown && worth(n.exact) > 0 {
		n.clauses = append(slices.Clone(n.clauses), shortest(n.exact))
	}
	n.exact, n.exactKnown = nil, false
	return n
}

// shortest leaves out texts that hold another one, and repeats.
func shortest(texts []string) clause {
	var kept clause
	for i, text := range texts {
		if !slices.ContainsFunc(texts, func(other string) bool { return len(other) < len(text) && strings.Contains(text, other) }) &&
			!slices.Contains(texts[:i], text) {
			kept = append(kept, text)
		}
	}
	return kept
}

func spelled(texts ...string) needed { return needed{exact: texts, exactKnown: true} }

func treeNeeds(tree *syntax.Regexp) needed {
	switch tree.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return spelled("")
	case syntax.OpLiteral:
		text := Fold(string(tree.Rune))
		// The expression reads a byte that is not UTF-8 as this character; a
		// fold keeps the byte.
		if strings.ContainsRune(text, '\uFFFD') {
			return needed{}
		}
		return spelled(text)
	case syntax.OpCharClass:
		return classNeeds(tree.Rune)
	case syntax.OpCapture:
		return treeNeeds(tree.Sub[0])
	case syntax.OpPlus:
		return treeNeeds(tree.Sub[0]).settle()
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return treeNeeds(tree.Sub[0]).settle()
		}
	case syntax.OpQuest:
		if sub := treeNeeds(tree.Sub[0]); sub.exactKnown && len(sub.exact) < maxExact {
			return spelled(append(slices.Clone(sub.exact), "")...)
		}
	case syntax.OpConcat:
		return concatNeeds(tree.Sub)
	case syntax.OpAlternate:
		return alternateNeeds(tree.Sub)
	}
	return needed{}
}

// classNeeds spells out a class of a few letters.
func classNeeds(ranges []rune) needed {
	var texts []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i+1]-ranges[i] >= maxExact {
			return needed{}
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if text := Fold(string(r)); r != '\uFFFD' && !slices.Contains(texts, text) {
				texts = append(texts, text)
			} else if r == '\uFFFD' {
				return needed{}
			}
		}
		if len(texts) > maxClass {
			return needed{}
		}
	}
	if len(texts) == 0 {
		return needed{}
	}
	return spelled(texts...)
}

func concatNeeds(subs []*syntax.Regexp) needed {
	all, whole := spelled(""), true // whole: exact is the text from the begin on
	for _, sub := range subs {
		next := treeNeeds(sub)
		all.clauses = append(all.clauses, next.clauses...)
		switch {
		case next.exactKnown && all.exactKnown && len(all.exact)*len(next.exact) <= maxExact:
			all.exact = product(all.exact, next.exact)
		default:
			all = all.settle()
			all.exact, all.exactKnown, whole = next.exact, next.exactKnown, false
		}
	}
	if whole {
		return all
	}
	return all.settle()
}

func product(heads, tails []string) []string {
	texts := make([]string, 0, len(heads)*len(tails))
	for _, head := range heads {
		for _, tail := range tails {
			texts = append(texts, head+tail)
		}
	}
	return texts
}

func alternateNeeds(subs []*syntax.Regexp) needed {
	all := needed{exactKnown: true}
	var best clause
	for _, sub := range subs {
		next := treeNeeds(sub)
		if all.exactKnown = all.exactKnown && next.exactKnown; all.exactKnown {
			all.exact = append(all.exact, next.exact...)
		}
		settled := telling(next.settle().clauses)
		if len(settled) == 0 {
			settled = []clause{nil}
		}
		if best = append(best, settled[0]...); settled[0] == nil {
			best = append(best, "") // of no worth
		}
	}
	if all.exactKnown && len(all.exact) <= maxExact {
		return needed{exact: all.exact, exactKnown: true}
	}
	if len(best) > maxNeeds {
		return needed{}
	}
	return needed{clauses: []clause{best}}
}

// globNeeds returns the texts of the pattern as clauses.
func globNeeds(parts []part) []clause {
	var clauses []clause
	for _, part := range parts {
		if part.kind == partText {
			clauses = append(clauses, clause{part.text})
		}
	}
	return telling(clauses)
}

// worth rates a set of alternatives by its shortest: 0 is useless.
func worth(needs []string) int {
	if len(needs) == 0 || len(needs) > maxNeeds {
		return 0
	}
	shortest := len(needs[0])
	for _, need := range needs {
		shortest = min(shortest, len(need))
	}
	if shortest < minNeed {
		return 0
	}
	return shortest
}
