package facts

import "strings"

// inners are programs that run the command in their arguments and remain
// worth judging themselves: both become scopes.
var inners = map[string]wrapper{
	"nsenter": {values: "tSGWw", longs: []string{"--target", "--setuid", "--setgid"}},
	"unshare": {values: "SGRw", longs: []string{"--setuid", "--setgid", "--root", "--wd", "--propagation", "--map-user", "--map-group"}},
	"systemd-run": {values: "upEHMt", assigns: true, longs: []string{"--unit", "--property", "--slice", "--uid", "--gid", "--setenv",
		"--on-active", "--on-boot", "--on-calendar", "--on-unit-active", "--on-startup", "--description", "--machine"}},
	"sshpass": {values: "pfdP"}, "flock": {values: "wEc", operands: 1}, "strace": {values: "aeEIoOpPsSuUX"}, "ltrace": {values: "aeAFnopsuwDlxX"},
	"setpriv": {longs: []string{"--reuid", "--regid", "--groups"}}, "screen": {values: "cehpsStTrRxX"}, "parallel": {values: "jNnLSIad"},
	"runcon": {values: "trul"}, "dbus-run-session": {}, "daemonize": {values: "acelopuE"}, "lxc-attach": {values: "nPfvso", longs: []string{"--name", "--lxcpath"}},
	"machinectl": {operands: 2}, "catchsegv": {}, "valgrind": {}, "cpulimit": {values: "lpe"}, "trickle": {values: "udslt"},
}

// runInner lifts the command in a program's arguments.
func runInner(spec wrapper) runner {
	return func(l *lifter, in invocation) {
		words := append([]text{{s: in.name}}, in.args...)
		if at := spec.skip(words); at > 0 {
			l.inner(words[at:], in)
		}
	}
}

// runSSH is ssh HOST COMMAND…, which the host's shell reads, and a script fed
// to ssh HOST.
func runSSH(l *lifter, in invocation) {
	spec := wrapper{values: "bcDEeFIiJLlmOopQRSWw", operands: 1}
	words := append([]text{{s: in.name}}, in.args...)
	at := spec.skip(words)
	if at == 0 {
		runStdin(l, in)
		return
	}
	// Options may stand after the host too.
	for at < len(words) && len(words[at].s) == 2 && words[at].s[0] == '-' {
		n := spec.option(words[at].s)
		at += n
	}
	if at < len(words) && l.spendAll(words[at:]) {
		l.script(concat(" ", words[at:]...), in)
	}
}

// runContainer is docker exec CONTAINER COMMAND…, docker run IMAGE COMMAND… and
// their kin.
func runContainer(l *lifter, in invocation) {
	verb := -1
	for i := range in.args {
		if word := in.args[i].s; word == "exec" || word == "run" {
			verb = i
			break
		}
	}
	if verb < 0 {
		return
	}
	args := in.args[verb+1:]
	for len(args) > 0 && strings.HasPrefix(args[0].s, "-") {
		n := 1
		if takesValue(args[0].s) {
			n = 2
		}
		args = args[min(n, len(args)):]
	}
	if len(args) > 1 {
		args = args[1:]
		if args[0].s == "--" {
			args = args[1:]
		}
		l.inner(args, in)
	}
}

// takesValue says that an option of docker run or exec takes the next word.
func takesValue(word string) bool {
	if !strings.HasPrefix(word, "--") {
		return strings.IndexByte("acehlmpuvw", word[len(word)-1]) >= 0
	}
	switch word {
	case "--rm", "--privileged", "--detach", "--interactive", "--tty", "--init", "--read-only", "--publish-all", "--quiet",
		"--oom-kill-disable", "--no-healthcheck", "--sig-proxy", "--disable-content-trust":
		return false
	}
	return strings.IndexByte(word, '=') < 0
}

// runAfterDashes is kubectl exec POD -- COMMAND… and its kin.
func runAfterDashes(l *lifter, in invocation) {
	for i := range in.args {
		if in.args[i].s == "--" {
			l.inner(in.args[i+1:], in)
			return
		}
	}
}

// runCapsh is capsh -- ARGUMENTS, which go to a bash.
func runCapsh(l *lifter, in invocation) {
	for i := range in.args {
		if in.args[i].s == "--" {
			words := append([]text{{s: "bash", known: true}}, in.args[i+1:]...)
			l.inner(words, in)
			return
		}
	}
}

// runTmux is tmux new-session -d COMMAND and tmux send-keys COMMAND Enter.
func runTmux(l *lifter, in invocation) {
	for i := range in.args {
		switch in.args[i].s {
		case "new", "new-session", "new-window", "neww", "split-window", "splitw", "run-shell", "run", "send-keys", "send":
			for _, arg := range in.args[i+1:] {
				if strings.IndexByte(arg.s, ' ') > 0 {
					l.script(arg, in)
				}
			}
			return
		}
	}
}

// runCrontab lifts the commands of a table that crontab is fed.
func runCrontab(l *lifter, in invocation) {
	table := in.stdin
	if len(in.args) > 0 && in.args[len(in.args)-1].s != "-" {
		if content, ok := l.content(in.args[len(in.args)-1].s); ok {
			table = content
		}
	}
	if table.s == "" || !l.spend(len(table.s)) {
		return
	}
	in.c.stdin = text{}
	n := 0
	for line := range strings.Lines(table.s) {
		if n++; n > maxCalls {
			return
		}
		if job := jobOf(strings.TrimSpace(line)); job != "" {
			l.script(table.with(job), in)
		}
	}
}

// jobOf returns the command of a line of a user's crontab.
func jobOf(line string) string {
	if line == "" || line[0] == '#' {
		return ""
	}
	fields := 5
	switch c := line[0]; {
	case c == '@':
		fields = 1
	case c != '*' && (c < '0' || c > '9'):
		return ""
	}
	for range fields {
		at := strings.IndexAny(line, " \t")
		if at < 0 {
			return ""
		}
		line = strings.TrimLeft(line[at:], " \t")
	}
	return line
}

// runTar is tar's options that run a command.
func runTar(l *lifter, in invocation) {
	for i := range in.args {
		for _, option := range [...]string{"--checkpoint-action=exec=", "--to-command=", "--use-compress-program="} {
			if command, ok := strings.CutPrefix(in.args[i].s, option); ok {
				l.script(in.args[i].with(command), in)
			}
		}
	}
}

// printWhich is which PROGRAM, which prints where it lies: as far as judging
// goes, its name.
func printWhich(l *lifter, in invocation) text {
	for i := range in.args {
		if word := in.args[i].s; word != "" && word[0] != '-' {
			return in.args[i].with(word + "\n")
		}
	}
	return text{}
}
