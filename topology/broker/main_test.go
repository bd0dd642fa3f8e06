package broker

import (
	"flag"
	"os"
	"testing"
)

// TestMain runs the tests, or, in a process that a test has started, the
// broker that it is going to kill.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		serveChild(dir)
		return
	}
	// What a kill leaves does not depend on the disk, and these tests sync
	// ten thousand files.
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && os.Getenv("TMPDIR") == "" {
		os.Setenv("TMPDIR", "/dev/shm")
	}
	// Each check of the model is a life of a broker; -rapid.checks sets more.
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
