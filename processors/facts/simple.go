package facts

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// noName is the name of a simple command that has none.
const noName = ":"

// call lifts a simple command of the grammar.
func (l *lifter) call(call *syntax.CallExpr, own *redirs, c context) text {
	var assigns []text
	if len(call.Assigns) > 0 {
		assigns = l.assigns(call.Assigns, len(call.Args) == 0, c)
	}
	words := l.take(len(call.Args))
	for i, w := range call.Args {
		c.mangled = i == 0 && isMangled(w)
		words = l.expand(words, w, c)
	}
	c.mangled = false
	return l.simple(words, assigns, own, c)
}

// isMangled says that a command's name has something else between letters:
// w${x}get, where the variable is there to be empty.
func isMangled(w *syntax.Word) bool {
	if len(w.Parts) < 3 {
		return false
	}
	head, ok := w.Parts[0].(*syntax.Lit)
	tail, also := w.Parts[len(w.Parts)-1].(*syntax.Lit)
	return ok && also && !strings.ContainsAny(head.Value, "/.~") && !strings.ContainsAny(tail.Value, "/.")
}

// declare lifts export, declare and their like.
func (l *lifter) declare(d *syntax.DeclClause, own *redirs, c context) text {
	words := append(l.take(1+len(d.Args)), text{s: d.Variant.Value, known: true})
	var assigns []text
	for _, a := range d.Args {
		switch {
		case !a.Naked:
			some := l.assigns([]*syntax.Assign{a}, true, c)
			words, assigns = append(words, some...), append(assigns, some...)
		case a.Name != nil:
			words = append(words, text{s: a.Name.Value, known: true})
		default:
			words = l.expand(words, a.Value, c)
		}
	}
	return l.simple(words, assigns, own, c)
}

// assigns returns assignments as NAME=value. Those that last set variables.
func (l *lifter) assigns(list []*syntax.Assign, last bool, c context) []text {
	out := l.take(len(list))
	for _, a := range list {
		name := a.Name.Value
		if a.Value == nil && (a.Array != nil || a.Index != nil) || a.Index != nil {
			l.inside(a, c)
			l.unset(name)
			out = append(out, text{s: l.written(a)})
			continue
		}
		value := l.one(a.Value, c)
		if old, ok := l.lookup(name); ok && a.Append && l.spend(len(old.s)) {
			value.src = joinSources(value.src, &source{raw: value.s})
			old.src = joinSources(old.src, &source{raw: old.s})
			value = concat("", old, value)
		}
		if last {
			l.set(name, value)
		}
		out = append(out, value.with(name+"="+value.s))
	}
	return out
}

// simple lifts one simple command: words are its name and arguments, own its
// redirections. It returns what the command prints to the pipe, if that is
// certain.
func (l *lifter) simple(words, assigns []text, own *redirs, c context) text {
	all := own // with those around the command
	if own == nil {
		all = c.redirs
	}
	if l.quiet == 0 {
		l.count++
	}
	l.examine(words, assigns, c)
	cmd := command{
		name: noName, wrappers: c.wrappers, assigns: assigns, redirs: all, stdin: c.stdin,
		depth: c.depth, group: c.group, background: c.background, subst: c.subst, loop: c.loop,
	}
	rest := l.peel(words, &cmd)
	if len(rest) > 0 {
		cmd.path, cmd.args = rest[0].s, rest[1:]
		cmd.name = programOf(basename(cmd.path))
		cmd.depth += rest[0].layer
	}
	if isSplit(words) {
		cmd.depth++
		l.note(strings.TrimSpace(line(cmd.name, cmd.args)), cmd.depth)
	}
	cmd.depth = min(cmd.depth, maxLayers)
	l.emit(cmd)
	in := invocation{command: cmd, c: c}
	l.follow(in)
	var out text
	if filter := filterOf(cmd.name); filter != nil {
		out = filter(l, in)
	}
	return l.captured(out, own)
}

// invocation is a command with the context that it stands in.
type invocation struct {
	command
	c     context
	given bool // the script that it runs has arguments
}

// emit stores a command as a scope to be told.
func (l *lifter) emit(cmd command) {
	switch {
	case l.quiet > 0:
	case len(l.commands) == maxScopes:
		l.cut = true
	default:
		l.commands = append(l.commands, cmd)
	}
}

// follow lifts the commands that the command runs.
func (l *lifter) follow(in invocation) {
	if l.quiet > 0 && in.name != "find" && in.name != "xargs" {
		return // scan looks into arguments by itself
	}
	if run := runnerOf(in.name); run != nil {
		run(l, in)
		return
	}
	if len(l.files) > 0 && strings.IndexByte(in.path, '/') >= 0 {
		if script, ok := recall(l.files, strings.TrimPrefix(in.path, "./")); ok {
			l.script(script, in)
		} else if script, ok := recall(l.files, in.path); ok {
			l.script(script, in)
		}
	}
}

func isSplit(words []text) bool {
	for i := range words {
		if words[i].split {
			return true
		}
	}
	return false
}

// programOf returns the program that a variable is named after ($which_python,
// ${PYTHON_BIN}), where its value is not known; else the name itself.
func programOf(name string) string {
	if name[0] != '$' || len(name) < 4 {
		return name
	}
	bare := strings.ToLower(strings.Trim(name, "${}"))
	program, which := strings.CutPrefix(bare, "which_")
	for _, suffix := range [...]string{"_bin", "_path", "_cmd", "_exe"} {
		program = strings.TrimSuffix(program, suffix)
	}
	if which || languageOf(program) != nil {
		return program
	}
	return name
}

// basename returns a path's last part, or all of it where that is empty.
func basename(path string) string {
	if name := path[strings.LastIndexByte(path, '/')+1:]; name != "" {
		return name
	}
	if path == "" {
		return `''`
	}
	return path
}

// line returns a command's name and arguments joined by spaces.
func line(name string, args []text) string {
	n := len(name) + len(args)
	for i := range args {
		n += len(args[i].s)
	}
	var b strings.Builder
	b.Grow(n)
	b.WriteString(name)
	for i := range args {
		b.WriteByte(' ')
		b.WriteString(args[i].s)
	}
	return b.String()
}
