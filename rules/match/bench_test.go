package match

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
)

// benchmarkEngine has n conditions like those of a rule pack: a program by
// name with a few arguments, words of a line, a list, a filter, an expression.
func benchmarkEngine(n int) *Engine {
	var conditions []Condition
	target := []Target{{SourceKind: schemas.KindCommand}}
	for i := range n {
		word := fmt.Sprintf("tool%d", i)
		var expr Expr
		switch i % 5 {
		case 0:
			expr = And{is("cmd.name", word), Or{is("cmd.flags", "-p"), is("cmd.flags", "--password")}}
		case 1:
			expr = And{Or{is("cmd.name", "cat"), is("cmd.name", "less"), is("cmd.name", word)}, is("cmd.operands", "*/etc/"+word+"*")}
		case 2:
			re, err := Regex("command", `(?i)\b`+word+`\s+-[a-z]+\s+/dev/(tcp|udp)`, "")
			if err != nil {
				panic(err)
			}
			expr = re
		case 3:
			expr = And{is("cmd.line", "*"+word+" install*"), Not{is("cmd.args", "--help")}}
		default:
			expr = And{is("cmd.name", "ls"), is("cmd.writes", "/etc/cron."+word+"*"), Not{Or{is("cmd.args", "-h"), Null("cmd.hosts")}}}
		}
		conditions = append(conditions, Condition{Targets: target, Expr: expr})
	}
	return Build(conditions)
}

// benchmarkEvent is roughly what a lifter makes of a line.
func benchmarkEvent(line string) *Event {
	ev := &Event{SourceKind: schemas.KindCommand}
	ev.Base.Add("command", line)
	ev.Base.AddInt("command.depth", 0)
	ev.Base.Add("command.parse", "shell")
	ev.Base.Add("session.protocol", "ssh")
	ev.Base.Add("sensor", "pot-1")
	for i, part := range strings.Split(line, ";") {
		words := strings.Fields(part)
		ev.Base.Add("command.names", words[0])
		scope := ev.NewScope()
		scope.Add("cmd.name", words[0])
		scope.Add("cmd.path", words[0])
		scope.AddAll("cmd.args", words[1:])
		scope.Add("cmd.line", strings.TrimSpace(part))
		for _, w := range words[1:] {
			if strings.HasPrefix(w, "-") {
				scope.Add("cmd.flags", w)
			} else {
				scope.Add("cmd.operands", w)
			}
		}
		scope.AddInt("cmd.depth", 0)
		scope.AddBool("cmd.background", false)
		scope.AddBool("cmd.subst", false)
		scope.AddInt("cmd.index", int64(i))
	}
	ev.Base.AddInt("command.count", int64(len(ev.Scopes)))
	return ev
}

func BenchmarkMatch(b *testing.B) {
	ev := benchmarkEvent("ls -la /home/user/projects; uname -a; cat /proc/cpuinfo; rm -rf /tmp/x; history -c")
	for _, n := range []int{100, 1000, 5000} {
		engine := benchmarkEngine(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			scratch := &Scratch{}
			for b.Loop() {
				engine.Match(ev, scratch)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{100, 1000} {
		conditions := benchmarkEngine(n).conditions
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				Build(conditions).Prepare(nil)
			}
		})
	}
}

func BenchmarkHits(b *testing.B) {
	var list Or
	for i := range 200 {
		list = append(list, is("cmd.name", fmt.Sprintf("tool%d", i)))
	}
	list = append(list, is("cmd.name", "cat"))
	engine := Build([]Condition{{Targets: everything, Expr: And{list, is("cmd.operands", "*cpuinfo*")}}})
	ev := benchmarkEvent("ls -la /home/user/projects; uname -a; cat /proc/cpuinfo; rm -rf /tmp/x; history -c")
	scratch := &Scratch{}
	engine.Match(ev, scratch)
	for b.Loop() {
		scratch.Hits(0)
	}
}
