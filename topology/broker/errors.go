package broker

import "errors"

var (
	// ErrLocked is returned by [Start] when another process has the data
	// directory open. The error names the process.
	ErrLocked = errors.New("broker: data directory is locked")

	// ErrDamaged is returned by [Start] when the data directory holds damage
	// that a killed process cannot have left: a bad checksum in the middle of a
	// file, a file that is missing or of another version. The error names file
	// and position. Nothing has been changed; to go on without what is damaged,
	// an operator restores or deletes that partition's directory.
	ErrDamaged = errors.New("broker: data directory is damaged")
)
