package projectiontest

import (
	"os"
	"testing"
)

// iteration is a part of a test that opens what it closes before the test
// ends: some tests take hundreds of databases.
type iteration struct {
	testing.TB
	cleanups []func()
}

// iterate runs f and what it asked to have cleaned up.
func iterate(tb testing.TB, f func(testing.TB)) {
	tb.Helper()
	i := &iteration{TB: tb}
	defer i.end()
	f(i)
}

// Cleanup runs f when the iteration ends.
func (i *iteration) Cleanup(f func()) { i.cleanups = append(i.cleanups, f) }

// TempDir is gone when the iteration ends.
func (i *iteration) TempDir() string {
	i.Helper()
	dir, err := os.MkdirTemp(i.TB.TempDir(), "")
	if err != nil {
		i.Fatal(err)
	}
	i.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			i.Error(err)
		}
	})
	return dir
}

func (i *iteration) end() {
	for n := len(i.cleanups) - 1; n >= 0; n-- {
		i.cleanups[n]()
	}
}
