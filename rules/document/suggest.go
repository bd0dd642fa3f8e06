package document

import "fmt"

// suggest returns a hint that names the choice a person most probably meant,
// empty if none is near.
func suggest(text string, choices []string) string {
	if near := Nearest(text, choices); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return ""
}

// Nearest returns the choice that is spelt most like text, the first of equals,
// empty if none is near: at most a third of the letters may differ.
func Nearest(text string, choices []string) string {
	best, least := "", len(text)/3+1
	if len(text) > 64 {
		return ""
	}
	for _, c := range choices {
		if d := distance(text, c); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance is how many letters to insert, remove, replace, or swap with their
// neighbour to make b of a.
func distance(a, b string) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
