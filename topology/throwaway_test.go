package topology_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/topology"
)

// A table to throw away holds what any other table holds, however many of its
// keys are in memory.
func TestThrowawayTableIsATable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		build := topology.ThrowawayStorage(topology.MemoryStorage(), rapid.IntRange(0, 4).Draw(t, "keys in memory"))
		table, err := build("table", 0)
		if err != nil {
			t.Fatal(err)
		}
		model := map[string]string{}
		key := rapid.Map(rapid.IntRange(0, 7), func(n int) string { return fmt.Sprintf("key-%d", n) })
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				k, v := key.Draw(t, "key"), rapid.StringN(1, 5, 9).Draw(t, "value")
				if err := table.Set(k, []byte(v)); err != nil {
					t.Fatal(err)
				}
				model[k] = v
			},
			"delete": func(t *rapid.T) {
				k := key.Draw(t, "key")
				if err := table.Delete(k); err != nil {
					t.Fatal(err)
				}
				delete(model, k)
			},
			"": func(t *rapid.T) {
				for n := range 8 {
					k := fmt.Sprintf("key-%d", n)
					want, known := model[k]
					got, err := table.Get(k)
					has, hasErr := table.Has(k)
					if err != nil || hasErr != nil || string(got) != want || has != known || (got != nil) != known {
						t.Fatalf("%s: got %q (%v, %v, %v), want %q (%v)", k, got, has, err, hasErr, want, known)
					}
				}
			},
		})
	})
}
