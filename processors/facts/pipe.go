package facts

// pipe collects the commands of one pipeline. Commands in substitutions and
// nested scripts stand in another group and are no part of it.
type pipe struct {
	group int
	from  int // where its members begin in lifter.members, which is a stack
}

type member struct{ command, stage int }

func (l *lifter) newPipe(group int) pipe { return pipe{group, len(l.members)} }

// stage closes a stage that began at command start.
func (p pipe) stage(l *lifter, start int) {
	n := 0
	if len(l.members) > p.from {
		n = l.members[len(l.members)-1].stage + 1
	}
	for i := start; i < len(l.commands); i++ {
		if l.commands[i].group == p.group {
			l.members = append(l.members, member{i, n})
		}
	}
}

// connect tells each command which stand before and after it.
func (p pipe) connect(l *lifter) {
	members := l.members[p.from:]
	l.members = l.members[:p.from]
	if len(members) < 2 {
		return
	}
	at := len(l.strings)
	for _, m := range members {
		l.strings = append(l.strings, l.commands[m.command].name)
	}
	names := l.strings[at:len(l.strings):len(l.strings)]
	before := 0
	for i, m := range members {
		if i > 0 && members[i-1].stage != m.stage {
			before = i
		}
		after := i + 1
		for after < len(members) && members[after].stage == m.stage {
			after++
		}
		cmd := &l.commands[m.command]
		cmd.from = joinNames(cmd.from, names[max(0, before-maxPiped):before])
		cmd.to = joinNames(cmd.to, names[after:min(len(names), after+maxPiped)])
	}
}

// joinNames returns the two lists as one, without writing into either.
func joinNames(a, b []string) []string {
	switch {
	case len(a) == 0:
		return b[:len(b):len(b)]
	case len(b) == 0 || len(a) >= maxPiped:
		return a
	}
	return append(a[:len(a):len(a)], b...)
}
