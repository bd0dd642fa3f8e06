//go:build !race

package main

// raceDetector says that the test and the program take many times the memory.
const raceDetector = false
