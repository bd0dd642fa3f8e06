//go:build unix

package broker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// dirLock holds a data directory for this process. The kernel lets go of it
// when the process dies, however it dies.
type dirLock struct{ f *os.File }

// lockDir makes the directory if need be and locks it, or returns [ErrLocked]
// naming the process that has it.
func lockDir(dir string) (*dirLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("broker: data directory: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("broker: lock data directory: %w", err)
	}
	if err := flock(f, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s is in use by %s", ErrLocked, dir, holder(f))
		}
		return nil, fmt.Errorf("broker: lock data directory: %w", err)
	}
	pid := []byte(strconv.Itoa(os.Getpid()) + "\n")
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt(pid, 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("broker: lock data directory: %w", err), f.Close())
	}
	return &dirLock{f: f}, nil
}

// flock is the system call, tried again when a signal interrupts it.
func flock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// holder names the process that wrote its number into the lock file.
func holder(f *os.File) string {
	b := make([]byte, 32)
	n, _ := f.ReadAt(b, 0) // an unreadable number is an unknown process
	pid, err := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	if err != nil {
		return "another process"
	}
	return "process " + strconv.Itoa(pid)
}

// release lets go of the directory. The file stays: deleting it would let two
// processes hold locks on two files of the same name.
func (l *dirLock) release() error {
	// Closing alone would leave the lock with a process that is being
	// forked at this moment, until it runs its program.
	if err := errors.Join(flock(l.f, syscall.LOCK_UN), l.f.Close()); err != nil {
		return fmt.Errorf("broker: unlock data directory: %w", err)
	}
	return nil
}
