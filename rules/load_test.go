package rules

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/document"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func TestLoadFS(t *testing.T) {
	t.Parallel()
	units, problems := LoadFS(fstest.MapFS{
		"b.yml":             file(minimal("B", 1)),
		"a/deep/down.yaml":  file(minimal("A", 1)),
		"a/list.yaml":       file("list: x\nvalues: [a]"),
		"broken.yaml":       file("rule_id: [\n"),
		"c.yaml":            file(minimal("B", 2)),
		"d.yaml":            file(minimal("D", 1) + "---\nlist: x\nvalues: [a]"),
		"large.yaml":        &fstest.MapFile{Data: bytes.Repeat([]byte("#"), document.MaxBytes+1)},
		"README.md":         file("no rule"),
		".hidden.yaml":      file("no rule"),
		".git/x.yaml":       file("no rule"),
		"x.yaml~":           file("no rule"),
		"R1_test.yaml":      file("no rule"),
		"a b.yaml":          file("no rule"),
		"link.yaml":         {Data: []byte("b.yml"), Mode: fs.ModeSymlink},
		"node_modules/.yml": file("no rule"),
	}, Options{})
	var ids []string
	for _, u := range units {
		ids = append(ids, u.File+" "+u.ID)
	}
	if diff := cmp.Diff([]string{"a/deep/down.yaml A", "a/list.yaml list/x", "b.yml B"}, ids); diff != "" {
		t.Error(diff)
	}
	want := strings.Join([]string{
		"broken.yaml:1:10: the bracket that opens here is not closed",
		"c.yaml: B is in b.yml already",
		"d.yaml: list/x is in a/list.yaml already",
		"large.yaml: text of 524289 bytes, at most 524288",
	}, "\n")
	if diff := cmp.Diff(want, problems.Error()); diff != "" {
		t.Error(diff)
	}
}

// failing is a file system of which every part fails.
type failing struct{}

func (failing) Open(string) (fs.File, error) { return nil, errors.New("disk on fire") }

func TestLoadFSReportsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	units, problems := LoadFS(failing{}, Options{})
	if len(units) > 0 || len(problems) != 1 || problems[0].Check != "file/read" {
		t.Errorf("%v %v", units, problems)
	}
}

func TestFieldsAreWellFormed(t *testing.T) {
	t.Parallel()
	for kind, fields := range fieldTables {
		seen := map[string]bool{}
		for _, f := range fields {
			if seen[f.Name] || f.Name == "" || f.Doc == "" || !strings.Contains("text int float bool", f.Type) {
				t.Errorf("%s: %+v", kind, f)
			}
			seen[f.Name] = true
		}
		if raw := RawField(kind); raw != "" && !seen[raw] {
			t.Errorf("%s: raw field %q is not in the table", kind, raw)
		}
	}
}
