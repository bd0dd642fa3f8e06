package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// checkpoint says how far a followed file is published. It names the file by
// its first bytes, which stay the same when it is renamed, copied, copied and
// truncated, or compressed; device and inode only say where to look first,
// because a new file may get the inode of one that was removed.
type checkpoint struct {
	// Path is the followed path.
	Path string `json:"path"`
	// HeadSize and HeadSHA256 are of the file's first bytes, at most
	// [headBytes] of them.
	HeadSize   int    `json:"head_size"`
	HeadSHA256 string `json:"head_sha256"`
	// Device and Inode are those of the file, where the system has them.
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
	// Offset is the end of the last line whose facts are acknowledged, Line
	// its number. Both count what the file holds decompressed.
	Offset int64 `json:"offset"`
	Line   int64 `json:"line"`
	// ModTime is when the file had last been written to.
	ModTime time.Time `json:"mod_time"`
}

func headSum(head []byte) string {
	sum := sha256.Sum256(head)
	return hex.EncodeToString(sum[:])
}

// loadCheckpoint returns the checkpoint in the file, or nil where there is no
// file. Errors: it is no checkpoint, or one of another path.
func loadCheckpoint(file, path string) (*checkpoint, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c := &checkpoint{}
	if err := json.Unmarshal(raw, c); err != nil {
		return nil, fmt.Errorf("checkpoint %s: %w (removing it reads the log again from its start, which does no harm)", file, err)
	}
	if c.Path != path {
		return nil, fmt.Errorf("checkpoint %s is of %s and not of %s: each followed file needs its own", file, c.Path, path)
	}
	return c, nil
}

// save writes the checkpoint in place of the file, whole or not at all.
func (c *checkpoint) save(file string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("checkpoint %s: %w", file, err)
		}
	}()
	raw, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	dir := filepath.Dir(file)
	f, err := os.CreateTemp(dir, "."+filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(raw, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(dir)
}

// syncDir makes a rename last through a loss of power.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
