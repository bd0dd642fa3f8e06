package ingest

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/document"
)

// Bounds of a rule directory: a link may lead anywhere.
const (
	maxRuleFiles     = 100_000
	maxRuleDirectory = 16 // deep
)

// sight is what a look at the paths found.
type sight struct {
	files map[string]ruleFile
	// directories are what to watch.
	directories []string
	// unread are paths that could not be looked at: nothing follows from what
	// is missing below them.
	unread []string
}

// look reads every rule file. A file whose bytes are as before is not parsed
// again.
func (d *RuleDirectory) look() sight {
	l := looker{d: d, sight: sight{files: map[string]ruleFile{}}, been: map[string]bool{}}
	for _, path := range d.o.Paths {
		l.path(filepath.Clean(path))
	}
	return l.sight
}

type looker struct {
	d *RuleDirectory
	sight
	// been are directories by their real paths: links may form a circle.
	been map[string]bool
}

// path looks at what was named: a file of any name, or a directory.
func (l *looker) path(path string) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		l.directory(path, 0)
		return
	}
	l.directories = append(l.directories, filepath.Dir(path))
	switch {
	case err == nil:
		l.file(path)
	case !rules.RuleFile(filepath.Base(path)): // a directory that is away, not a file that is gone
		l.unread = append(l.unread, path)
	}
}

func (l *looker) directory(path string, depth int) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil || depth > maxRuleDirectory {
		l.unread = append(l.unread, path)
		return
	}
	if l.been[real] {
		return
	}
	l.been[real] = true
	l.directories = append(l.directories, path)
	entries, err := os.ReadDir(path)
	if err != nil {
		l.unread = append(l.unread, path)
		return
	}
	for _, entry := range entries {
		below := filepath.Join(path, entry.Name())
		info, err := os.Stat(below) // follows links
		switch {
		case err != nil:
		case len(l.files) >= maxRuleFiles:
			l.unread = append(l.unread, path)
			return
		case info.IsDir() && !strings.HasPrefix(entry.Name(), "."):
			l.directory(below, depth+1)
		case info.Mode().IsRegular() && rules.RuleFile(entry.Name()):
			l.file(below)
		}
	}
}

// file reads and parses one file. One that is a link is watched where it leads.
func (l *looker) file(path string) {
	if real, err := filepath.EvalSymlinks(path); err == nil && real != path {
		l.directories = append(l.directories, filepath.Dir(real))
	}
	text, err := readBounded(path)
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		l.files[path] = l.as(path, ruleFile{path: path, problems: rules.Problems{{File: path, Check: "file/read", Severity: rules.SeverityError, Message: err.Error()}}})
		return
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		l.files[path] = ruleFile{path: path} // somebody is about to write it
		return
	}
	hash := hashOf(text)
	if known, ok := l.d.files[path]; ok && known.hash == hash {
		l.files[path] = known
		return
	}
	file := ruleFile{path: path, hash: hash, text: text}
	unit, problems := rules.Parse(path, text, l.d.o.Rules)
	file.problems = problems
	if unit != nil {
		file.id = unit.ID
	}
	l.files[path] = file
}

// as keeps in mind that somebody has been told of the same problem.
func (l *looker) as(path string, file ruleFile) ruleFile {
	known := l.d.files[path]
	file.told = known.told && known.hash == file.hash && known.problems.Error() == file.problems.Error()
	return file
}

func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, document.MaxBytes+1))
	if err == nil && len(text) > document.MaxBytes {
		err = fmt.Errorf("more than %d bytes", document.MaxBytes)
	}
	return text, err
}

// watch follows the directories of a look, and no others.
func (d *RuleDirectory) watch(seen sight) {
	wanted := map[string]bool{}
	for _, path := range seen.directories {
		if wanted[path] {
			continue
		}
		wanted[path] = true
		if err := d.watcher.Add(path); err != nil { // looked at every minute all the same
			d.o.Logger.Warn("a rule directory cannot be watched; changes are seen within a minute", "directory", path, "error", err)
		}
	}
	for _, path := range d.watcher.WatchList() {
		if !wanted[path] {
			_ = d.watcher.Remove(path) // it is gone, and so is its watch
		}
	}
}

// under reports whether a path is one of roots or below one.
func under(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		root = filepath.Clean(root)
		return path == root || strings.HasPrefix(path, strings.TrimSuffix(root, "/")+"/")
	})
}
