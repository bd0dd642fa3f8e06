package facts

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// hostileTime is what no line may take. Lifting takes about 100 ms for the
// worst of them, and much more under the race detector on a busy machine; a
// quadratic step takes minutes.
const hostileTime = 30 * time.Second

// TestHostileLines lifts lines made to hurt: nesting, doubling, padding.
func TestHostileLines(t *testing.T) {
	t.Parallel()
	fill := func(s string) string { return strings.Repeat(s, 64<<10/len(s)) }
	around := func(open, middle, end string, n int) string {
		return strings.Repeat(open, n) + middle + strings.Repeat(end, n)
	}
	packed := "sh"
	for range 8 {
		packed = "echo " + base64.StdEncoding.EncodeToString([]byte(packed)) + "|base64 -d|sh"
	}
	for name, line := range map[string]string{
		"paren": fill("("), "paren space": fill("( "), "brace": fill("{ "), "backtick": fill("`"), "substitution": fill("$("),
		"closed substitution": around("$(", "id", ")", 600), "quoted substitution": around(`"$(`, "id", `)"`, 600),
		"default": around("${a:-", "x", "}", 1900), "arithmetic": fill("$(("), "unary": "((" + fill("- ") + "1))", "ternary": "((" + fill("a?"),
		"assign": "((a" + fill("=a") + "))", "subscript": fill("${a["), "if": fill("if "), "time": fill("time "), "coproc": fill("coproc "),
		"function": fill("f()"), "case": fill("case a in a) "), "test not": "[[ " + fill("! "), "process": fill("<("), "here": fill("<<E "),
		"here body": "sh <<E\n" + fill("id\n") + "\nE\n", "pipe": fill("a|") + "a", "and": fill("a&&") + "a", "semicolon": fill("a;"), "words": fill("a "),
		"background": fill("a&"), "sudo": fill("sudo "), "busybox": fill("busybox "), "xargs": fill("xargs "), "find": fill("find -exec "), "eval": fill("eval "),
		"sh": fill("sh -c "), "su": fill("su -c "), "mysql": fill("mysql "), "redis": fill("redis-cli AUTH "), "openssl": fill("openssl passwd "),
		"double": "A=aaaaaaaa;" + strings.Repeat("A=$A$A;", 60) + "eval $A", "join": "A=$'\\x41';" + strings.Repeat("A=$A$A;", 60) + "sshpass -p $A x",
		"braces": fill("{a,b}"), "brace words": fill("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b} "), "brace nest": around("{a,", "b", "}", 1900), "brace substitution": fill("{a,b}$(id) "),
		"userinfo": fill("a:b@c "), "urls": fill("http://"), "pairs": fill("pass=a "), "key": fill("pass"), "colons": fill("::::"), "equals": "pass" + fill("="), "headers": fill("authorization: "),
		"secrets": fill("sshpass -p abcdefgh x;"), "many secrets": manySecrets(), "quotes": fill(`'a'"b"\c`), "open quote": "'" + fill("a b;"),
		"NUL": fill("\x00"), "NUL words": fill("a\x00b "), "invalid": fill("\xff"), "invalid words": fill("a\xff "), "high": fill("\U0010ffff"), "IFS": fill("$IFS"), "IFS words": fill("a${IFS}b "),
		"escapes": "echo -e '" + fill(`\x41`) + "' | sh", "printf": "printf '" + strings.Repeat("a", 30000) + "%s' " + strings.Repeat("b ", 10000),
		"layers": packed, "files": strings.Repeat("echo aaaaaaaaaaaaaaaaaaaa >> f; ", 2000) + "sh f", "self": "echo 'sh f' > f; sh f", "traps": fill("trap 'id' 0;"),
		"piped subshells": fill("(a;b)|") + "c", "nested pipe": around("(a|", "b", ")", 1900), "comment": "#" + fill("("), "fallback words": ")" + fill("a "), "fallback pipes": ")" + fill("a|"), "fallback quotes": ")" + fill(`"a" `),
		"shared stdin": "echo " + strings.Repeat("a", 50000) + "|(" + strings.Repeat("a;", 300) + ")", "shared target": "{ " + strings.Repeat("a;", 300) + "} >" + strings.Repeat("a", 50000),
		"shared name": strings.Repeat("a", 50000) + strings.Repeat("|a", 300), "urls in words": fill("http://a.example/b "), "flags": fill("-abcde "), "options": fill("--a=b "),
		"glob": fill("@("), "array": fill("a=("), "arrays": fill("a=(b) "), "let": "let " + fill("("), "rev": "echo " + fill("a") + "|rev|rev|rev|rev|rev", "tee": "echo " + fill("a") + strings.Repeat("|tee f", 100),
		"cat": "echo " + strings.Repeat("a", 60000) + strings.Repeat("|cat", 1000), "here strings": strings.Repeat("cat<<<aaaaaaaa|", 4000) + "sh", "slashes": fill("/"), "dashes": fill("-"), "dots": fill("1.1.1.1 "), "colon hosts": fill("a::b "),
		"quoted script": "sh -c '" + strings.Repeat("sh -c id;", 7000) + "'", "pass text": "echo '" + fill("passwd -p x;") + "'", "dollar": fill("$"), "backslash": fill(`\`), "newlines": fill("\n"), "continuation": fill("\\\n"),
		"code": `python3 -c 'import os` + fill(`;os.system("id")`) + `'`, "code quotes": `python3 -c "` + fill("'") + `"`, "code ticks": "perl -e '" + fill("`") + "'",
		"code list": "python3 -c 'call([" + fill(`"a",`) + "'", "code in code": "perl -e '" + strings.Repeat(`system("perl -e `, 4000) + "'", "code spaces": "awk '" + fill(`" "   |`) + "'",
		"ssh": fill("ssh h "), "docker": fill("docker exec c "), "kubectl": fill("kubectl exec p -- "), "flock": fill("flock f "), "crontab": "printf '" + fill(`* * * * * id\n`) + "' | crontab",
		"templates": fill("#{a}"), "open templates": fill("#{"), "tar": "tar " + fill("--to-command=id "), "loops": fill("for a in *; do ") + "$a", "expect": "expect -c '" + fill("spawn id;") + "'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out match.Event
			start := time.Now()
			LiftCommand(&schemas.CommandEvent{Command: line}, &out)
			if took := time.Since(start); took > hostileTime {
				t.Errorf("took %v", took)
			} else if took > 20*time.Millisecond {
				t.Logf("%s: %v, %d scopes", name, took, len(out.Scopes))
			}
			checkFacts(t, line, &out)
		})
	}
}

