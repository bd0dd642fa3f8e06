package rules

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

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
// files with one id are a problem of the second. Files are parsed on as many
// cores as there are: fsys must allow that, as those of the standard library do.
func LoadFS(fsys fs.FS, opts Options) ([]*Unit, Problems) {
	l := loader{fsys: fsys, opts: opts, owner: map[string]string{}}
	// walk returns no error: whatever it is told becomes a problem.
	_ = fs.WalkDir(fsys, ".", l.walk)
	l.parse()
	l.problems.Sort()
	return l.units, l.problems
}

type loader struct {
	fsys     fs.FS
	opts     Options
	files    []loading
	units    []*Unit
	problems Problems
	// owner is the file of each unit, rule and list.
	owner map[string]string
}

// loading is a file and what it holds.
type loading struct {
	name     string
	entry    fs.DirEntry
	unit     *Unit
	problems Problems
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
		l.files = append(l.files, loading{name: name, entry: d})
	}
	return nil
}

// parse parses the files side by side and takes what they hold one after the
// other, in their order.
func (l *loader) parse() {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(l.files)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(l.files)); i = next.Add(1) - 1 {
				l.load(&l.files[i])
			}
		})
	}
	workers.Wait()
	for _, f := range l.files {
		l.problems = append(l.problems, f.problems...)
		if f.unit != nil && l.claim(f.unit) {
			l.units = append(l.units, f.unit)
		}
	}
}

// load reads and parses one file.
func (l *loader) load(f *loading) {
	if info, err := f.entry.Info(); err == nil && info.Size() > document.MaxBytes {
		f.problem("yaml/limit", fmt.Sprintf("text of %d bytes, at most %d", info.Size(), document.MaxBytes))
		return
	}
	text, err := fs.ReadFile(l.fsys, f.name)
	if err != nil {
		f.problem("file/read", err.Error())
		return
	}
	f.unit, f.problems = Parse(f.name, text, l.opts)
}

func (f *loading) problem(check, message string) {
	f.problems = Problems{{File: f.name, Check: check, Message: message}}
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
