package match

import (
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Bounds of an automaton's alphabet and program.
const (
	maxDFAInsts   = 2000
	maxDFABounds  = 2000
	maxDFAClasses = 255
)

// alphabet sorts runes into the classes that a program cannot tell apart.
type alphabet struct {
	ascii [utf8.RuneSelf]uint8
	// Beyond ASCII, the runes from bounds[i] to below bounds[i+1] are of class
	// classes[i]. The first bound is utf8.RuneSelf.
	bounds  []rune
	classes []uint8
	// sample is one rune of each class; end is the class after the last rune.
	sample []rune
	end    uint8
	// looks are the sides that the program's empty-width tests look at.
	looks look
}

func (a *alphabet) class(r rune) uint8 {
	from, to := 0, len(a.bounds)
	for to-from > 1 {
		if middle := int(uint(from+to) >> 1); a.bounds[middle] <= r {
			from = middle
		} else {
			to = middle
		}
	}
	return a.classes[from]
}

// fill works out the classes. It returns false where there are too many.
func (a *alphabet) fill(prog *syntax.Prog) bool {
	starts := []rune{0, utf8.RuneSelf}
	add := func(low, high rune) { starts = append(starts, low, high+1) }
	var readers []*syntax.Inst
	for i := range prog.Inst {
		inst := &prog.Inst[i]
		switch inst.Op {
		case syntax.InstRune, syntax.InstRune1:
			eachRange(inst, add)
			readers = append(readers, inst)
		case syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			add('\n', '\n')
			readers = append(readers, inst)
		case syntax.InstEmptyWidth:
			a.looks |= looksOf(syntax.EmptyOp(inst.Arg))
		}
		if len(starts) > 2*maxDFABounds {
			return false
		}
	}
	add('\n', '\n')
	for _, r := range [][2]rune{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}} {
		add(r[0], r[1])
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	return len(starts) <= maxDFABounds && a.group(starts, readers)
}

func looksOf(op syntax.EmptyOp) look {
	looks := lookEdge
	if op&(syntax.EmptyBeginLine|syntax.EmptyEndLine) != 0 {
		looks |= lookNewline
	}
	if op&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0 {
		looks |= lookWord
	}
	return looks
}

// eachRange calls add for every range of runes that an instruction takes, the
// other cases of a letter included.
func eachRange(inst *syntax.Inst, add func(low, high rune)) {
	if len(inst.Rune) == 1 {
		r := inst.Rune[0]
		add(r, r)
		if syntax.Flags(inst.Arg)&syntax.FoldCase != 0 {
			for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
				add(other, other)
			}
		}
		return
	}
	for i := 0; i+1 < len(inst.Rune); i += 2 {
		add(inst.Rune[i], inst.Rune[i+1])
	}
}

// group gives intervals that every instruction treats alike one class.
func (a *alphabet) group(starts []rune, readers []*syntax.Inst) bool {
	known := map[string]uint8{}
	signature := make([]byte, 0, len(readers)+1)
	for i, from := range starts {
		if from > unicode.MaxRune {
			break
		}
		signature = append(signature[:0], byte(lookAt(from)&a.looks))
		for _, inst := range readers {
			took := byte(0)
			if takes(inst, from) {
				took = 1
			}
			signature = append(signature, took)
		}
		class, seen := known[string(signature)]
		if !seen {
			if len(a.sample) == maxDFAClasses {
				return false
			}
			class = uint8(len(a.sample))
			known[string(signature)] = class
			a.sample = append(a.sample, from)
		}
		if from >= utf8.RuneSelf {
			a.bounds, a.classes = append(a.bounds, from), append(a.classes, class)
			continue
		}
		for c := from; c < starts[i+1]; c++ {
			a.ascii[c] = class
		}
	}
	a.end = uint8(len(a.sample))
	return true
}

func takes(inst *syntax.Inst, r rune) bool {
	switch inst.Op {
	case syntax.InstRuneAny:
		return true
	case syntax.InstRuneAnyNotNL:
		return r != '\n'
	case syntax.InstRune, syntax.InstRune1:
		return inst.MatchRune(r)
	}
	return false
}

// lookAt says what empty-width tests see of a rune.
func lookAt(r rune) look {
	switch {
	case r == '\n':
		return lookNewline
	case syntax.IsWordChar(r):
		return lookWord
	}
	return 0
}