func manySecrets() string {
	var b strings.Builder
	for i := range 2000 {
		b.WriteString("sshpass -p ")
		b.WriteString(strings.Repeat(string(rune('a'+i%26)), 6+i/26))
		b.WriteString(" x;")
	}
	return b.String()[:64<<10]
}

// TestBoundsSaySo: what is cut off is told, and then everything is masked
// where a secret may have been missed.
func TestBoundsSaySo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, line string
		cut, all   bool
		scopes     int
	}{
		{"within bounds", strings.Repeat("a;", 200), false, false, 200},
		{"input", "id;" + strings.Repeat(" ", 64<<10) + "w", true, false, 1},
		{"scopes", strings.Repeat("a;", 300) + "sshpass -p S3cret00 x", true, false, 256},
		{"arguments", "a" + strings.Repeat(" b", 300), true, false, 1},
		{"nested scripts", nested(20), true, true, 16},
		{"secrets", manySecrets(), true, true, 256},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out := checkLift(t, test.line)
			if cut, _ := out.Base.Lookup("command.truncated"); cut[0] != match.Bool(test.cut) {
				t.Errorf("command.truncated: %v", cut[0])
			}
			if all := Mask("x", out.Secrets) == masked; all != test.all {
				t.Errorf("masks everything: %v (%q)", all, out.Secrets)
			}
			if len(out.Scopes) != test.scopes {
				t.Errorf("%d scopes, want %d", len(out.Scopes), test.scopes)
			}
		})
	}
	out := lifted(strings.Repeat("a;", 300) + "sshpass -p S3cret00 x")
	if Mask("S3cret00", out.Secrets) != masked {
		t.Error("a secret beyond the last scope shows")
	}
}

// nested returns n evals around id.
func nested(n int) string { return strings.Repeat("eval ", n) + "id" }
