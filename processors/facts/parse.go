package facts

import (
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

var errNested = errors.New("too many brackets and keywords")

// parsed is a script as far as it is shell: statements, and from where on it
// is none (the end, where err is nil).
type parsed struct {
	stmts []*syntax.Stmt
	rest  int
	err   error
}

// parse parses a script and sets l.source to the text that the positions of
// the tree speak of.
func (l *lifter) parse(script string) parsed {
	l.source = script
	if openers(script) > maxOpeners {
		return parsed{err: errNested}
	}
	whole := l.parseWhole(script)
	if whole.err == nil {
		return whole
	}
	// The parser reads (( as arithmetic and does not look back; a shell takes
	// it for two subshells where arithmetic makes no sense.
	if apart := partBrackets(script); apart != script && l.spend(len(apart)) {
		if again := l.parseWhole(apart); again.err == nil {
			l.source = apart
			return again
		}
	}
	if !l.spend(len(script)) {
		return whole
	}
	return l.parseSome(script)
}

// partBrackets writes (( as ( ( where it is not quoted.
func partBrackets(script string) string {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(script); i++ {
		c := script[i]
		b.WriteByte(c)
		switch {
		case c == '\\' && quote != '\'' && i+1 < len(script):
			i++
			b.WriteByte(script[i])
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' && i+1 < len(script) && script[i+1] == '(':
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// parseWhole parses a script that is shell to its end.
func (l *lifter) parseWhole(script string) (p parsed) {
	defer l.contain(&p)
	file, err := l.ready(script).Parse(&l.reader, "")
	if err != nil {
		return parsed{err: err}
	}
	return parsed{stmts: file.Stmts}
}

// parseSome parses the statements at the beginning of a script that are shell.
func (l *lifter) parseSome(script string) (p parsed) {
	defer l.contain(&p)
	for stmt, err := range l.ready(script).StmtsSeq(&l.reader) {
		if err != nil {
			p.err = err
			break
		}
		p.stmts = append(p.stmts, stmt)
	}
	p.stmts = complete(p.stmts)
	if n := len(p.stmts); n > 0 {
		p.rest = min(int(p.stmts[n-1].End().Offset()), len(script))
	}
	return p
}

func (l *lifter) ready(script string) *syntax.Parser {
	if l.parser == nil {
		l.parser = syntax.NewParser(syntax.Variant(syntax.LangBash))
	}
	l.reader.Reset(script)
	return l.parser
}

// contain makes a panic of the parser an error.
func (l *lifter) contain(p *parsed) {
	if r := recover(); r != nil {
		l.parser, *p = nil, parsed{err: fmt.Errorf("shell parser: %v", r)}
	}
}

// complete returns the statements before the first whose here-document was
// not found.
func complete(stmts []*syntax.Stmt) []*syntax.Stmt {
	for i, stmt := range stmts {
		open := false
		syntax.Walk(stmt, func(n syntax.Node) bool {
			r, ok := n.(*syntax.Redirect)
			open = open || ok && (r.Op == syntax.Hdoc || r.Op == syntax.DashHdoc) && r.Hdoc == nil
			return !open
		})
		if open {
			return stmts[:i]
		}
	}
	return stmts
}

// openers counts what can make the parser recurse.
func openers(script string) int {
	n := 0
	for i := 0; i < len(script); i++ {
		switch script[i] {
		case '(', '[', '{', '`', '?', '!':
			n++
		}
	}
	if len(script) < maxOpeners*len("if ") {
		return n
	}
	for _, keyword := range [...]string{"if", "while", "until", "case", "time", "coproc"} {
		n += strings.Count(script, keyword)
	}
	return n
}

// written returns the source text of a node.
func (l *lifter) written(n syntax.Node) string {
	from, to := n.Pos().Offset(), n.End().Offset()
	if from > to || to > uint(len(l.source)) {
		return ""
	}
	return l.source[from:to]
}
