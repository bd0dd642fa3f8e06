package screen

import (
	"regexp/syntax"
	"slices"
)

const (
	// maxExact bounds how many texts an expression may stand for to be spelt out.
	maxExact = 96
	// maxWords bounds the words of one expression.
	maxWords = 4096
	// minWord is the shortest word worth looking for, in bytes.
	minWord = 2
)

// need is what a match of an expression must hold. exact lists all that it can
// be, nil where that is too much; anyOf holds texts of which one is in every
// match, nil where none can be told.
type need struct{ exact, anyOf []string }

// words returns texts of which every match of the expression holds one, nil
// where none can be told.
func words(re *syntax.Regexp) []string {
	n := analyse(re)
	if n.exact != nil {
		return useful(n.exact)
	}
	return useful(n.anyOf)
}

// useful returns texts that are all long enough to look for, or nil.
func useful(texts []string) []string {
	if len(texts) == 0 || len(texts) > maxWords {
		return nil
	}
	for _, t := range texts {
		if len(t) < minWord {
			return nil
		}
	}
	return texts
}

func analyse(re *syntax.Regexp) need {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return need{}
		}
		return need{exact: []string{string(re.Rune)}}
	case syntax.OpCharClass:
		return need{exact: classTexts(re.Rune)}
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return need{exact: []string{""}}
	case syntax.OpCapture:
		return analyse(re.Sub[0])
	case syntax.OpPlus:
		return need{anyOf: held(analyse(re.Sub[0]))}
	case syntax.OpRepeat:
		if re.Min > 0 {
			return need{anyOf: held(analyse(re.Sub[0]))}
		}
	case syntax.OpQuest:
		if n := analyse(re.Sub[0]); n.exact != nil && len(n.exact) < maxExact {
			return need{exact: append(slices.Clone(n.exact), "")}
		}
	case syntax.OpConcat:
		return concat(re.Sub)
	case syntax.OpAlternate:
		return alternate(re.Sub)
	}
	return need{}
}

// held is what is in every match, by either list.
func held(n need) []string {
	if n.exact != nil {
		return useful(n.exact)
	}
	return n.anyOf
}

func classTexts(ranges []rune) []string {
	var texts []string
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if len(texts) == 12 {
				return nil
			}
			texts = append(texts, string(r))
		}
	}
	return texts
}

// concat joins what follows each other, and keeps the run of texts that is the
// most telling.
func concat(parts []*syntax.Regexp) need {
	var best []string
	consider := func(texts []string) {
		if texts = useful(texts); texts != nil && worth(texts) > worth(best) {
			best = texts
		}
	}
	run, whole := []string{""}, true
	for _, part := range parts {
		n := analyse(part)
		if n.exact != nil && len(run)*len(n.exact) <= maxExact {
			run = cross(run, n.exact)
			continue
		}
		whole = false
		consider(run)
		run = []string{""}
		if n.exact != nil {
			run = n.exact
		} else {
			consider(n.anyOf)
		}
	}
	if whole {
		return need{exact: run}
	}
	consider(run)
	return need{anyOf: best}
}

// worth says how telling texts are: by the shortest, then by how few there are.
func worth(texts []string) int {
	if len(texts) == 0 {
		return 0
	}
	shortest := len(texts[0])
	for _, t := range texts {
		shortest = min(shortest, len(t))
	}
	return min(shortest, 8)*maxWords - len(texts) + 1
}

func cross(a, b []string) []string {
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

func alternate(parts []*syntax.Regexp) need {
	var exact, anyOf []string
	exactly, telling := true, true
	for _, part := range parts {
		n := analyse(part)
		if n.exact == nil {
			exactly = false
		} else {
			exact = append(exact, n.exact...)
		}
		texts := held(n)
		if texts == nil {
			telling = false
		}
		anyOf = append(anyOf, texts...)
	}
	switch {
	case exactly && len(exact) <= maxExact:
		return need{exact: exact}
	case telling:
		return need{anyOf: anyOf}
	}
	return need{}
}
