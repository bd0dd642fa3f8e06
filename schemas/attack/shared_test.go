package attack_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

// indexed is a technique as an independent index of a release has it.
type indexed struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Tactics    []string `json:"tactics"`
	Platforms  []string `json:"platforms"`
	Revoked    bool     `json:"revoked"`
	Deprecated bool     `json:"deprecated"`
}

// otherNames are the ids that an index calls by a name that does not end in
// ours: it takes names from Atomic Red Team's files where there are some, and
// those lag behind ATT&CK's ("Time Based Evasion" for "Time Based Checks") or
// are about one test ("Bash" for "Unix Shell").
const (
	otherNames = "T1003.008 T1036.003 T1036.005 T1037.002 T1037.004 T1048.003 T1053.007 T1059.004 T1070 T1070.008 T1129 " +
		"T1137.001 T1176 T1216 T1216.001 T1217 T1218 T1219 T1497.003 T1530 T1546.004 T1552.003 T1552.007 T1574.006 " +
		"T1606.002 T1609 T1610"
	otherNamesV18 = otherNames + " T1070.002 T1562.008 T1562.009"
	otherNamesV19 = otherNames + " T1222.001 T1222.002 T1557.001"
)

// TestAgainstIndex compares the catalogues with indexes of v18 and v19.1 that
// come from another source, where those are at hand.
func TestAgainstIndex(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ release, file, otherNames string }{
		{"enterprise-v18.1", "attack_v18.jsonl", otherNamesV18},
		{"enterprise-v19.1", "attack_v19.jsonl", otherNamesV19},
	} {
		t.Run(row.release, func(t *testing.T) {
			t.Parallel()
			index := readIndex(t, filepath.Join("..", "..", "..", "shared", "data", "samples", "attack", row.file))
			c, others := release(t, row.release), []string(nil)
			if len(index) != len(c.Techniques()) {
				t.Errorf("the index has %d techniques, we have %d", len(index), len(c.Techniques()))
			}
			for _, want := range index {
				if got := compare(t, c, want); !strings.HasSuffix(want.Name, got.Name) {
					others = append(others, want.ID)
				}
			}
			if !sameSet(others, strings.Fields(row.otherNames)) {
				t.Errorf("names differ for %q, want for %q", others, row.otherNames)
			}
		})
	}
}

// compare reports what differs but for the name, and returns what we have.
func compare(t *testing.T, c *attack.Catalogue, want indexed) attack.Technique {
	t.Helper()
	got, ok := c.Technique(want.ID)
	if ok != (!want.Revoked && !want.Deprecated) {
		t.Errorf("%s: exists %v, revoked %v, deprecated %v", want.ID, ok, want.Revoked, want.Deprecated)
		return got
	}
	var tactics []string
	for _, id := range got.Tactics {
		tactic, _ := c.Tactic(id)
		tactics = append(tactics, tactic.ShortName)
	}
	if !sameSet(tactics, want.Tactics) {
		t.Errorf("%s: tactics %v, the index has %v", want.ID, tactics, want.Tactics)
	}
	if !sameSet(got.Platforms, want.Platforms) {
		t.Errorf("%s: platforms %v, the index has %v", want.ID, got.Platforms, want.Platforms)
	}
	return got
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func readIndex(t *testing.T, path string) []indexed {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("SKIPPED: %s is not here: the catalogue is not compared with another source", filepath.Base(path))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []indexed
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var one indexed
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}
