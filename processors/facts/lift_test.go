package facts

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// fragments are put together to lines that are shell, nearly shell or none.
var fragments = []string{
	"wget", "sh", "bash -c", "eval", "echo", "echo -e", "printf", "base64 -d", "xxd -r -p", "cat", "tee f", "find . -exec",
	"xargs", "sudo", "env", "busybox", "chpasswd", "passwd", "sshpass -p", "mysql -p", "curl -u a:b", "su -c", "trap", "watch",
	" ", " ", " ", "|", ";", "&&", "||", "&", "\n", "(", ")", "{", "}", "$(", "`", "<(", "((", "[[", "]]", "\"", "'", "\\", "#",
	"<<E\n", "\nE\n", "<<<", ">", ">>", "<", "2>&1", "<>", ">&", "$A", "${A:-b}", "${A:0:1}", "${A/b/c}", "$IFS", "${IFS}", "$1", "$'\\x41'",
	"A=", "A=$A$A", "export B=", "if", "then", "fi", "for x in", "do", "done", "while", "case", "in", "esac", "f(){", "time", "coproc", "!",
	"{a,b}", "{1..9}", "\\x41", "\\101", "%s", "ZWNobyBpZA==", "6964", "root:pw", "http://u:p@h/x", "PASS=x", "Authorization: Basic QQ==",
	"-p", "--password", "--", "-la", "/dev/tcp/h/1", "198.51.100.4", "\x00", "\xff", "é", "\u2028",
}

func lines() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom(fragments), rapid.SampledFrom(fragments), rapid.StringN(0, 8, 16),
		), 0, 40).Draw(t, "fragments"), "")
	})
}

func TestLiftCommandProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkLift(t, lines().Draw(t, "line")) })
}

func FuzzLiftCommand(f *testing.F) {
	for _, fragment := range fragments {
		f.Add(fragment)
	}
	f.Add("A=$(echo d2dldA==|base64 -d);$A x|sh -c \"$A\" <<E\n`id`\nE\n")
	f.Fuzz(func(t *testing.T, line string) {
		checkLift(t, line)
		if plain(line) && !agree(line) {
			t.Fatalf("%q:\n%s", line, cmp.Diff(scopes(line, false), scopes(line, true)))
		}
	})
}

type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

// maxTold bounds all facts of one event: the text examined may show up in
// several facts, and in those of a command that holds another.
const maxTold = 2 << 20

// checkLift asserts what holds for every line.
func checkLift(t reporter, line string) *match.Event {
	t.Helper()
	first, second := new(match.Event), new(match.Event)
	LiftCommand(&schemas.CommandEvent{Command: "echo used before | sh; A=1"}, second)
	LiftCommand(&schemas.CommandEvent{Command: line}, first)
	LiftCommand(&schemas.CommandEvent{Command: line}, second)
	if a, b := dump(first), dump(second); a != b {
		t.Fatalf("not deterministic for %q:\n%s", line, cmp.Diff(a, b))
	}
	checkFacts(t, line, first)
	return first
}

// checkFacts asserts what holds for every event of a line.
func checkFacts(t reporter, line string, e *match.Event) {
	t.Helper()
	if len(e.Scopes) > maxScopes {
		t.Fatalf("%d scopes", len(e.Scopes))
	}
	size := 0
	for i := range e.Scopes {
		f := &e.Scopes[i]
		if name, ok := f.Lookup("cmd.name"); !ok || len(name) != 1 || name[0].String() == "" {
			t.Fatalf("scope %d of %q has no name", i, line)
		}
		if args, _ := f.Lookup("cmd.args"); len(args) > maxArgs {
			t.Fatalf("%d arguments", len(args))
		}
		checkNumber(t, f, "cmd.depth", 0, maxLayers)
		checkNumber(t, f, "cmd.index", i, i)
		size += checkTexts(t, f)
	}
	size += checkTexts(t, &e.Base)
	checkNumber(t, &e.Base, "command.depth", 0, maxLayers)
	checkNumber(t, &e.Base, "command.count", len(e.Scopes), 1<<20)
	if size > maxTold {
		t.Fatalf("%d bytes of facts", size)
	}
	if len(e.Secrets) > maxSecrets+1 {
		t.Fatalf("%d secrets", len(e.Secrets))
	}
}

