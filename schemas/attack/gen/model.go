package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// The two ways in which an id leaves a release.
const (
	kindRevoked    = "revoked"    // another id took its place
	kindDeprecated = "deprecated" // nothing took its place
)

// release is one release in the shape of its tables.
type release struct {
	name, about string
	tactics     []tactic // matrix order
	techniques  []technique
	retired     []retired
	groups      []group
	uses        map[string][]string // technique → group ids
}

type tactic struct{ id, short, name, stix string }

type technique struct {
	id, name, stix     string
	tactics, platforms []string
}

type retired struct{ id, name, kind, successor, note string }

type group struct{ id, name string }

// tacticIDs turns short names into ids in matrix order, which no source keeps.
func (r *release) tacticIDs(shorts []string) ([]string, error) {
	var ids []string
	for _, t := range r.tactics {
		if slices.Contains(shorts, t.short) {
			ids = append(ids, t.id)
		}
	}
	if len(ids) == 0 || len(ids) != len(shorts) {
		return nil, fmt.Errorf("tactics %q: not all of them are in the release", shorts)
	}
	return ids, nil
}

// finish sorts every table, follows chains of successors to ids that exist and
// checks what every release must keep.
func (r *release) finish() error {
	slices.SortFunc(r.techniques, func(a, b technique) int { return strings.Compare(a.id, b.id) })
	slices.SortFunc(r.retired, func(a, b retired) int { return strings.Compare(a.id, b.id) })
	slices.SortFunc(r.groups, func(a, b group) int { return strings.Compare(a.id, b.id) })
	live := map[string]bool{}
	for _, t := range r.techniques {
		parent, _, isSub := strings.Cut(t.id, ".")
		if isSub && !live[parent] {
			return fmt.Errorf("%s: its parent does not exist", t.id)
		}
		if t.name == "" || t.stix == "" || len(t.tactics) == 0 || len(t.platforms) == 0 {
			return fmt.Errorf("%s: name, STIX id, tactics and platforms are required: %+v", t.id, t)
		}
		live[t.id] = true
	}
	return r.followSuccessors(live)
}

// followSuccessors replaces a successor that was itself retired by its own.
func (r *release) followSuccessors(live map[string]bool) error {
	gone := map[string]retired{}
	for _, g := range r.retired {
		gone[g.id] = g
	}
	for i, g := range r.retired {
		if live[g.id] || g.name == "" {
			return fmt.Errorf("%s: retired, but it exists or has no name", g.id)
		}
		for hops := 0; g.successor != "" && !live[g.successor]; hops++ {
			next, ok := gone[g.successor]
			if !ok || hops > len(gone) {
				return fmt.Errorf("%s: successor %s does not exist", g.id, g.successor)
			}
			g.successor, g.note = next.successor, cmp.Or(g.note, next.note)
		}
		if g.kind == kindRevoked && g.successor == "" {
			return fmt.Errorf("%s: revoked without a successor", g.id)
		}
		r.retired[i] = g
	}
	return nil
}

// derivedSTIX is the id of an object whose canonical STIX id no source holds:
// a UUIDv5 of its address at MITRE. The leading '~' marks it in the tables.
func derivedSTIX(kind, id string) string {
	page := "https://attack.mitre.org/" + kind + "/" + strings.ReplaceAll(id, ".", "/")
	return "~" + uuid.NewSHA1(uuid.NameSpaceURL, []byte(page)).String()
}

// fold orders platforms as people do: "macOS" between "Linux" and "Windows".
func fold(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }
