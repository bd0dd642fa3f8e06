package printable

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Ellipsis stands where [Cut] or [CutLeft] took something away.
const Ellipsis = "…"

// Width returns how many cells of a terminal s takes. It is exact for what
// [Text] returns, as far as terminals agree: wide characters take two.
func Width(s string) int {
	if isASCII(s) {
		return len(s)
	}
	return uniseg.StringWidth(s)
}

// Cut returns s, or as much of its start as fits width cells together with an
// ellipsis.
func Cut(s string, width int) string {
	if Width(s) <= width {
		return s
	}
	if width <= 0 {
		return ""
	}
	kept, used := 0, 0
	for rest, state := s, -1; rest != ""; {
		cluster, next, cells, newState := uniseg.FirstGraphemeClusterInString(rest, state)
		if used+cells > width-1 {
			break
		}
		kept, used = kept+len(cluster), used+cells
		rest, state = next, newState
	}
	return s[:kept] + Ellipsis
}

// CutLeft is [Cut] from the other end: it keeps the end of s, which is what
// tells one path from another.
func CutLeft(s string, width int) string {
	left := Width(s)
	if left <= width {
		return s
	}
	if width <= 0 {
		return ""
	}
	rest := s
	for state, cells := -1, 0; left > width-1; left -= cells {
		_, rest, cells, state = uniseg.FirstGraphemeClusterInString(rest, state)
	}
	return Ellipsis + rest
}

// Left returns s cut to width cells and filled up with spaces on the right.
func Left(s string, width int) string {
	s = Cut(s, width)
	return s + spaces(width-Width(s))
}

// Right returns s filled up with spaces on the left to width cells. It is for
// numbers and cuts nothing.
func Right(s string, width int) string { return spaces(width-Width(s)) + s }

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