func checkNumber(t reporter, f *match.Fields, name string, low, high int) {
	t.Helper()
	values, _ := f.Lookup(name)
	if len(values) != 1 {
		t.Fatalf("%s: %v", name, values)
	}
	if n, _ := values[0].Float(); n < float64(low) || n > float64(high) {
		t.Fatalf("%s: %v is outside [%d,%d]", name, n, low, high)
	}
}

func checkTexts(t reporter, f *match.Fields) (size int) {
	t.Helper()
	for _, field := range f.All() {
		if len(field.Values) == 0 {
			t.Fatalf("%s: no values", field.Name)
		}
		for _, v := range field.Values {
			if !utf8.ValidString(v.String()) {
				t.Fatalf("%s: %q is no UTF-8", field.Name, v)
			}
			size += len(v.String())
		}
	}
	return size
}

func dump(e *match.Event) string {
	var b strings.Builder
	fmt.Fprintln(&b, e.SourceKind, e.Logsource, e.Weight, e.Secrets, e.Base.All())
	for i := range e.Scopes {
		fmt.Fprintln(&b, e.Scopes[i].All())
	}
	return b.String()
}

// TestFallbackAgreesWithGrammar: on lines that need no grammar the tokeniser
// finds the commands that the parser finds.
func TestFallbackAgreesWithGrammar(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"ls", "-la", "A=b", `w"g"et`, `\rm`, "'a b'", `"x\"y"`, "/bin/sh", "$IFS", "a$1b", `$'\x41'`, ">f", "2>&1", "<in", ">>log", `""`}),
		rapid.StringMatching(`[a-zA-Z0-9_./:=@,+-]{1,8}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		var line strings.Builder
		for i, n := 0, rapid.IntRange(1, 5).Draw(t, "commands"); i < n; i++ {
			if i > 0 {
				line.WriteString(rapid.SampledFrom([]string{"; ", " | ", " && ", " || ", "\n"}).Draw(t, "separator"))
			}
			line.WriteString("c" + strings.Join(append([]string{""}, rapid.SliceOfN(word, 0, 5).Draw(t, "words")...), " "))
		}
		if !agree(line.String()) {
			t.Fatalf("%q:\n%s", line.String(), cmp.Diff(scopes(line.String(), false), scopes(line.String(), true)))
		}
	})
}

func agree(line string) bool { return scopes(line, false) == scopes(line, true) }

// TestPlainAgreesWithGrammar: what is taken for plain is shell, and the
// tokeniser reads all of it as the grammar does.
func TestPlainAgreesWithGrammar(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"a", "sh", "sudo", "sh -c", "xargs", "echo", "cat", "tee f", "A=b", "A=", "=a", "1=a", "A=~", "2", "-x", "--", "if", "time", "export", "a*", "~", "?", "^", "%", ":", "."}),
		rapid.StringMatching(`[a-zA-Z0-9_./:=,%@*?~^-]{1,5}`),
	)
	joint := rapid.SampledFrom([]string{" ", " ", " ", "", ";", ";;", "|", "||", "&&", "&", " ; ", " | ", ">", ">>", "<", "<<", "<>", "2>", " 2> ", ">&", "&>", ">|", "12>", "\t", "\n"})
	plains := 0
	rapid.Check(t, func(t *rapid.T) {
		var line strings.Builder
		for range rapid.IntRange(0, 8).Draw(t, "words") {
			line.WriteString(joint.Draw(t, "joint"))
			line.WriteString(word.Draw(t, "word"))
		}
		line.WriteString(rapid.SampledFrom([]string{"", " ", ";", "|", ">"}).Draw(t, "end"))
		if !plain(line.String()) {
			return
		}
		plains++
		l := new(lifter)
		l.reset()
		if p := l.parse(line.String()); p.err != nil {
			t.Fatalf("%q is no shell: %v", line.String(), p.err)
		}
		if !agree(line.String()) {
			t.Fatalf("%q:\n%s", line.String(), cmp.Diff(scopes(line.String(), false), scopes(line.String(), true)))
		}
	})
	if plains == 0 {
		t.Error("no line was plain")
	}
}

// scopes shows the commands of a line with or without the grammar.
func scopes(line string, fallback bool) string {
	l := new(lifter)
	l.reset()
	l.source = line
	l.group++
	if fallback {
		l.tokenise(0, context{group: l.group})
	} else {
		l.list(l.parse(line).stmts, context{group: l.group})
	}
	out := new(match.Event)
	for i := range l.commands {
		l.tell(out.NewScope(), &l.commands[i], i)
	}
	return strings.ReplaceAll(dump(out), "} {cmd", "}\n{cmd")
}
