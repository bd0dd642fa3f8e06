package api

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// vector is a place in ttp.tagged: by partition, the offset of the record to
// come. As text it is the offsets, in the order of partitions, joined by dots,
// which is the id of live events and the cursor of TAXII.
type vector map[int32]int64

const (
	// maxVector bounds the text of a vector.
	maxVector = 16 << 10
	// maxPartitions bounds the partitions of one.
	maxPartitions = 1000
)

var errVector = errors.New("not a place in the log")

// String returns the text.
func (v vector) String() string {
	var b []byte
	for p := range int32(len(v)) {
		if p > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendInt(b, v[p], 10)
	}
	return string(b)
}

// parseVector reads the text of a vector, in its one spelling.
func parseVector(text string) (vector, error) {
	parts := strings.Split(text, ".")
	if len(text) > maxVector || len(parts) > maxPartitions {
		return nil, errVector
	}
	v := make(vector, len(parts))
	for p, part := range parts {
		offset, err := strconv.ParseInt(part, 10, 64)
		if err != nil || offset < 0 || strconv.FormatInt(offset, 10) != part {
			return nil, errVector
		}
		v[int32(p)] = offset
	}
	return v, nil
}

// fits reports whether two vectors are of one log.
func (v vector) fits(other vector) bool {
	return slices.Equal(slices.Sorted(maps.Keys(v)), slices.Sorted(maps.Keys(other)))
}

// reaches reports whether v is at or behind other in every partition.
func (v vector) reaches(other vector) bool {
	for p, offset := range other {
		if v[p] < offset {
			return false
		}
	}
	return true
}
