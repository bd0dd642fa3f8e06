//go:build !unix

package main

import "runtime"

// peakMemory returns what the process has taken from the system, in bytes.
func peakMemory() int64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.Sys)
}
