package facts

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftCommand lifts a shell line. The event's logsource is Sigma's
// process_creation on linux; its weight is lowered by 0.05 for each layer of
// decoding and by 0.1 where the line is no shell. Out is reset first. It does
// not fail: what cannot be understood is told as far as it can. Safe for
// concurrent use with different outs.
func LiftCommand(ev *schemas.CommandEvent, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindCommand
	out.Logsource = match.Logsource{Category: "process_creation", Product: "linux"}

	l := lifters.Get().(*lifter)
	defer lifters.Put(l)
	line, cut := examined(ev.Command)
	shell := l.lift(untemplated(line))
	l.cut = l.cut || cut

	for i := range l.commands {
		l.tell(out.NewScope(), &l.commands[i], i)
	}
	out.Secrets = append(out.Secrets, l.secrets...)
	out.Weight = weight(l.depth, shell)
	l.tellLine(&out.Base, line, shell)
	if ev.Protocol != "" {
		out.Base.Add("session.protocol", valid(ev.Protocol))
	}
	if ev.Sensor != "" {
		out.Base.Add("sensor", valid(ev.Sensor))
	}
}

// examined returns what of a line is examined, as valid UTF-8, and whether
// something was cut off.
func examined(line string) (string, bool) {
	line, cut := trim(line, maxInput)
	line, again := trim(valid(line), maxInput) // U+FFFD is longer than what it replaces
	return line, cut || again
}

// untemplated returns a line with the names of template variables in place of
// #{name}, which a shell would take for the start of a comment.
func untemplated(line string) string {
	if !strings.Contains(line, "#{") {
		return line
	}
	var b strings.Builder
	for {
		from := strings.Index(line, "#{")
		if from < 0 {
			break
		}
		to := from + 2
		for to < len(line) && isNameByte(line[to]) {
			to++
		}
		b.WriteString(line[:from])
		if to > from+2 && to < len(line) && line[to] == '}' && !strings.HasSuffix(line[:from], "$") {
			b.WriteString(line[from+2 : to])
			to++
		} else {
			b.WriteString(line[from:to])
		}
		line = line[to:]
	}
	b.WriteString(line)
	return b.String()
}

// weight returns how sure a finding about a line can be.
func weight(depth int, shell bool) float64 {
	w := 100 - 5*depth
	if !shell {
		w -= 10
	}
	return float64(w) / 100
}

// tellLine adds the facts of the line as a whole.
func (l *lifter) tellLine(f *match.Fields, line string, shell bool) {
	f.Add("command", line)
	f.AddAll("command.decoded", l.decoded)
	f.AddInt("command.depth", int64(l.depth))
	if shell {
		f.Add("command.parse", "shell")
	} else {
		f.Add("command.parse", "fallback")
	}
	f.AddInt("command.count", int64(l.count))
	f.AddBool("command.truncated", l.cut)
names:
	for i := range l.commands {
		for j := range i {
			if l.commands[j].name == l.commands[i].name {
				continue names
			}
		}
		f.Add("command.names", l.commands[i].name)
	}
}
