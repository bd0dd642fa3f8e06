package match

import (
	"regexp/syntax"
	"strings"
)

// Limits on literals that an index is fed with.
const (
	// minNeed is the shortest literal worth hanging an expression on.
	minNeed = 2
	// maxNeeds is how many alternatives are still worth it.
	maxNeeds = 64
)

// regexNeeds returns folded texts of which at least one is in the fold of
// every text that the expression is found in, or nil.
func regexNeeds(expression string) []string {
	tree, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil
	}
	if needs := treeNeeds(tree.Simplify()); worth(needs) > 0 {
		return needs
	}
	return nil
}

func treeNeeds(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpLiteral:
		text := Fold(string(tree.Rune))
		// The expression reads a byte that is not UTF-8 as this character; a
		// fold keeps the byte.
		if strings.ContainsRune(text, '\uFFFD') {
			return nil
		}
		return []string{text}
	case syntax.OpCapture, syntax.OpPlus:
		return treeNeeds(tree.Sub[0])
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return treeNeeds(tree.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range tree.Sub {
			if needs := treeNeeds(sub); worth(needs) > worth(best) {
				best = needs
			}
		}
		return best
	case syntax.OpAlternate:
		return alternateNeeds(tree.Sub)
	}
	return nil
}

func alternateNeeds(subs []*syntax.Regexp) []string {
	var all []string
	for _, sub := range subs {
		needs := treeNeeds(sub)
		if worth(needs) == 0 || len(all)+len(needs) > maxNeeds {
			return nil
		}
		all = append(all, needs...)
	}
	return all
}

// globNeeds returns the longest text of the pattern, or nil.
func globNeeds(parts []part) []string {
	best := ""
	for _, part := range parts {
		if part.kind == partText && len(part.text) > len(best) {
			best = part.text
		}
	}
	if len(best) < minNeed {
		return nil
	}
	return []string{best}
}

// worth rates a set of alternatives by its shortest: 0 is useless.
func worth(needs []string) int {
	if len(needs) == 0 {
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
