package rules

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
)

// Names of rule files and of the directories that are searched for them.
var (
	fileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*\.ya?ml$`)
	dirName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
)

// RuleFile reports whether a file of that name (its last element) holds rules:
// [A-Za-z0-9][A-Za-z0-9._-]*.yaml or .yml, and no NAME_test.yaml, which holds
// tests for a foreign rule.
func RuleFile(name string) bool {
	base := strings.TrimSuffix(strings.TrimSuffix(name, ".yml"), ".yaml")
	return fileName.MatchString(name) && !strings.HasSuffix(base, "_test")
}

// LoadFS reads every rule file below the root, in the order of their paths;
// directories whose names begin with a dot and the like are passed over. Files
// with errors are left out. problems holds those of all files, sorted; two
// files with one id are a problem of the second.
func LoadFS(fsys fs.FS, opts Options) ([]*Unit, Problems) {
	l := loader{fsys: fsys, opts: opts, owner: map[string]string{}}
	// walk returns no error: whatever it is told becomes a problem.
	_ = fs.WalkDir(fsys, ".", l.walk)
	l.problems.Sort()
	return l.units, l.problems
}

type loader struct {
	fsys     fs.FS
	opts     Options
	units    []*Unit
	problems Problems
	// owner is the file of each unit, rule and list.
	owner map[string]string
}

func (l *loader) walk(name string, d fs.DirEntry, err error) error {
	switch {
	case err != nil:
		l.problem(name, "file/read", err.Error())
		if d != nil && d.IsDir() {
			return fs.SkipDir
		}
	case d.IsDir():
		if name != "." && !dirName.MatchString(path.Base(name)) {
			return fs.SkipDir
		}
	case d.Type().IsRegular() && RuleFile(path.Base(name)):
		l.load(name, d)
	}
	return nil
}

func (l *loader) load(name string, d fs.DirEntry) {
	if info, err := d.Info(); err == nil && info.Size() > document.MaxBytes {
		l.problem(name, "yaml/limit", fmt.Sprintf("text of %d bytes, at most %d", info.Size(), document.MaxBytes))
		return
	}
	text, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		l.problem(name, "file/read", err.Error())
		return
	}
	unit, problems := Parse(name, text, l.opts)
	l.problems = append(l.problems, problems...)
	if unit != nil && l.claim(unit) {
		l.units = append(l.units, unit)
	}
}

// claim notes the names that a unit brings, unless one is taken.
func (l *loader) claim(u *Unit) bool {
	ids := []string{}
	for _, e := range u.entries() {
		ids = append(ids, e.id)
	}
	for _, list := range u.Lists {
		ids = append(ids, listPrefix+list.Name)
	}
	for _, id := range ids {
		if other, taken := l.owner[id]; taken {
			l.problem(u.File, "rule/duplicate-id", fmt.Sprintf("%s is in %s already", id, other))
			return false
		}
	}
	for _, id := range ids {
		l.owner[id] = u.File
	}
	return true
}

func (l *loader) problem(file, check, message string) {
	l.problems = append(l.problems, Problem{File: file, Check: check, Message: message})
}
