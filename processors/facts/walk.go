package facts

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// list lifts statements and returns what they print.
func (l *lifter) list(stmts []*syntax.Stmt, c context) text {
	if len(stmts) == 1 {
		return l.stmt(stmts[0], c)
	}
	outs := make([]text, 0, min(len(stmts), 8))
	for _, s := range stmts {
		outs = append(outs, l.stmt(s, c))
	}
	return l.printed(outs)
}

// printed returns the output of commands that run one after the other.
func (l *lifter) printed(outs []text) text {
	n := 0
	for _, out := range outs {
		n += len(out.s)
	}
	if n == 0 || !l.spend(n) {
		return text{}
	}
	return concat("", outs...)
}

// stmt lifts one statement and returns what it prints to the pipe, if that is
// certain.
func (l *lifter) stmt(s *syntax.Stmt, c context) text {
	if l.tree++; l.tree > maxTree {
		l.truncate()
		l.tree--
		return text{}
	}
	defer func() { l.tree-- }()
	c.background = c.background || s.Background
	own := l.redirections(s.Redirs, &c)
	switch cmd := s.Cmd.(type) {
	case nil:
		return l.simple(nil, nil, own, c)
	case *syntax.CallExpr:
		return l.call(cmd, own, c)
	case *syntax.DeclClause:
		return l.declare(cmd, own, c)
	}
	if own != nil {
		c.redirs = own
	}
	return l.captured(l.compound(s.Cmd, c), own)
}

// captured returns what goes on through the pipe after redirections.
func (l *lifter) captured(out text, own *redirs) text {
	if name, appending, gone := own.stdout(); gone {
		l.store(name, out, appending)
		return text{}
	}
	return out
}

func (l *lifter) compound(cmd syntax.Command, c context) text {
	switch cmd := cmd.(type) {
	case *syntax.BinaryCmd:
		return l.binary(cmd, c)
	case *syntax.Block:
		return l.list(cmd.Stmts, c)
	case *syntax.Subshell:
		return l.list(cmd.Stmts, c)
	case *syntax.IfClause:
		for ; cmd != nil; cmd = cmd.Else {
			l.list(cmd.Cond, c)
			l.list(cmd.Then, c)
		}
	case *syntax.WhileClause:
		c.loop = true
		l.list(cmd.Cond, c)
		l.list(cmd.Do, c)
	case *syntax.ForClause:
		l.loop(cmd, c)
	case *syntax.CaseClause:
		l.branches(cmd, c)
	case *syntax.FuncDecl:
		c.function = true
		l.stmt(cmd.Body, c)
	case *syntax.TimeClause:
		if cmd.Stmt == nil {
			return l.simple([]text{{s: "time", known: true}}, nil, nil, c)
		}
		c.wrappers = append(c.wrappers[:len(c.wrappers):len(c.wrappers)], "time")
		return l.stmt(cmd.Stmt, c)
	case *syntax.CoprocClause:
		c.wrappers = append(c.wrappers[:len(c.wrappers):len(c.wrappers)], "coproc")
		c.background = true
		l.stmt(cmd.Stmt, c)
	default:
		l.inside(cmd, c)
	}
	return text{}
}

func (l *lifter) loop(cmd *syntax.ForClause, c context) {
	switch loop := cmd.Loop.(type) {
	case *syntax.WordIter:
		l.unset(loop.Name.Value)
		var items []text
		for _, w := range loop.Items {
			items = l.expand(items, w, c)
		}
		if len(items) == 1 && strings.IndexByte(items[0].s, '*') >= 0 {
			l.set(loop.Name.Value, items[0]) // each file of a pattern: the pattern stands for it
		}
	default:
		l.inside(loop, c)
	}
	c.loop = true
	l.list(cmd.Do, c)
}

func (l *lifter) branches(cmd *syntax.CaseClause, c context) {
	l.expand(nil, cmd.Word, c)
	for _, item := range cmd.Items {
		l.list(item.Stmts, c)
	}
}

// inside lifts the substitutions within a node that is no command itself,
// such as an arithmetic expression.
func (l *lifter) inside(n syntax.Node, c context) {
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CmdSubst:
			l.substitute(n.Stmts, c)
			return false
		case *syntax.ProcSubst:
			l.substitute(n.Stmts, c)
			return false
		}
		return true
	})
}

// substitute lifts the commands of $(…) and returns what they print.
func (l *lifter) substitute(stmts []*syntax.Stmt, c context) text {
	l.group++
	c.group = l.group
	c.subst, c.background, c.redirs, c.wrappers = true, false, nil, nil
	return l.list(stmts, c)
}

// binary lifts a && b, a || b and a | b. The grammar nests them to the left,
// so chains are taken apart without recursion.
func (l *lifter) binary(cmd *syntax.BinaryCmd, c context) text {
	pipe := isPipe(cmd.Op)
	chain := []*syntax.Stmt{cmd.Y}
	for {
		left, ok := cmd.X.Cmd.(*syntax.BinaryCmd)
		if !ok || isPipe(left.Op) != pipe || len(cmd.X.Redirs) > 0 || cmd.X.Background {
			break
		}
		chain = append(chain, left.Y)
		cmd = left
	}
	chain = append(chain, cmd.X)
	if pipe {
		return l.pipeline(chain, c)
	}
	outs := make([]text, 0, min(len(chain), 8))
	for i := len(chain) - 1; i >= 0; i-- {
		out := l.stmt(chain[i], c)
		if cmd.Op == syntax.OrStmt && len(outs) > 0 && outs[0].known && outs[0].s != "" {
			continue // what printed something will have succeeded
		}
		outs = append(outs, out)
	}
	return l.printed(outs)
}

func isPipe(op syntax.BinCmdOperator) bool { return op == syntax.Pipe || op == syntax.PipeAll }

// pipeline lifts the stages, which come last first.
func (l *lifter) pipeline(stages []*syntax.Stmt, c context) text {
	p := l.newPipe(c.group)
	for i := len(stages) - 1; i >= 0; i-- {
		start := len(l.commands)
		c.stdin = l.stmt(stages[i], c)
		p.stage(l, start)
	}
	p.connect(l)
	return c.stdin
}
