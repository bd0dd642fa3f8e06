package attack

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Group is an adversary that MITRE tracks.
type Group struct {
	ID   string // "G0016"
	Name string // "APT29"
}

// GroupsRelease returns the release that Groups speaks of. It is the same for
// every catalogue, because only one release's record of groups is embedded.
func (c *Catalogue) GroupsRelease() string { return groupsRelease }

// Groups returns the groups known to use exactly this technique or
// sub-technique, by id; what they do under its other sub-techniques, through a
// campaign or by means of a tool is not counted. It is the record of
// GroupsRelease: in a later release an id also has the groups of the ids it
// took the place of, and an id without any has none. Shared: do not change it.
func (c *Catalogue) Groups(technique string) []Group { return c.groups[technique] }

// loadGroups reads who uses what and moves it to the ids of this release. Uses
// of ids that went without a successor are dropped.
func (c *Catalogue) loadGroups() error {
	named := map[string]Group{}
	err := eachRow(data, "data/"+groupsRelease+"/groups.tsv", 2, 2, func(col []string) error {
		named[col[0]] = Group{ID: col[0], Name: col[1]}
		return nil
	})
	if err != nil {
		return err
	}
	c.groups = map[string][]Group{}
	moved := map[string]bool{}
	err = eachRow(data, "data/"+groupsRelease+"/uses.tsv", 2, 2, func(col []string) error {
		id := col[0]
		if _, live := c.techniqueAt[id]; !live {
			if id = c.retired[id].Successor; id == "" {
				return nil
			}
			moved[id] = true
		}
		for who := range strings.SplitSeq(col[1], ",") {
			g, ok := named[who]
			if !ok {
				return fmt.Errorf("%s: no group %q", col[0], who)
			}
			c.groups[id] = append(c.groups[id], g)
		}
		return nil
	})
	for id := range moved {
		slices.SortFunc(c.groups[id], func(a, b Group) int { return cmp.Compare(a.ID, b.ID) })
		c.groups[id] = slices.Compact(c.groups[id])
	}
	return err
}
