package facts

import (
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// param puts in a parameter expansion.
func (b *builder) param(p *syntax.ParamExp, quoted bool) {
	if p.Param == nil {
		b.l.inside(p, b.c)
		b.asWritten(p)
		return
	}
	name := p.Param.Value
	if name == "IFS" && !p.Length && !p.Excl {
		b.separator(quoted)
		return
	}
	v, set := b.l.lookup(name)
	if isSimple(p) {
		if !set && (b.c.mangled || positional(name) && !b.c.function) {
			return
		}
		v.known = v.known && set
		b.value(v, p, quoted)
		return
	}
	out, ok := b.operate(p, v, set)
	if !ok {
		b.l.inside(p, b.c)
	} else if out.s != v.s && v.s != "" {
		out.src = joinSources(out.src, &source{raw: v.s})
	}
	v = out
	v.known = v.known && ok
	b.value(v, p, quoted)
}

// separator stands for $IFS: white space of the attacker's choice of spelling.
func (b *builder) separator(quoted bool) {
	if quoted {
		b.add(" ")
		return
	}
	split := len(b.buf) > 0
	b.end("")
	if n := len(b.out); split {
		b.out[n-1].split = true
	}
	b.t.split = true
}

// isSimple says that p is $name or ${name}.
func isSimple(p *syntax.ParamExp) bool {
	return !p.Excl && !p.Length && !p.Width && p.Index == nil && p.Slice == nil &&
		p.Repl == nil && p.Names == 0 && p.Exp == nil
}

// positional says that the parameter is empty at a prompt: $1 … $9, $@, $*.
// Attackers put them between letters.
func positional(name string) bool {
	return len(name) == 1 && (name[0] >= '1' && name[0] <= '9' || name == "@" || name == "*")
}

// operate applies the operation of an expansion to a variable's value.
func (b *builder) operate(p *syntax.ParamExp, v text, set bool) (text, bool) {
	switch {
	case p.Excl || p.Length || p.Width || p.Index != nil || p.Names != 0:
		return text{}, false
	case p.Exp != nil:
		return b.fallbackValue(p, v, set)
	case p.Slice != nil:
		return b.slice(p, v, set)
	case p.Repl != nil && set:
		orig, with := b.l.one(p.Repl.Orig, b.c), b.l.one(p.Repl.With, b.c)
		if orig.s == "" || !orig.known || !with.known || strings.ContainsAny(orig.s, "*?[") ||
			!b.l.spend(len(v.s)*(1+len(with.s)/len(orig.s))) {
			return text{}, false
		}
		n := 1
		if p.Repl.All {
			n = -1
		}
		return v.with(strings.Replace(v.s, orig.s, with.s, n)), true
	}
	return text{}, false
}

// fallbackValue is ${a:-b} and its like, and the changes of case.
func (b *builder) fallbackValue(p *syntax.ParamExp, v text, set bool) (text, bool) {
	name := p.Param.Value
	filled := set && v.s != ""
	switch p.Exp.Op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		other := b.l.one(p.Exp.Word, b.c)
		if filled {
			return v, true
		}
		if set || positional(name) || !wellKnown(name) {
			if p.Exp.Op == syntax.AssignUnset || p.Exp.Op == syntax.AssignUnsetOrNull {
				b.l.set(name, other)
			}
			return other, true
		}
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		other := b.l.one(p.Exp.Word, b.c)
		if filled || wellKnown(name) {
			return other, true
		}
		return text{known: true}, !set || v.known
	case syntax.UpperAll:
		return v.with(strings.ToUpper(v.s)), set
	case syntax.LowerAll:
		return v.with(strings.ToLower(v.s)), set
	}
	return text{}, false
}

// usual holds the variables whose value is known well enough to cut a slash
// or a letter out of it, which is all that it is used for.
var usual = map[string]string{
	"HOME": "/root", "PWD": "/root", "SHELL": "/bin/bash",
	"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
}

func wellKnown(name string) bool { return usual[name] != "" }

// slice is ${a:from:size} with constants.
func (b *builder) slice(p *syntax.ParamExp, v text, set bool) (text, bool) {
	if !set {
		v = text{s: usual[p.Param.Value], known: true}
	}
	from, ok := constant(p.Slice.Offset)
	if !ok || from > len(v.s) || !v.known {
		return text{}, false
	}
	size := len(v.s) - from
	if p.Slice.Length != nil {
		if size, ok = constant(p.Slice.Length); !ok {
			return text{}, false
		}
	}
	return v.with(valid(v.s[from:min(len(v.s), from+size)])), true
}

// constant reads a whole number, which is not negative.
func constant(x syntax.ArithmExpr) (int, bool) {
	w, ok := x.(*syntax.Word)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(w.Lit(), 10, 16)
	return int(n), err == nil
}
