package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite golden files")

// peakFile names the variable with a file into which the program, run by a
// test, writes the most memory that it ever had resident, in KiB.
const peakFile = "TTPSTREAM_TEST_PEAK"

// TestMain puts the program on the PATH of the tests, as a copy of the test
// itself: what scripts run and what is killed is the real one, in a process of
// its own.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) != "ttpstream" { // the test, not its copy
		forgetSettings()
	}
	testscript.Main(m, map[string]func(){"ttpstream": program})
}

// forgetSettings drops the settings of whoever runs the tests.
func forgetSettings() {
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		if strings.HasPrefix(name, "TTPSTREAM_") && !ofTests[name] {
			os.Unsetenv(name)
		}
	}
}

// ofTests are the variables that tests themselves go by.
var ofTests = map[string]bool{
	"TTPSTREAM_KAFKA": true, "TTPSTREAM_REQUIRE": true, "TTPSTREAM_KILLS": true, "TTPSTREAM_SEED": true, peakFile: true,
	envCowrie: true, envTags: true,
}

// program is what the copy runs.
func program() {
	code := run()
	if path := os.Getenv(peakFile); path != "" {
		if err := os.WriteFile(path, []byte(peakMemoryLine()), 0o600); err != nil {
			panic(err)
		}
	}
	os.Exit(code)
}

// peakMemoryLine returns the line of /proc/self/status. The resource usage that
// wait returns is no substitute: it begins with what the parent had.
func peakMemoryLine() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB"))
		}
	}
	return ""
}
