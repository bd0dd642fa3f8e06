//go:build !unix

package broker

import (
	"fmt"
	"runtime"
)

// dirLock cannot be had on this system.
type dirLock struct{}

// lockDir refuses: without a lock that dies with its process, two brokers
// could write to one directory, or none after a kill.
func lockDir(string) (*dirLock, error) {
	return nil, fmt.Errorf("broker: a data directory needs file locks that %s lacks; run in memory", runtime.GOOS)
}

func (*dirLock) release() error { return nil }
