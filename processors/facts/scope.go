package facts

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
)

// tell adds the facts of one simple command to a scope.
func (l *lifter) tell(f *match.Fields, cmd *command, index int) {
	if len(cmd.args) > maxArgs {
		cmd.args = cmd.args[:maxArgs]
		l.cut = true
	}
	f.Add("cmd.name", cmd.name)
	if cmd.path != "" {
		f.Add("cmd.path", cmd.path)
	}
	if len(cmd.args) == 0 {
		f.Add("cmd.line", cmd.name)
	} else {
		f.Add("cmd.line", line(cmd.name, cmd.args))
	}
	for i := range cmd.args {
		f.Add("cmd.args", cmd.args[i].s)
	}
	l.tellArgs(f, cmd)
	for i := range cmd.assigns {
		name, _, _ := strings.Cut(cmd.assigns[i].s, "=")
		f.Add("cmd.assigns", cmd.assigns[i].s)
		f.Add("cmd.assign_names", strings.TrimSuffix(name, "+"))
	}
	f.AddAll("cmd.wrappers", cmd.wrappers)
	for _, name := range cmd.from {
		l.share(f, "cmd.piped_from", name)
	}
	for _, name := range cmd.to {
		l.share(f, "cmd.piped_to", name)
	}
	if cmd.stdin.s != "" {
		l.share(f, "cmd.stdin", cmd.stdin.s)
	}
	if cmd.code.s != "" {
		l.share(f, "cmd.code", cmd.code.s)
	}
	f.AddInt("cmd.depth", int64(cmd.depth))
	f.AddInt("cmd.index", int64(index))
	f.AddBool("cmd.background", cmd.background)
	f.AddBool("cmd.subst", cmd.subst)
	if cmd.loop {
		f.AddBool("cmd.loop", true)
	}
}

// share adds a text that many scopes may have in common. Together they tell no
// more of it than the lifter examines.
func (l *lifter) share(f *match.Fields, name, s string) {
	if l.room -= len(s); l.room < 0 {
		l.cut = true
		return
	}
	f.Add(name, s)
}

// tellArgs adds what follows from arguments and redirections.
func (l *lifter) tellArgs(f *match.Fields, cmd *command) {
	for i := range cmd.args {
		if word := cmd.args[i].s; len(word) > 1 && word[0] == '-' {
			l.tellFlag(f, word)
		} else if word != "" {
			f.Add("cmd.operands", word)
		}
		tellNet(f, cmd.args[i].s)
	}
	for r := cmd.redirs; r != nil; r = r.outer {
		for _, one := range r.list {
			l.share(f, redirFacts[one.mode], one.target.s)
			tellNet(f, one.target.s)
		}
	}
	if tell, ok := fileTools[cmd.name]; ok {
		tell(f, cmd.args)
		return
	}
	tellFiles(f, cmd)
	tellPeer(f, cmd)
	tellRun(f, cmd)
}

// tellRun adds the file that a command runs: itself where it is named by its
// path, else the script that it is given.
func tellRun(f *match.Fields, cmd *command) {
	if strings.IndexByte(cmd.path, '/') >= 0 {
		f.Add("cmd.executes", cmd.path)
	}
	switch cmd.name {
	case "sh", "bash", "ash", "dash", "zsh", "ksh", ".", "source":
	default:
		if lang := languageOf(cmd.name); lang == nil || lang.operand {
			return
		}
	}
	for i := range cmd.args {
		word := cmd.args[i].s
		if len(word) > 1 && word[0] == '-' && word[1] != '-' && strings.ContainsAny(word[len(word)-1:], "cerE") {
			return // program text
		}
		if word != "" && word[0] != '-' {
			f.Add("cmd.executes", word)
			return
		}
	}
}

var redirFacts = [...]string{
	redirReads:   "cmd.reads",
	redirWrites:  "cmd.writes",
	redirAppends: "cmd.appends",
}

// maxBundle is the length of the longest word of short options that is taken
// apart. Longer ones are a value (-pSECRET) or find's kind (-maxdepth).
const maxBundle = 5

// tellFlag adds an option; of --opt=value also --opt, of -la also -l and -a.
func (l *lifter) tellFlag(f *match.Fields, word string) {
	f.Add("cmd.flags", word)
	if word[1] == '-' {
		if at := strings.IndexByte(word, '='); at > 2 {
			f.Add("cmd.flags", word[:at])
		}
		return
	}
	if len(word) < 3 || len(word) > 1+maxBundle || Mask(word, l.secrets) != word {
		return
	}
	for i := 1; i < len(word); i++ {
		if letterFlag(word[i]) == "" {
			return
		}
	}
	for i := 1; i < len(word); i++ {
		f.Add("cmd.flags", letterFlag(word[i]))
	}
}

const letterFlags = "-a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y-z-A-B-C-D-E-F-G-H-I-J-K-L-M-N-O-P-Q-R-S-T-U-V-W-X-Y-Z"

// letterFlag returns "-" and the letter without allocating, "" for others.
func letterFlag(c byte) string {
	at := 0
	switch {
	case c >= 'a' && c <= 'z':
		at = int(c - 'a')
	case c >= 'A' && c <= 'Z':
		at = 26 + int(c-'A')
	default:
		return ""
	}
	return letterFlags[2*at : 2*at+2]
}
