package facts

import "strings"

// text is what a word, a variable or the output of a command comes to.
type text struct {
	s string
	// known says that nothing in s had to be left as written.
	known bool
	// split says that $IFS stood for white space next to it.
	split bool
	// layer counts the decoding layers that were opened to get at s.
	layer int
	// src holds spellings in which the line holds s where it does not hold s
	// itself: quoted, escaped, encoded.
	src *source
}

// source is a tree of spellings.
type source struct {
	raw  string
	code bool // raw is an encoding, which holds the text also where it does not seem to
	a, b *source
}

// maxSources bounds the spellings of one secret.
const maxSources = 64

func joinSources(a, b *source) *source {
	switch {
	case a == nil:
		return b
	case b == nil || a == b:
		return a
	}
	return &source{a: a, b: b}
}

// each calls yield for each spelling. It reports false when there are more
// than maxSources nodes to visit.
func (s *source) each(yield func(raw string, code bool)) bool {
	left := maxSources
	return s.walk(&left, yield)
}

func (s *source) walk(left *int, yield func(raw string, code bool)) bool {
	if s == nil {
		return true
	}
	if *left--; *left < 0 {
		return false
	}
	if s.raw != "" {
		yield(s.raw, s.code)
	}
	return s.a.walk(left, yield) && s.b.walk(left, yield)
}

// concat returns the texts joined by sep.
func concat(sep string, texts ...text) text {
	if len(texts) == 1 {
		return texts[0]
	}
	all := text{known: true}
	var b strings.Builder
	for i, t := range texts {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(t.s)
		all.known = all.known && t.known
		all.split = all.split || t.split
		all.layer = max(all.layer, t.layer)
		all.src = joinSources(all.src, t.src)
	}
	all.s = b.String()
	return all
}

// with returns s as a text of t's provenance.
func (t text) with(s string) text {
	t.s = s
	return t
}
