package sqlstore

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/ttpstream/ttpstream/projections"
)

// checksum is of a set of rows: the sum of their hashes, so that their order
// does not matter and no database has to sort them.
type checksum struct {
	rows  int64
	parts [4]uint64
}

func (c *checksum) add(row string) {
	hash := sha256.Sum256([]byte(row))
	for i := range c.parts {
		c.parts[i] += binary.BigEndian.Uint64(hash[8*i:])
	}
	c.rows++
}

// String returns the checksum; a table of no rows has one too.
func (c *checksum) String() string {
	return fmt.Sprintf("%d rows %016x%016x%016x%016x", c.rows, c.parts[0], c.parts[1], c.parts[2], c.parts[3])
}

// differ notes a difference, if there is room.
func differ(a *projections.Audit, format string, args ...any) {
	if len(a.Differences) < maxDifferences {
		a.Differences = append(a.Differences, fmt.Sprintf(format, args...))
	}
}
