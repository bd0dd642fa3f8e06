package facts

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// maxAlternatives bounds the words that one word with braces comes to.
const maxAlternatives = 64

// hasBraces says that a word may come to several by its braces. Words with
// substitutions are left alone: their commands would be lifted over and over.
func hasBraces(w *syntax.Word) bool {
	found := false
	for _, part := range w.Parts {
		switch p := part.(type) {
		case *syntax.Lit:
			found = found || strings.IndexByte(p.Value, '{') >= 0
		case *syntax.SglQuoted:
		case *syntax.DblQuoted:
			if len(p.Parts) != 1 {
				return false
			}
			if _, ok := p.Parts[0].(*syntax.Lit); !ok {
				return false
			}
		default:
			return false
		}
	}
	return found
}

// braces expands a word that was split at its braces, spelt raw in the line:
// {wget,http://x} is two words. Sequences such as {1..9} stay as written.
func (l *lifter) braces(out []text, w *syntax.Word, raw string, c context) []text {
	spelt, whole := alternatives(w)
	src := &source{raw: raw}
	for _, parts := range spelt {
		if !l.spend(len(raw)) {
			whole = false
			break
		}
		b := builder{l: l, c: c, out: out, t: text{known: true, src: src}}
		b.parts(parts, false)
		b.end("")
		out = b.out
	}
	if !whole {
		l.truncate()
	}
	return out
}

// alternatives returns the words that w stands for, as lists of parts, and
// whether they are all.
func alternatives(w *syntax.Word) (all [][]syntax.WordPart, whole bool) {
	all, whole = [][]syntax.WordPart{nil}, true
	for _, part := range w.Parts {
		tails, ok := choices(part)
		whole = whole && ok
		next := make([][]syntax.WordPart, 0, len(tails))
		for _, head := range all {
			for _, tail := range tails {
				if len(next) == maxAlternatives {
					return next, false
				}
				next = append(next, append(head[:len(head):len(head)], tail...))
			}
		}
		all = next
	}
	return all, whole
}

func choices(part syntax.WordPart) (all [][]syntax.WordPart, whole bool) {
	brace, ok := part.(*syntax.BraceExp)
	if !ok {
		return [][]syntax.WordPart{{part}}, true
	}
	if brace.Sequence {
		return [][]syntax.WordPart{sequence(brace)}, true
	}
	whole = true
	for _, elem := range brace.Elems {
		some, ok := alternatives(elem)
		if len(all)+len(some) > maxAlternatives {
			return all, false
		}
		all = append(all, some...)
		whole = whole && ok
	}
	return all, whole
}

// sequence spells {1..9} as it was written.
func sequence(brace *syntax.BraceExp) []syntax.WordPart {
	parts := []syntax.WordPart{&syntax.Lit{Value: "{"}}
	for i, elem := range brace.Elems {
		if i > 0 {
			parts = append(parts, &syntax.Lit{Value: ".."})
		}
		parts = append(parts, elem.Parts...)
	}
	return append(parts, &syntax.Lit{Value: "}"})
}
