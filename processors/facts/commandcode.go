package facts

import "strings"

// language is what the lifter knows of an interpreter.
type language struct {
	options string // short options whose value is program text; they may end a bundle
	longs   string // a long option of the same kind
	operand bool   // program text is the first operand, as with awk
	ticks   bool   // `…` runs a command
}

var (
	python = &language{options: "c"}
	perl   = &language{options: "eE", ticks: true}
	ruby   = &language{options: "e", ticks: true}
	php    = &language{options: "rBR", longs: "--run", ticks: true}
	nodeJS = &language{options: "ep", longs: "--eval"}
	lua    = &language{options: "e"}
	awk    = &language{operand: true}
	expect = &language{options: "c"}
	script = &language{options: "e"}
)

// languageOf returns the interpreter that a program's name stands for, without
// its version, nil for other programs.
func languageOf(name string) *language {
	if len(name) < 3 || strings.IndexByte("pgmnarlojte", name[0]) < 0 {
		return nil
	}
	switch strings.TrimRight(name, "0123456789.") {
	case "python", "pypy", "ipython", "micropython":
		return python
	case "perl":
		return perl
	case "ruby", "jruby":
		return ruby
	case "php", "php-cgi":
		return php
	case "node", "nodejs":
		return nodeJS
	case "lua", "luajit":
		return lua
	case "awk", "gawk", "mawk", "nawk":
		return awk
	case "expect", "tclsh":
		return expect
	case "osascript", "groovy":
		return script
	}
	return nil
}

// codeOf returns the program text that an interpreter is given: on its command
// line, on its standard input, or in a file that the line wrote.
func (l *lifter) codeOf(lang *language, in *invocation) text {
	for i := 0; i < len(in.args); i++ {
		word := in.args[i].s
		if len(word) < 2 || word[0] != '-' {
			if lang.operand {
				return in.args[i]
			}
			if word == "-" {
				break
			}
			code, _ := l.content(word)
			return code
		}
		if lang.operand {
			if word == "-f" {
				return text{}
			}
			if word == "-v" || word == "-F" {
				i++
			}
			continue
		}
		long := strings.HasPrefix(word, "--")
		if i+1 < len(in.args) && (word == lang.longs || !long && strings.IndexByte(lang.options, word[len(word)-1]) >= 0) {
			return in.args[i+1]
		}
		if !long && len(word) > 2 && strings.IndexByte(lang.options, word[1]) >= 0 {
			return in.args[i].with(word[2:])
		}
	}
	if lang.operand {
		return text{}
	}
	return in.stdin
}

// runCode lifts the commands that program text runs.
func runCode(lang *language) runner {
	return func(l *lifter, in invocation) {
		code := l.codeOf(lang, &in)
		if len(code.s) < 6 || !l.spend(len(code.s)) {
			return
		}
		if n := len(l.commands); n > 0 && l.quiet == 0 && l.commands[n-1].name == in.name {
			l.commands[n-1].code = code
		}
		in.c.stdin = text{}
		s := codeScan{l: l, in: in, code: code, ticks: lang.ticks, left: maxCalls}
		s.scan()
	}
}

// maxCalls bounds the calls followed in one program text.
const maxCalls = 32
