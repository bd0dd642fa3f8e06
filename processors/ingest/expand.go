package ingest

import (
	"os"
	"path/filepath"
	"slices"
)

// Expand returns the files that paths stand for: a Maildir stands for its
// messages, the new ones and those that were read, by name; any other path for
// itself. Errors: a Maildir that cannot be listed.
func Expand(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		if !isMaildir(path) {
			files = append(files, path)
			continue
		}
		var found []string
		for _, folder := range [...]string{"cur", "new"} {
			entries, err := os.ReadDir(filepath.Join(path, folder))
			if err != nil {
				return nil, err
			}
			for _, entry := range entries {
				if entry.Type().IsRegular() && entry.Name()[0] != '.' {
					found = append(found, filepath.Join(path, folder, entry.Name()))
				}
			}
		}
		slices.SortFunc(found, func(a, b string) int {
			return slices.Compare([]string{filepath.Base(a), a}, []string{filepath.Base(b), b})
		})
		files = append(files, found...)
	}
	return files, nil
}

// isMaildir reports whether a path is a folder with the folders of a Maildir.
func isMaildir(path string) bool {
	for _, folder := range [...]string{"cur", "new", "tmp"} {
		if info, err := os.Stat(filepath.Join(path, folder)); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}
