package facts_test

import (
	"testing"

	"github.com/ttpstream/ttpstream/rules/screen"
)

// Screens are compiled when they are first used; here all of them are.
func TestEveryScreenCompiles(t *testing.T) {
	t.Parallel()
	if screen.CompileAll() == 0 {
		t.Error("there is none")
	}
}
