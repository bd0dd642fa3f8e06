package sqlstore_test

import (
	"flag"
	"os"
	"testing"
)

// checks is how many random logs each property is tried on, unless
// -rapid.checks says otherwise. Each takes a database of its own.
const checks = "20"

func TestMain(m *testing.M) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "rapid.checks" })
	if !said {
		if err := flag.Set("rapid.checks", checks); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
