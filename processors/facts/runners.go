package facts

import "strings"

// runner lifts the commands that a program runs beside itself.
type runner func(l *lifter, in invocation)

// runnerOf returns how the commands that a program runs are found, nil for
// programs that run none. They become scopes of their own.
func runnerOf(name string) runner {
	switch name {
	case "sh", "bash", "ash", "dash", "zsh", "ksh", "mksh", "rbash", "hush", "lash", "csh", "tcsh", "fish":
		return runShell
	case "eval":
		return runEval
	case "trap":
		return runTrap
	case ".", "source":
		return runSource
	case "su", "script", "sg", "newgrp":
		return runOption
	case "at", "batch":
		return runStdin
	case "crontab":
		return runCrontab
	case "ssh", "slogin", "dbclient":
		return runSSH
	case "docker", "podman", "nerdctl", "crictl":
		return runContainer
	case "kubectl", "oc", "lxc", "microk8s", "k3s", "k9s", "runuser", "start-stop-daemon":
		return runAfterDashes
	case "capsh":
		return runCapsh
	case "tmux":
		return runTmux
	case "tar":
		return runTar
	case "watch":
		return runWatch
	case "find":
		return runFind
	case "xargs":
		return runXargs
	}
	if spec, ok := inners[name]; ok {
		return runInner(spec)
	}
	if lang := languageOf(name); lang != nil {
		return runCode(lang)
	}
	return nil
}

// script lifts a script that the invocation runs.
func (l *lifter) script(script text, in invocation) {
	if script.s != "" {
		in.c.function = in.given
		l.run(script, in.c)
	}
}

// inner lifts a command given as words to the program that runs it.
func (l *lifter) inner(words []text, in invocation) {
	if len(words) == 0 {
		return
	}
	n := 0
	for i := range words {
		n += len(words[i].s)
	}
	if l.nest >= maxNest {
		l.truncate()
		return
	}
	if !l.spend(n) {
		return
	}
	c := in.c
	c.stdin = text{}
	c.wrappers = append(in.wrappers[:len(in.wrappers):len(in.wrappers)], in.name)
	l.nest++
	l.simple(words, nil, nil, c)
	l.nest--
}

// runShell is sh -c SCRIPT, sh FILE and sh reading its standard input.
func runShell(l *lifter, in invocation) {
	args, command, stdin := shellOptions(in.args)
	switch {
	case command && len(args) > 0:
		in.given = len(args) > 1
		l.script(args[0], in)
	case command:
	case len(args) > 0 && !stdin && args[0].s != "/dev/stdin":
		if script, ok := l.content(args[0].s); ok {
			l.script(script, in)
		}
	default:
		runStdin(l, in)
	}
}

// shellOptions returns the operands of a shell, whether the first of them is
// a script (-c), and whether it reads its standard input all the same (-s).
func shellOptions(args []text) (operands []text, command, stdin bool) {
	for len(args) > 0 {
		word := args[0].s
		if len(word) < 2 || word[0] != '-' && word[0] != '+' {
			if word == "-" {
				args = args[1:]
			}
			break
		}
		args = args[1:]
		if word == "--" {
			break
		}
		if strings.HasPrefix(word, "--") {
			if (word == "--rcfile" || word == "--init-file") && len(args) > 0 {
				args = args[1:]
			}
			continue
		}
		command = command || word[0] == '-' && strings.IndexByte(word, 'c') > 0
		stdin = stdin || word[0] == '-' && strings.IndexByte(word, 's') > 0
		if strings.ContainsAny(word, "oO") && len(args) > 0 {
			args = args[1:]
		}
	}
	return args, command, stdin
}

func runStdin(l *lifter, in invocation) {
	script := in.stdin
	in.c.stdin = text{}
	l.script(script, in)
}

func runEval(l *lifter, in invocation) {
	if len(in.args) > 0 && l.spendAll(in.args) {
		l.script(concat(" ", in.args...), in)
	}
}

// spendAll is spend for what joining the words takes.
func (l *lifter) spendAll(words []text) bool {
	n := 0
	for i := range words {
		n += len(words[i].s) + 1
	}
	return l.spend(n)
}

func runTrap(l *lifter, in invocation) {
	if len(in.args) > 1 && !strings.HasPrefix(in.args[0].s, "-") {
		l.script(in.args[0], in)
	}
}

func runSource(l *lifter, in invocation) {
	if len(in.args) == 0 {
		return
	}
	if in.args[0].s == "/dev/stdin" {
		runStdin(l, in)
		return
	}
	if script, ok := l.content(in.args[0].s); ok {
		l.script(script, in)
	}
}

// runOption is a program with a script in its option -c, as su has.
func runOption(l *lifter, in invocation) {
	for i, arg := range in.args {
		if value, ok := strings.CutPrefix(arg.s, "--command="); ok {
			l.script(arg.with(value), in)
			return
		}
		bundle := len(arg.s) > 1 && arg.s[0] == '-' && arg.s[1] != '-' && strings.HasSuffix(arg.s, "c")
		if (bundle || arg.s == "--command") && i+1 < len(in.args) {
			l.script(in.args[i+1], in)
			return
		}
	}
}

func runWatch(l *lifter, in invocation) {
	spec := wrapper{values: "nq", longs: []string{"--interval", "--equexit"}}
	words := append([]text{{s: in.name}}, in.args...)
	if at := spec.skip(words); at > 0 && l.spendAll(words[at:]) {
		l.script(concat(" ", words[at:]...), in)
	}
}

// runFind is find … -exec COMMAND ; and its kin.
func runFind(l *lifter, in invocation) {
	for i := 0; i < len(in.args); i++ {
		switch in.args[i].s {
		case "-exec", "-execdir", "-ok", "-okdir":
			from := i + 1
			for i++; i < len(in.args); i++ {
				if word := in.args[i].s; word == ";" || word == "+" && in.args[i-1].s == "{}" {
					break
				}
			}
			l.inner(in.args[from:min(i, len(in.args))], in)
		}
	}
}

func runXargs(l *lifter, in invocation) {
	spec := wrapper{values: "InPLsdEa", longs: []string{
		"--replace", "--max-args", "--max-procs", "--max-lines", "--max-chars",
		"--delimiter", "--eof", "--arg-file", "--process-slot-var"}}
	words := append([]text{{s: in.name}}, in.args...)
	if at := spec.skip(words); at > 0 {
		l.inner(words[at:], in)
	}
}
