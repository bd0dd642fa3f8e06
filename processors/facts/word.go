package facts

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// expand appends the fields that a word comes to: none, one or more.
func (l *lifter) expand(out []text, w *syntax.Word, c context) []text {
	if lit, ok := single(w); ok {
		return append(out, text{s: lit, known: true})
	}
	if hasBraces(w) {
		if raw := l.written(w); syntax.SplitBraces(w) {
			return l.braces(out, w, raw, c)
		}
	}
	return l.fields(out, w, c)
}

// fields expands a word without braces.
func (l *lifter) fields(out []text, w *syntax.Word, c context) []text {
	b := builder{l: l, c: c, out: out, t: text{known: true}}
	b.parts(w.Parts, false)
	raw := ""
	if len(b.out) == len(out) {
		raw = l.written(w) // the usual case: one word, one field
	}
	b.end(raw)
	return b.out
}

// one expands a word to a single text, as in assignments and redirections.
func (l *lifter) one(w *syntax.Word, c context) text {
	if w == nil {
		return text{known: true}
	}
	if lit, ok := single(w); ok {
		return text{s: lit, known: true}
	}
	fields := l.fields(nil, w, c)
	if len(fields) == 0 {
		return text{known: true}
	}
	return concat(" ", fields...)
}

// single returns the text of a word that stands for itself.
func single(w *syntax.Word) (string, bool) {
	if len(w.Parts) != 1 {
		return "", false
	}
	lit, ok := w.Parts[0].(*syntax.Lit)
	if !ok || strings.ContainsAny(lit.Value, `\{`) {
		return "", false
	}
	return lit.Value, true
}

// builder assembles the fields of one word.
type builder struct {
	l    *lifter
	c    context
	out  []text
	buf  []byte
	t    text // provenance of what is in buf
	open bool // a field has begun, be it empty
}

func (b *builder) add(s string) {
	b.buf = append(b.buf, s...)
	b.open = true
}

// end closes the field. Raw is how the line spells it, empty where unknown.
func (b *builder) end(raw string) {
	if b.open {
		b.t.s = string(b.buf)
		if raw != "" && !strings.Contains(raw, b.t.s) {
			b.t.src = joinSources(b.t.src, &source{raw: raw})
		}
		b.out = append(b.out, b.t)
	}
	b.buf, b.open, b.t = b.buf[:0], false, text{known: true}
}

func (b *builder) parts(parts []syntax.WordPart, quoted bool) {
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.literal(p.Value, quoted)
		case *syntax.SglQuoted:
			b.single(p)
		case *syntax.DblQuoted:
			b.open = true
			b.parts(p.Parts, true)
		case *syntax.ParamExp:
			b.param(p, quoted)
		case *syntax.CmdSubst:
			out := b.l.substitute(p.Stmts, b.c)
			out.s = strings.TrimRight(out.s, "\n")
			b.value(out, p, quoted)
		case *syntax.ProcSubst:
			written := b.l.written(p)
			b.l.procs = b.l.remember(b.l.procs, written, b.l.substitute(p.Stmts, b.c))
			b.add(written)
		default:
			b.l.inside(p, b.c)
			b.asWritten(p)
		}
	}
}

func (b *builder) literal(s string, quoted bool) {
	b.open = true
	if strings.IndexByte(s, '\\') < 0 {
		b.buf = append(b.buf, s...)
		return
	}
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (!quoted || strings.IndexByte("\\\"$`", s[i+1]) >= 0) {
			i++
		}
		b.buf = append(b.buf, s[i])
	}
}

func (b *builder) single(p *syntax.SglQuoted) {
	if !p.Dollar {
		b.add(p.Value)
		return
	}
	u := unescape(p.Value, escapesANSI)
	b.add(u.s)
	if u.numeric {
		b.t.layer = max(b.t.layer, 1)
		b.t.src = joinSources(b.t.src, &source{raw: p.Value, code: true})
		b.l.note(u.s, b.c.depth+1)
	}
}

// value puts in what a substitution came to, split at white space where it is
// not quoted. What is unknown stays as written.
func (b *builder) value(v text, p syntax.Node, quoted bool) {
	if !v.known || !b.l.spend(len(v.s)) {
		b.asWritten(p)
		return
	}
	b.t.layer = max(b.t.layer, v.layer)
	if v.s != "" { // the field may become more than this, and is then spelt in pieces
		b.t.src = joinSources(b.t.src, joinSources(v.src, &source{raw: v.s}))
	}
	ifs := b.l.separators()
	if quoted || !strings.ContainsAny(v.s, ifs) {
		if quoted || v.s != "" {
			b.add(v.s)
		}
		return
	}
	b.split(v, ifs)
}

// split puts in a value as fields of its own, the first joined to what stands
// before it and the last to what comes after.
func (b *builder) split(v text, ifs string) {
	between := func(r rune) bool { return strings.ContainsRune(ifs, r) }
	v.src = joinSources(v.src, &source{raw: v.s})
	for i, field := range strings.FieldsFunc(v.s, between) {
		if i > 0 || strings.IndexByte(ifs, v.s[0]) >= 0 {
			b.end("")
			b.t.layer, b.t.src = v.layer, v.src
		}
		b.add(field)
	}
	if strings.IndexByte(ifs, v.s[len(v.s)-1]) >= 0 {
		b.end("")
	}
}

func (b *builder) asWritten(p syntax.Node) {
	b.t.known = false
	b.add(b.l.written(p))
}
