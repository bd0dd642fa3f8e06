package rules

import (
	"slices"
	"strings"
)

// windows are the correlations of a set, and what leads to them.
type windows struct {
	// all are those in force, by id.
	all []*Correlation
	// ofRule and ofWindow are what a match of a rule, or a window of a
	// correlation, feeds: by the id of either.
	ofRule   map[string][]feed
	ofWindow map[string][]feed
}

// feed is one place of a correlation that a rule fills.
type feed struct {
	correlation *Correlation
	// place is the number of the rule in the correlation, from 0.
	place int
	// group and values name the fields as the rule's events have them.
	group, values []string
}

// correlate resolves the correlations of the units in force and holds back
// those that refer to what is not. Holding one back may take away what another
// refers to, so it is done until nothing changes.
func (f *filling) correlate() windows {
	if !slices.ContainsFunc(f.ids, func(id string) bool { return len(f.units[id].Correlations) > 0 }) {
		return windows{}
	}
	for {
		refs := newReferences(f.inForce())
		held := false
		for _, u := range refs.units {
			for _, c := range u.Correlations {
				_, problems := refs.resolve(u, c)
				if len(problems) == 0 && refs.circular(u, c) {
					f.hold(u, c.Node, "correlation/rules", "correlation "+c.ID+" refers to itself by way of others")
					held = true
				}
				if len(problems) > 0 {
					f.held[u.ID] = append(f.held[u.ID], problems...)
					held = true
				}
			}
		}
		if !held {
			return refs.windows()
		}
	}
}

func (f *filling) inForce() []*Unit {
	units := make([]*Unit, 0, len(f.ids))
	for _, id := range f.ids {
		if len(f.held[id]) == 0 {
			units = append(units, f.units[id])
		}
	}
	return units
}

// circular reports whether a correlation feeds itself by way of others.
func (refs *references) circular(u *Unit, start *Correlation) bool {
	seen := map[*Correlation]bool{}
	var visit func(c *Correlation) bool
	visit = func(c *Correlation) bool {
		if seen[c] {
			return false
		}
		seen[c] = true
		found, _ := refs.resolve(refs.home(u, c), c)
		for _, ref := range found {
			if ref.correlation == start || ref.correlation != nil && visit(ref.correlation) {
				return true
			}
		}
		return false
	}
	return visit(start)
}

// home returns the unit of a correlation, u if it is in none.
func (refs *references) home(u *Unit, c *Correlation) *Unit {
	for _, other := range refs.units {
		if slices.Contains(other.Correlations, c) {
			return other
		}
	}
	return u
}

// windows returns what feeds what, once everything resolves.
func (refs *references) windows() windows {
	w := windows{ofRule: map[string][]feed{}, ofWindow: map[string][]feed{}}
	for _, u := range refs.units {
		for _, c := range u.Correlations {
			w.all = append(w.all, c)
			found, _ := refs.resolve(u, c)
			for place, ref := range found {
				next := feed{correlation: c, place: place, group: c.fields(c.Sigma.GroupBy, place), values: c.fields(c.Sigma.Fields, place)}
				if ref.rule != nil {
					w.ofRule[ref.rule.ID] = append(w.ofRule[ref.rule.ID], next)
				} else {
					w.ofWindow[ref.correlation.ID] = append(w.ofWindow[ref.correlation.ID], next)
				}
			}
		}
	}
	slices.SortFunc(w.all, func(a, b *Correlation) int { return strings.Compare(a.ID, b.ID) })
	return w
}

// fields returns what fields of the correlation are called in the events of
// rule i.
func (c *Correlation) fields(names []string, i int) []string {
	out := make([]string, len(names))
	for j, name := range names {
		out[j], _ = c.Sigma.Field(name, i) // it resolved
	}
	return out
}
