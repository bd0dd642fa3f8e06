package facts

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// redirs are the redirections of a command, on top of those of the compound
// commands around it.
type redirs struct {
	list  []redir
	outer *redirs
}

type redir struct {
	mode   redirMode
	stdout bool // it takes the standard output
	target text
}

type redirMode int

const (
	redirReads redirMode = iota
	redirWrites
	redirAppends
)

// redirections resolves redirections, and puts into c what they feed to the
// command. It returns nil for none. Copies of file descriptors (2>&1) name no file.
func (l *lifter) redirections(list []*syntax.Redirect, c *context) *redirs {
	if len(list) == 0 {
		return nil
	}
	own := &redirs{outer: c.redirs}
	for _, r := range list {
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			c.stdin = l.document(r, *c)
		case syntax.WordHdoc:
			c.stdin = l.one(r.Word, *c)
			c.stdin.s += "\n"
		default:
			target := l.one(r.Word, *c)
			l.scan(target, *c)
			fd := ""
			if r.N != nil {
				fd = r.N.Value
			}
			l.redirect(own, redirOp(r.Op), fd, target, c)
		}
	}
	return own
}

// document returns the text of a here-document.
func (l *lifter) document(r *syntax.Redirect, c context) text {
	if r.Hdoc == nil {
		return text{known: true}
	}
	b := builder{l: l, c: c, t: text{known: true}}
	quoted := false
	for _, part := range r.Word.Parts {
		lit, ok := part.(*syntax.Lit)
		quoted = quoted || !ok || strings.IndexByte(lit.Value, '\\') >= 0
	}
	for _, part := range r.Hdoc.Parts {
		if lit, ok := part.(*syntax.Lit); ok && quoted {
			b.add(lit.Value)
		} else {
			b.parts([]syntax.WordPart{part}, true)
		}
	}
	b.end("")
	if len(b.out) == 0 {
		return text{known: true}
	}
	out := concat("", b.out...)
	l.scan(out, c)
	return out
}

// redirOp returns the operator as the fallback tokeniser spells it.
func redirOp(op syntax.RedirOperator) string {
	switch op {
	case syntax.RdrIn:
		return "<"
	case syntax.RdrInOut:
		return "<>"
	case syntax.AppOut, syntax.AppAll, syntax.AppClob, syntax.AppAllClob:
		return ">>"
	case syntax.DplIn:
		return "<&"
	case syntax.DplOut:
		return ">&"
	case syntax.RdrAll, syntax.RdrAllClob:
		return "&>"
	}
	return ">"
}

// redirect adds one redirection to own, and to c what it feeds.
func (l *lifter) redirect(own *redirs, op, fd string, target text, c *context) {
	if target.s == "" {
		return
	}
	switch op {
	case "<&", ">&":
		if isDescriptor(target.s) {
			return
		}
	}
	r := redir{mode: redirWrites, target: target, stdout: fd == "" || fd == "1"}
	switch op {
	case "<", "<&", "<>":
		if op == "<>" {
			own.list = append(own.list, redir{mode: redirWrites, target: target})
		}
		r.mode, r.stdout = redirReads, false
		if content, ok := l.content(target.s); ok && fd == "" {
			c.stdin = content
		} else if fd == "" {
			c.stdin = text{}
		}
	case ">>":
		r.mode = redirAppends
	}
	own.list = append(own.list, r)
}

// content returns what the line is known to have put behind a file's name.
func (l *lifter) content(name string) (text, bool) {
	if content, ok := recall(l.procs, name); ok {
		return content, true
	}
	return recall(l.files, name)
}

func isDescriptor(s string) bool {
	s = strings.TrimSuffix(s, "-")
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// stdout returns the file that takes the standard output, if one does, and
// whether it is appended to.
func (r *redirs) stdout() (name string, appending, ok bool) {
	if r == nil {
		return "", false, false
	}
	for i := len(r.list) - 1; i >= 0; i-- {
		if r.list[i].stdout {
			return r.list[i].target.s, r.list[i].mode == redirAppends, true
		}
	}
	return "", false, false
}
