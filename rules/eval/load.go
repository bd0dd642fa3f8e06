package eval

import (
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/document"
)

// Load is rules.LoadFS on all cores: the same files, the same units in the same
// order, the same problems. Of two files with one id it keeps both: the set
// that is made of them refuses the second.
func Load(fsys fs.FS, opts rules.Options) ([]*rules.Unit, rules.Problems) {
	var names []string
	var problems rules.Problems
	// The function returns no error: whatever it is told becomes a problem.
	_ = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			problems = append(problems, rules.Problem{File: name, Check: "file/read", Message: err.Error()})
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
			if name != "." && strings.HasPrefix(path.Base(name), ".") {
				return fs.SkipDir
			}
		case d.Type().IsRegular() && rules.RuleFile(path.Base(name)):
			names = append(names, name)
		}
		return nil
	})
	parsed := make([]parsedFile, len(names))
	eachParallel(len(names), func(i int) { parsed[i] = parseFile(fsys, names[i], opts) })
	var units []*rules.Unit
	for _, p := range parsed {
		problems = append(problems, p.problems...)
		if p.unit != nil {
			units = append(units, p.unit)
		}
	}
	problems.Sort()
	return units, problems
}

type parsedFile struct {
	unit     *rules.Unit
	problems rules.Problems
}

func parseFile(fsys fs.FS, name string, opts rules.Options) parsedFile {
	if info, err := fs.Stat(fsys, name); err == nil && info.Size() > document.MaxBytes {
		return parsedFile{problems: rules.Problems{{File: name, Check: "yaml/limit", Message: "the file is too large for a rule"}}}
	}
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return parsedFile{problems: rules.Problems{{File: name, Check: "file/read", Message: err.Error()}}}
	}
	unit, problems := rules.Parse(name, text, opts)
	return parsedFile{unit, problems}
}

// eachParallel calls f for 0 to below n, on all cores, and waits.
func eachParallel(n int, f func(i int)) {
	var group sync.WaitGroup
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	group.Wait()
}
