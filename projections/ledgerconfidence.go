package projections

import (
	"maps"
	"math"
	"slices"
)

// Combined returns how sure tags together make that a technique was used, from
// how many there are of each confidence step: the probability that not all of
// them are wrong, were they independent, which they are not. So what repeats at
// one step weighs by the logarithm of its number, and the sum stays below 1:
//
//	1 − Π (1 − step/100) ^ (1 + log2(count)), at most 0.99, rounded to 0.01
//
// but never less than the highest step. Steps are multiplied from the highest
// down, so that every machine rounds alike.
func Combined(counts map[int]int64) float64 {
	steps := slices.Sorted(maps.Keys(counts))
	slices.Reverse(steps)
	doubt, highest := 1.0, 0.0
	for _, step := range steps {
		n := counts[step]
		if n <= 0 {
			continue
		}
		c := float64(step) / 100
		highest = max(highest, c)
		doubt *= math.Pow(1-c, 1+math.Log2(float64(n)))
	}
	sure := min(math.Round((1-doubt)*100)/100, 0.99)
	return max(sure, highest)
}
