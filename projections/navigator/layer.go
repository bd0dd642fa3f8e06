package navigator

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

// Score is what is known of one technique under one tactic.
type Score struct {
	// Tactic and Technique are ids; Technique is the most specific one, such
	// as T1059.004.
	Tactic, Technique string
	// Confidence is the greatest of the tags, in [0,1].
	Confidence float64
	// Comment is shown when the pointer is over the technique. Make what an
	// attacker wrote printable before it goes in here.
	Comment string
	// Rules are the ids of the rules that made the tags.
	Rules []string
	// FirstSeen and LastSeen are times of events. Zero: not shown.
	FirstSeen, LastSeen time.Time
	// Metadata is shown after rules, confidence and times. Entries without a
	// name or a value are left out.
	Metadata []Metadata
}

// maxLeftOut bounds the ids that the metadata names as left out.
const maxLeftOut = 50

// NewLayer returns a layer with a name and the scores, under a release. Of
// several scores for one technique under one tactic the one with the greatest
// confidence is taken. Scores that the release has no place for are left out
// and named in the layer's metadata. There are no errors: a layer without
// scores is a valid one.
func NewLayer(name, description string, c *attack.Catalogue, scores []Score) *Layer {
	scores = slices.Clone(scores)
	slices.SortFunc(scores, compareScores)
	scores = slices.CompactFunc(scores, func(a, b Score) bool { return a.Technique == b.Technique && a.Tactic == b.Tactic })
	techniques, leftOut := techniques(c, scores)
	return &Layer{
		Name: name, Description: description, Domain: attack.Domain,
		Versions: Versions{Attack: c.NavigatorVersion(), Navigator: navigatorVersion, Layer: FormatVersion},
		Sorting:  3,
		Layout: Layout{
			Layout: "side", AggregateFunction: "max", ShowID: true, ShowName: true, ExpandedSubtechniques: "annotated",
		},
		Techniques: techniques, Gradient: gradient(), LegendItems: legend(), Metadata: metadata(c, leftOut),
		Links:               []Link{{"ATT&CK terms of use", "https://attack.mitre.org/resources/legal-and-branding/terms-of-use/"}},
		TacticRowBackground: "#dddddd", SelectTechniquesAcrossTactics: true, SelectSubtechniquesWithParent: true,
	}
}

// compareScores orders by what a score is of, then surest first, then by the
// rest, so that which of two equals comes first is no matter of arrival.
func compareScores(a, b Score) int {
	if by := cmp.Or(strings.Compare(a.Technique, b.Technique), strings.Compare(a.Tactic, b.Tactic),
		cmp.Compare(b.Confidence, a.Confidence)); by != 0 {
		return by
	}
	return strings.Compare(fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b))
}

// techniques returns the entries of a layer, parents right before their
// sub-techniques, and the scores that have no place in the release.
func techniques(c *attack.Catalogue, scores []Score) (entries []Technique, leftOut []string) {
	type cell struct{ technique, tactic string }
	shows := make(map[cell]bool) // parents of sub-techniques; true once they have an entry
	for _, s := range scores {
		if technique, _ := c.Technique(s.Technique); technique.Parent != "" && c.HoldsTactic(s.Technique, s.Tactic) {
			shows[cell{technique.Parent, s.Tactic}] = false
		}
	}
	entries = make([]Technique, 0, len(scores)+len(shows))
	for _, s := range scores {
		tactic, known := c.Tactic(s.Tactic)
		if !known || !c.HoldsTactic(s.Technique, s.Tactic) {
			leftOut = append(leftOut, s.Technique+" under "+s.Tactic)
			continue
		}
		entry := s.entry(tactic.ShortName)
		if _, entry.ShowSubtechniques = shows[cell{s.Technique, s.Tactic}]; entry.ShowSubtechniques {
			shows[cell{s.Technique, s.Tactic}] = true
		}
		entries = append(entries, entry)
	}
	for parent, there := range shows {
		if tactic, _ := c.Tactic(parent.tactic); !there && c.HoldsTactic(parent.technique, parent.tactic) {
			entry := entry(parent.technique, tactic.ShortName)
			entry.ShowSubtechniques = true
			entries = append(entries, entry)
		}
	}
	slices.SortFunc(entries, func(a, b Technique) int {
		return cmp.Or(strings.Compare(a.TechniqueID, b.TechniqueID), strings.Compare(a.Tactic, b.Tactic))
	})
	return entries, leftOut
}

// entry returns an annotation that says nothing yet.
func entry(technique, tactic string) Technique {
	return Technique{TechniqueID: technique, Tactic: tactic, Enabled: true, Metadata: []Metadata{}, Links: []Link{}}
}

func (s *Score) entry(tactic string) Technique {
	e := entry(s.Technique, tactic)
	score := percent(s.Confidence)
	e.Score, e.Comment = &score, s.Comment
	e.Metadata = append(e.Metadata, Metadata{"confidence", fmt.Sprintf("%d.%02d", score/100, score%100)})
	if len(s.Rules) > 0 {
		e.Metadata = append(e.Metadata, Metadata{"rules", strings.Join(s.Rules, ", ")})
	}
	for _, seen := range []struct {
		name string
		at   time.Time
	}{{"first seen", s.FirstSeen}, {"last seen", s.LastSeen}} {
		if !seen.at.IsZero() {
			e.Metadata = append(e.Metadata, Metadata{seen.name, seen.at.UTC().Format(time.RFC3339)})
		}
	}
	for _, m := range s.Metadata {
		if m.Name != "" && m.Value != "" {
			e.Metadata = append(e.Metadata, m)
		}
	}
	return e
}

// percent keeps to the gradient, whatever it is given.
func percent(confidence float64) int {
	if !(confidence > 0) { // also what is no number
		return 0
	}
	return int(math.Round(min(confidence, 1) * 100))
}

// metadata returns what the layer says of itself.
func metadata(c *attack.Catalogue, leftOut []string) []Metadata {
	list := []Metadata{
		{"ATT&CK release", c.Name()},
		{"score", "greatest confidence of the tags, in per cent"},
		{"ATT&CK", "a registered trademark of The MITRE Corporation; ids are used under its terms of use"},
	}
	if len(leftOut) > 0 {
		names := strings.Join(leftOut[:min(len(leftOut), maxLeftOut)], ", ")
		if more := len(leftOut) - maxLeftOut; more > 0 {
			names += fmt.Sprintf(" and %d more", more)
		}
		list = append(list, Metadata{"left out, not in this release", names})
	}
	return list
}
