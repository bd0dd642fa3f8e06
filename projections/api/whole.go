package api

import (
	"errors"
	"math"
	"strconv"
)

// Whole is a whole number in a body. JSON has one type of numbers, and what a
// client's library writes as 3.0 or 3e0 is as whole as 3.
type Whole int64

// maxWhole is the greatest whole number that every JSON library keeps.
const maxWhole = 1<<53 - 1

// UnmarshalJSON reads a whole number up to 2^53 - 1 either way.
func (n *Whole) UnmarshalJSON(raw []byte) error {
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > maxWhole {
		return errors.New("not a whole number")
	}
	*n = Whole(f)
	return nil
}
