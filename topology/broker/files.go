package broker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a data directory. Those up to sessionFile are kfake's.
const (
	metaFile     = "meta.json"
	topicsFile   = "topics.json"
	groupsFile   = "groups.log"
	pidsFile     = "pids.log"
	windowsFile  = "seq_windows.json"
	sessionFile  = "session_state.json"
	snapshotFile = "snapshot.json" // one in each partition's directory

	lockFile    = "lock"
	closedFile  = "closed"       // there after a Close, gone while the broker runs
	cleanedFile = "cleaned.json" // in a partition's directory: compacted up to here
)

// tmpSuffix marks a file that is being written. What bears it at start was
// interrupted, and is deleted.
const tmpSuffix = ".tmp"

// writeFile replaces a file in one step: a reader, or the next start after a
// kill, finds the old content or the new. With durable set, so does the next
// start after a loss of power.
func writeFile(path string, data []byte, durable bool) error {
	f, err := createTmp(path)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	return commitTmp(f, path, durable)
}

// createTmp opens the temporary file beside path.
func createTmp(path string) (*os.File, error) {
	return os.OpenFile(path+tmpSuffix, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
}

// commitTmp closes a file of [createTmp] and puts it in path's place.
func commitTmp(f *os.File, path string, durable bool) error {
	var err error
	if durable {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+tmpSuffix, path); err != nil {
		return err
	}
	if durable {
		return syncDir(filepath.Dir(path))
	}
	return nil
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// exists tells whether there is a file of that name.
func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// remove deletes a file that may be gone already.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// removeTmp deletes the temporary files of a directory and returns the names
// of the others.
func removeTmp(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) != tmpSuffix {
			names = append(names, e.Name())
			continue
		}
		if err := remove(filepath.Join(dir, e.Name())); err != nil {
			return nil, fmt.Errorf("remove leftover: %w", err)
		}
	}
	return names, nil
}

// appendFile adds to the end of a file, durably.
func appendFile(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
