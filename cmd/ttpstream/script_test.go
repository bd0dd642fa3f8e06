package main

import (
	"net"
	"os"
	"regexp"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs testdata/script: one file per command, with what it prints.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PROJECT", project(t))
			env.Setenv("TMPDIR", env.WorkDir)
			env.Setenv("TTPSTREAM_LISTEN", "127.0.0.1:0") // scripts run side by side
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "steady": steady, "silent": silent},
	})
}

// project returns the folder of the command: what scripts read of it.
func project(t testing.TB) string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return here
}

// exits CODE PROGRAM ARGS... runs a program and fails unless it exits with the
// code. exec tells only success from failure.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		got = exitCode.FindString(err.Error())
	}
	if got != args[0] {
		ts.Fatalf("exit code %q, want %s", got, args[0])
	}
}

var exitCode = regexp.MustCompile(`\d+$`)

// unsteady is what differs from run to run in what the program prints, and
// what stands for it.
var unsteady = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\d+(\.\d+)? m?s · [\d,.]+ events/s`), "TIME · RATE"},
	{regexp.MustCompile(`tags in \S+`), "tags in TIME"},
	{regexp.MustCompile(`\b\d+(\.\d+)?(µs|ms|s)\b`), "TIME"},
	{regexp.MustCompile(`"(elapsed|took|duration)\w*":\s*[\d.]+`), `"$1": 0`},
	{regexp.MustCompile(`(ttpstream )\S+( \()go\S+(\))`), "${1}VERSION${2}GO${3}"},
	{regexp.MustCompile(`"version":"[^"]*"`), `"version":"VERSION"`},
	{regexp.MustCompile(`"go":"[^"]*"`), `"go":"GO"`},
}

// steady FILE writes what was printed last, on standard output or with
// -stderr on standard error, into a file, with what differs from run to run
// replaced.
func steady(ts *testscript.TestScript, neg bool, args []string) {
	from := "stdout"
	if len(args) == 2 && args[0] == "-stderr" {
		from, args = "stderr", args[1:]
	}
	if neg || len(args) != 1 {
		ts.Fatalf("usage: steady [-stderr] FILE")
	}
	text := ts.ReadFile(from)
	for _, u := range unsteady {
		text = u.pattern.ReplaceAllString(text, u.with)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// silent NAME listens on a port, takes connections and never answers. $NAME
// becomes its address, $NAME_PORT its port.
func silent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: silent NAME")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { listener.Close() })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	ts.Check(err)
	ts.Setenv(args[0], listener.Addr().String())
	ts.Setenv(args[0]+"_PORT", port)
}
