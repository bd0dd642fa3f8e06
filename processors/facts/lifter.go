package facts

import (
	"strings"
	"sync"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"
)

// Bounds of one command event. What lies beyond them is not examined, and
// command.truncated says so.
const (
	maxInput   = 64 << 10  // bytes of the line
	maxWork    = 256 << 10 // bytes parsed, decoded and substituted, in all
	maxScopes  = 256       // simple commands
	maxArgs    = 256       // arguments of one
	maxLayers  = 4         // layers of decoding
	maxNest    = 16        // scripts within scripts
	maxTree    = 1000      // depth of the syntax tree
	maxDecoded = 64        // decoded texts
	maxVars    = 256       // variables set by the line
	maxFiles   = 64        // files written by the line
	maxPiped   = 64        // names in cmd.piped_from and cmd.piped_to each
	maxSecrets = 64        // secrets; beyond them everything is masked
	maxOpeners = 2000      // brackets and keywords given to the parser, which recurses (and is quadratic) in them
)

// lifter holds the state of lifting one line. It is reused.
type lifter struct {
	parser *syntax.Parser
	reader strings.Reader

	commands []command
	count    int // simple commands, stored or not
	decoded  []string
	depth    int // deepest layer opened
	secrets  []string

	vars  []variable
	files []file
	procs []file // output of <(…), by its spelling

	work   int // bytes left to examine
	scans  int // bytes left to search for secrets
	room   int // bytes left for texts told in several scopes
	nest   int // scripts within scripts
	tree   int // depth of the syntax tree
	group  int // number of the last command group
	quiet  int // above 0: look for secrets only
	cut    bool
	source string // of the script being walked

	members []member // of the pipelines that are being lifted
	words   []text   // memory for arguments
	strings []string // memory for lists of names
}

// variable is a shell variable set by the line, file a file written by it.
type (
	variable struct {
		name  string
		value text
	}
	file struct {
		name    string
		content text
	}
)

// command is one simple command, ready to be told as a scope.
type command struct {
	name, path string
	args       []text
	wrappers   []string
	assigns    []text
	redirs     *redirs
	stdin      text
	code       text // program text that an interpreter is given
	from, to   []string
	depth      int
	group      int
	background bool
	subst      bool
	loop       bool
}

// context is what a command inherits from where it stands.
type context struct {
	depth      int      // layers of decoding
	group      int      // commands of one group can be piped into each other
	stdin      text     // known to be fed to the command
	redirs     *redirs  // of the compound commands around it
	wrappers   []string // that the grammar knows: time, coproc
	origins    *source  // spellings of the script it stands in
	background bool
	subst      bool
	loop       bool // in the body of for, while, until, or in the latter's condition
	function   bool // $1 is an argument: of a function, of a script
	mangled    bool // in the name of a command, where unset variables hide it
}

var lifters = sync.Pool{New: func() any { return new(lifter) }}

// reset forgets the last line. Large memory is let go.
func (l *lifter) reset() {
	clear(l.commands)
	clear(l.words)
	clear(l.strings)
	if cap(l.words) > 4096 {
		l.words, l.strings, l.commands = nil, nil, nil
	}
	*l = lifter{
		parser:   l.parser,
		commands: l.commands[:0],
		members:  l.members[:0],
		words:    l.words[:0],
		strings:  l.strings[:0],
		work:     maxWork,
		scans:    maxWork,
		room:     maxWork,
	}
}

// lift examines one line of at most maxInput bytes of valid UTF-8 and says whether it is shell.
func (l *lifter) lift(line string) (shell bool) {
	l.reset()
	return l.run(text{s: line, known: true}, context{})
}

// trim returns s cut to at most size bytes between two runes.
func trim(s string, size int) (string, bool) {
	if len(s) <= size {
		return s, false
	}
	for size > 0 && !utf8.RuneStart(s[size]) {
		size--
	}
	return s[:size], true
}

// run lifts the commands of a script that c's shell would run, and says
// whether it is shell.
func (l *lifter) run(script text, c context) (shell bool) {
	if l.nest >= maxNest || c.depth+script.layer > maxLayers || !l.spend(len(script.s)) {
		l.truncate()
		return false
	}
	c.depth += script.layer
	c.wrappers = nil
	c.origins = joinSources(c.origins, script.src)
	l.group++
	c.group = l.group
	outer := l.source
	l.nest++
	shell = l.read(script.s, c)
	l.nest--
	l.source = outer
	return shell
}

// read lifts the commands of a script and says whether it is shell.
func (l *lifter) read(script string, c context) (shell bool) {
	if plain(script) {
		l.source = script
		l.tokenise(0, c)
		return true
	}
	p := l.parse(script)
	l.list(p.stmts, c)
	if p.err != nil {
		l.tokenise(p.rest, c)
	}
	return p.err == nil
}

// spend takes n bytes from what may still be examined, or says that they are
// not. What is searched for secrets only has an account of its own.
func (l *lifter) spend(n int) bool {
	left := &l.work
	if l.quiet > 0 {
		left = &l.scans
	}
	if n > *left {
		l.truncate()
		return false
	}
	*left -= n
	return true
}

// truncate notes that something was left unexamined. It may have held a
// secret, so everything is masked.
func (l *lifter) truncate() {
	l.cut = true
	l.hide("")
}

// note records the text of an opened layer.
func (l *lifter) note(s string, depth int) {
	if l.quiet > 0 {
		return
	}
	l.depth = max(l.depth, min(depth, maxLayers))
	if s == "" {
		return
	}
	for _, known := range l.decoded {
		if known == s {
			return
		}
	}
	if len(l.decoded) == maxDecoded {
		l.truncate()
		return
	}
	l.decoded = append(l.decoded, s)
}

// take returns memory for n words.
func (l *lifter) take(n int) []text {
	if n > cap(l.words)-len(l.words) {
		l.words = make([]text, 0, max(256, n, min(2*cap(l.words), 4096)))
	}
	at := len(l.words)
	l.words = l.words[:at+n]
	return l.words[at : at : at+n]
}
