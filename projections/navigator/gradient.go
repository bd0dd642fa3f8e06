package navigator

import "fmt"

// gradient goes from white for nothing over yellow to red for certainty.
func gradient() Gradient {
	return Gradient{Colors: []string{"#ffffff", "#ffe766", "#ff6666"}, MinValue: 0, MaxValue: 100}
}

// bands are what the legend explains: the steps in which the report speaks of
// confidence, each by the colour in its middle.
var bands = []struct {
	label    string
	from, to int // score
}{
	{"confidence 0.85 to 1.00: strong", 85, 100},
	{"confidence 0.60 to 0.84: likely", 60, 84},
	{"confidence below 0.60: weak, much of it ordinary administration", 30, 59},
}

func legend() []LegendItem {
	items := make([]LegendItem, 0, len(bands)+1)
	for _, band := range bands {
		items = append(items, LegendItem{Label: band.label, Color: gradient().at((band.from + band.to) / 2)})
	}
	return append(items, LegendItem{Label: "no colour: not seen, or only as a sub-technique", Color: gradient().Colors[0]})
}

// at returns the colour of a score, interpolated between the two colours that
// are nearest, as the Navigator does.
func (g Gradient) at(score int) string {
	steps := len(g.Colors) - 1
	position := float64(score-g.MinValue) / float64(g.MaxValue-g.MinValue) * float64(steps)
	i := min(max(int(position), 0), steps-1)
	part := position - float64(i)
	from, to := rgb(g.Colors[i]), rgb(g.Colors[i+1])
	var mixed [3]int
	for c := range mixed {
		mixed[c] = int(float64(from[c]) + part*float64(to[c]-from[c]) + 0.5)
	}
	return fmt.Sprintf("#%02x%02x%02x", mixed[0], mixed[1], mixed[2])
}

// rgb reads one of our own colours, #rrggbb.
func rgb(colour string) (parts [3]int) {
	_, _ = fmt.Sscanf(colour, "#%02x%02x%02x", &parts[0], &parts[1], &parts[2])
	return parts
}
