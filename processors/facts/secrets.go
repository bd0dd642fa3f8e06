package facts

import (
	"slices"
	"strings"
)

// hide adds a text to the secrets of the line; the empty text stands for all.
func (l *lifter) hide(s string) {
	if n := len(l.secrets); n > 0 && l.secrets[n-1] == "" || slices.Contains(l.secrets, s) {
		return
	}
	if len(l.secrets) >= maxSecrets {
		s = ""
	}
	l.secrets = append(l.secrets, s)
}

// secret adds t.s[from:to] to the secrets, and where the line spells it in
// another way those spellings.
func (l *lifter) secret(t text, from, to int, c context) {
	part := t.s[from:to]
	if strings.TrimSpace(part) == "" || isVariable(part) {
		return
	}
	l.hide(part)
	if !delimited(t.s, from, to) && len(part) < shortSecret {
		l.hide(strings.TrimSpace(t.s)) // the occurrence would not be masked by itself
	}
	spelling := func(raw string, code bool) {
		if code || len(occurrences(nil, raw, part)) == 0 && !isVariable(strings.Trim(raw, `"`)) {
			l.hide(raw)
		}
	}
	if !t.src.each(spelling) || !c.origins.each(spelling) {
		l.hide("")
	}
}

// isVariable says that a text is nothing but a variable, which tells nobody
// anything.
func isVariable(value string) bool {
	name, ok := strings.CutPrefix(value, "$")
	if !ok || name == "" {
		return false
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "{"), "}")
	return strings.IndexFunc(name, func(r rune) bool { return r > 127 || !isNameByte(byte(r)) }) < 0
}

// whole adds all of a word.
func (l *lifter) whole(t text, c context) { l.secret(t, 0, len(t.s), c) }

// after adds what follows the first separator in a word, or the whole word
// where sep is empty. A word without the separator holds no secret.
func (l *lifter) after(t text, from int, sep string, c context) {
	if sep != "" {
		at := strings.Index(t.s[from:], sep)
		if at < 0 {
			return
		}
		from += at + len(sep)
	}
	l.secret(t, from, len(t.s), c)
}

// examine looks for secrets in a simple command. Any word may name the
// program that takes them: `docker exec db mysql -pX` is mysql's matter too.
func (l *lifter) examine(words, assigns []text, c context) {
	for _, a := range assigns {
		name, _, _ := strings.Cut(a.s, "=")
		if sensitive(name) {
			l.after(a, 0, "=", c)
		} else {
			l.scan(a, c)
		}
	}
	for i := range words {
		word := words[i].s
		l.scan(words[i], c)
		if word == "" || word[0] == '-' {
			if i+1 < len(words) && sensitiveFlag(word) {
				l.whole(words[i+1], c)
			}
			continue
		}
		if i+1 < len(words) && sensitiveOperand(word) {
			l.whole(words[i+1], c)
		}
		rule, ok := secretTools[basename(word)]
		if !ok || i > 0 && (takesNames(words[0].s) || strings.Contains(word, "/") && !strings.Contains(word, "bin/")) {
			continue
		}
		args := words[i+1:]
		if i > 0 {
			args = args[:min(len(args), maxPiped)]
		}
		rule.apply(l, args, c)
	}
}

// takesNames says that a command's words are names of programs, packages or
// files, and no program with its options.
func takesNames(command string) bool {
	switch basename(command) {
	case "find", "grep", "egrep", "fgrep", "zgrep", "which", "whereis", "locate", "type", "man", "apt", "apt-get",
		"yum", "dnf", "apk", "pacman", "zypper", "opkg", "killall", "pkill", "pgrep", "rm", "ls", "cp", "mv", "cat",
		"chmod", "chown", "chattr", "service", "systemctl", "tee", "ln":
		return true
	}
	return false
}

// apply finds what one program takes as secret.
func (r *secretTool) apply(l *lifter, args []text, c context) {
	for i := 0; i < len(args); i++ {
		word := args[i].s
		if len(word) < 2 || word[0] != '-' {
			if r.leading {
				break
			}
			continue
		}
		if word[1] == '-' || r.words {
			l.longSecret(r, args, i, c)
			continue
		}
		at := r.optionAt(word)
		switch {
		case at == 0:
		case at+1 < len(word):
			l.after(args[i], at+1, r.sep, c)
		case !r.attached && i+1 < len(args):
			i++
			l.after(args[i], 0, r.sep, c)
		}
	}
	if r.more != nil {
		r.more(l, args, c)
	}
	if r.stdin != nil {
		r.stdin(l, c)
	}
}

// optionAt returns where in a bundle of short options one that takes a secret
// stands, 0 where none does.
func (r *secretTool) optionAt(word string) int {
	for i := 1; i < len(word); i++ {
		if strings.IndexByte(r.short, word[i]) >= 0 {
			return i
		}
		if strings.IndexByte(r.flags, word[i]) < 0 {
			return 0
		}
	}
	return 0
}

func (l *lifter) longSecret(r *secretTool, args []text, i int, c context) {
	for _, long := range r.longs {
		value, ok := strings.CutPrefix(args[i].s, long)
		switch {
		case !ok:
		case value == "" && i+1 < len(args):
			l.after(args[i+1], 0, r.sep, c)
		case value != "" && (value[0] == '=' || value[0] == ':'):
			l.after(args[i], len(long)+1, r.sep, c)
		}
	}
}

// stdinLines adds each line that is fed to the command, without the user and
// the colon before it where user is set. Text that was written with \n for the
// line breaks counts as lines.
func stdinLines(user bool) func(l *lifter, c context) {
	return func(l *lifter, c context) {
		s := c.stdin.s
		for from := 0; from < len(s); {
			to, next := lineEnd(s, from)
			at := from
			if user {
				at += strings.IndexByte(s[from:to], ':') + 1 // all of a line without one
			}
			l.secret(c.stdin, at, to, c)
			from = next
		}
	}
}

// lineEnd returns the end of the line at from and the start of the next.
func lineEnd(s string, from int) (to, next int) {
	for i := from; i < len(s); i++ {
		switch {
		case s[i] == '\n':
			return i, i + 1
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == 'n':
			return i, i + 2
		}
	}
	return len(s), len(s)
}
