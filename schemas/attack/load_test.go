package attack

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestEachRow(t *testing.T) {
	t.Parallel()
	read := func(content string) ([]string, error) {
		var rows []string
		err := eachRow(fstest.MapFS{"x.tsv": {Data: []byte(content)}}, "x.tsv", 2, 3, func(col []string) error {
			rows = append(rows, strings.Join(col, "|"))
			return nil
		})
		return rows, err
	}
	rows, err := read("# comment\n\na\tb\nc\td\te")
	if err != nil || strings.Join(rows, " ") != "a|b| c|d|e" {
		t.Errorf("%q, %v", rows, err)
	}
	for content, want := range map[string]string{
		"a\tb\na\n":       "x.tsv:2: 1 columns, want 2 to 3",
		"#\na\tb\tc\td\n": "x.tsv:2: 4 columns, want 2 to 3",
	} {
		if _, err := read(content); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", content, err, want)
		}
	}
}

func FuzzEachRow(f *testing.F) {
	f.Add("# c\na\tb\n")
	f.Add("\t\t\t\t\t\t\n\n\x00\t")
	f.Fuzz(func(t *testing.T, content string) {
		var rows int
		err := eachRow(fstest.MapFS{"x": {Data: []byte(content)}}, "x", 1, maxColumns, func(col []string) error {
			if rows++; len(col) != maxColumns {
				t.Fatalf("%d columns", len(col))
			}
			return nil
		})
		if rows > strings.Count(content, "\n")+1 {
			t.Fatalf("%d rows (%v)", rows, err)
		}
	})
}

// A table that contradicts itself is refused with its place.
func TestRefusedRows(t *testing.T) {
	t.Parallel()
	c, err := load(DefaultRelease)
	if err != nil {
		t.Fatal(err)
	}
	for want, err := range map[string]error{
		"stands before its parent": c.addTechnique([]string{"T9000.001", "x", "TA0002", "Linux", "-"}),
		"no tactic":                c.addTechnique([]string{"T9000", "x", "TA9999", "Linux", "-"}),
		"is retired and exists":    c.addRetired([]string{"T1059", "x", "revoked", "T1082", ""}),
		"does not exist":           c.addRetired([]string{"T9000", "x", "revoked", "T9001", ""}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestLookupsDoNotAllocate(t *testing.T) {
	c, err := Release("")
	if err != nil {
		t.Fatal(err)
	}
	allocs := testing.AllocsPerRun(100, func() {
		again, _ := Release("")
		_, _ = again.Technique("T1059.004")
		_, _ = c.Tactic("TA0002")
		_, _ = c.TacticByShortName("execution")
		_ = c.SubTechniques("T1059")
		_ = c.HoldsTactic("T1059.004", "TA0002")
		_ = c.Groups("T1059.004")
		_, _, _ = c.Successor("T1562.001")
		_ = c.Check("TA0002", "T1059", "T1059.004")
		_ = UKCPhases("TA0002")
		_ = TacticsOf(PhaseExecution)
	})
	if allocs != 0 {
		t.Errorf("%v allocations, want none", allocs)
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := load(DefaultRelease); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	c, err := Release("")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Check("TA0002", "T1059", "T1059.004"); err != nil {
			b.Fatal(err)
		}
	}
}
