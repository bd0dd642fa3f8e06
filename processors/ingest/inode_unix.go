//go:build unix

package ingest

import (
	"io/fs"
	"syscall"
)

// inode returns a file's device and inode.
func inode(info fs.FileInfo) (device, number uint64) {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Dev), stat.Ino
	}
	return 0, 0
}
