package facts

import "strings"

// codeScan finds in program text the calls that run a command. It knows no
// language's grammar: a call is a name from a short list, an opening bracket
// or a space, and quoted text.
type codeScan struct {
	l     *lifter
	in    invocation
	code  text
	ticks bool
	at    int
	left  int
}

func (s *codeScan) scan() {
	src := s.code.s
	for s.at < len(src) && s.left > 0 {
		c := src[s.at]
		switch {
		case isNameByte(c):
			from := s.at
			for s.at < len(src) && isNameByte(src[s.at]) {
				s.at++
			}
			if runsCommand(src[from:s.at]) {
				s.call(src[from:s.at])
			}
		case c == '"' || c == '\'':
			s.quoted()
		case c == '`' && s.ticks:
			if lit, ok := s.literal(); ok {
				s.run(lit)
			}
		default:
			s.at++
		}
	}
}

// quoted passes over quoted text. Where a pipe stands beside it awk runs it.
func (s *codeScan) quoted() {
	before := strings.TrimRight(s.code.s[:s.at], " ")
	lit, ok := s.literal()
	if !ok {
		return
	}
	after := strings.TrimLeft(s.code.s[s.at:], " ")
	fed := strings.HasSuffix(before, "|") && !strings.HasSuffix(before, "||")
	if fed || strings.HasPrefix(after, "|") && strings.Contains(after[:min(len(after), 12)], "getline") {
		s.run(lit)
	}
}

// runsCommand says that a function of that name runs what it is given, in one
// of the languages that languageOf knows.
func runsCommand(name string) bool {
	switch name {
	case "system", "popen", "popen2", "popen3", "Popen", "getoutput", "getstatusoutput", "check_output", "check_call", "call", "run",
		"exec", "execl", "execlp", "execle", "execv", "execvp", "execve", "execvpe", "execlpe", "spawn", "spawnl", "spawnv", "spawnSync",
		"execSync", "execFile", "execFileSync", "shell_exec", "passthru", "proc_open", "pcntl_exec", "execute", "qx", "x", "capture2", "capture3", "script":
		return true
	}
	return false
}

// call reads what is given to a call and lifts it: one text is a script,
// several are the words of a command.
func (s *codeScan) call(name string) {
	src := s.code.s
	for s.at < len(src) && (src[s.at] == ' ' || src[s.at] == '(' || src[s.at] == '[' || src[s.at] == '{' && name == "x") {
		s.at++
	}
	if name == "qx" || name == "x" {
		s.bracketed()
		return
	}
	if name == "spawn" && s.at < len(src) && isNameByte(src[s.at]) || s.at < len(src) && src[s.at] == '/' && name == "spawn" {
		s.bare()
		return
	}
	var words []text
	for len(words) < maxArgs {
		lit, ok := s.literal()
		if !ok {
			break
		}
		words = append(words, lit)
		for s.at < len(src) && strings.IndexByte(" ,[\n\t\\", src[s.at]) >= 0 {
			s.at++
		}
	}
	if strings.HasPrefix(name, "exec") && len(words) > 2 && strings.HasPrefix(words[0].s, "/") && basename(words[0].s) == basename(words[1].s) {
		words = append(words[:1], words[2:]...) // the second is what the program is called
	}
	switch {
	case len(words) == 1:
		s.run(words[0])
	case len(words) > 1:
		s.left--
		s.l.inner(words, s.in)
	}
}

// bracketed reads qx(…), qx{…} and %x(…), whose bracket may have been passed.
func (s *codeScan) bracketed() {
	rest := s.code.s[s.at:]
	if end := strings.IndexAny(rest, ")}]|!/"); end > 0 {
		s.at += end
		s.run(s.code.with(rest[:end]))
	}
}

// bare reads expect's spawn, whose words stand without quotes.
func (s *codeScan) bare() {
	rest := s.code.s[s.at:]
	end := strings.IndexAny(rest, ";\n")
	if end < 0 {
		end = len(rest)
	}
	s.at += end
	s.run(s.code.with(rest[:end]))
}

// run lifts a script that the code runs.
func (s *codeScan) run(script text) {
	s.left--
	s.l.script(script, s.in)
}

// literal reads quoted text at the present place, which may bear a prefix as
// Python's r"" and f"" do. It reports false where there is none; the place
// moves on all the same where a quote never closes.
func (s *codeScan) literal() (text, bool) {
	src := s.code.s
	at := s.at
	if at+1 < len(src) && strings.IndexByte("rbfuRBFU", src[at]) >= 0 && (src[at+1] == '"' || src[at+1] == '\'') {
		at++
	}
	if at >= len(src) || strings.IndexByte("\"'`", src[at]) < 0 {
		return text{}, false
	}
	quote := src[at : at+1]
	if strings.HasPrefix(src[at:], strings.Repeat(quote, 3)) {
		quote = src[at : at+3]
	}
	at += len(quote)
	from := at
	for at < len(src) && !strings.HasPrefix(src[at:], quote) {
		if src[at] == '\\' {
			at++
		}
		at++
	}
	if at >= len(src) {
		s.at = len(src)
		return text{}, false
	}
	s.at = at + len(quote)
	lit := s.code.with(src[from:at])
	if strings.IndexByte(lit.s, '\\') >= 0 {
		lit.src = joinSources(lit.src, &source{raw: lit.s})
		lit.s = unescape(lit.s, escapesANSI).s
	}
	return lit, true
}
