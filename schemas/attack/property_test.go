package attack_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

var (
	idForm   = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)
	stixForm = regexp.MustCompile(`^(attack-pattern|x-mitre-tactic)--[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// What every technique of every release keeps.
func TestEveryTechnique(t *testing.T) {
	t.Parallel()
	for _, name := range attack.Releases() {
		c, stix := release(t, name), map[string]string{}
		for i, technique := range c.Techniques() {
			id := technique.ID
			if !idForm.MatchString(id) || i > 0 && c.Techniques()[i-1].ID >= id {
				t.Errorf("%s: %s is malformed or out of order", name, id)
			}
			if got, ok := c.Technique(id); !ok || got.ID != id {
				t.Errorf("%s: %s is not found", name, id)
			}
			if technique.Name == "" || technique.Name != strings.TrimSpace(technique.Name) || len(technique.Platforms) == 0 {
				t.Errorf("%s: %s: name %q, platforms %q", name, id, technique.Name, technique.Platforms)
			}
			if _, retired := c.Retired(id); retired {
				t.Errorf("%s: %s exists and is retired", name, id)
			}
			if other := stix[technique.STIXID]; other != "" || !stixForm.MatchString(technique.STIXID) {
				t.Errorf("%s: %s: STIX id %q is malformed or that of %s too", name, id, technique.STIXID, other)
			}
			stix[technique.STIXID] = id
			checkFamily(t, c, technique)
			checkTactics(t, c, technique)
			checkDerived(t, technique)
		}
	}
}

func checkFamily(t *testing.T, c *attack.Catalogue, technique attack.Technique) {
	before, _, isSub := strings.Cut(technique.ID, ".")
	parent, ok := c.Technique(technique.Parent)
	switch {
	case !isSub && technique.Parent != "":
		t.Errorf("%s: %s has a parent", c.Name(), technique.ID)
	case isSub && (!ok || technique.Parent != before || parent.Parent != ""):
		t.Errorf("%s: %s: parent %q", c.Name(), technique.ID, technique.Parent)
	case isSub && !slices.ContainsFunc(c.SubTechniques(before), func(s attack.Technique) bool { return s.ID == technique.ID }):
		t.Errorf("%s: %s is not among the sub-techniques of %s", c.Name(), technique.ID, before)
	}
}

// A technique has a tactic, all of them exist and stand in matrix order, and
// each makes a triple that a tag may carry.
func checkTactics(t *testing.T, c *attack.Catalogue, technique attack.Technique) {
	column := func(id string) int {
		return slices.IndexFunc(c.Tactics(), func(tactic attack.Tactic) bool { return tactic.ID == id })
	}
	if len(technique.Tactics) == 0 {
		t.Errorf("%s: %s has no tactic", c.Name(), technique.ID)
	}
	for i, tactic := range technique.Tactics {
		if column(tactic) < 0 || i > 0 && column(technique.Tactics[i-1]) >= column(tactic) {
			t.Errorf("%s: %s: tactics %v", c.Name(), technique.ID, technique.Tactics)
		}
		parent, sub := technique.ID, ""
		if technique.Parent != "" {
			parent, sub = technique.Parent, technique.ID
		}
		if err := c.Check(tactic, parent, sub); err != nil {
			t.Errorf("%s: %v", c.Name(), err)
		}
	}
}

// A derived STIX id can be made again by anyone from the ATT&CK id.
func checkDerived(t *testing.T, technique attack.Technique) {
	page := "https://attack.mitre.org/techniques/" + strings.ReplaceAll(technique.ID, ".", "/")
	derived := "attack-pattern--" + uuid.NewSHA1(uuid.NameSpaceURL, []byte(page)).String()
	if technique.STIXDerived != (technique.STIXID == derived) {
		t.Errorf("%s: STIX id %s, derived %v", technique.ID, technique.STIXID, technique.STIXDerived)
	}
}

// Every id of the older release is carried into the newer one, to an id that
// exists there; what went is exactly the migration table.
func TestEveryMigration(t *testing.T) {
	t.Parallel()
	v19, v18 := release(t, "enterprise-v19.1"), release(t, "enterprise-v18.1")
	for _, technique := range v18.Techniques() {
		got, err := attack.Migrate(technique.ID, v18.Name(), v19.Name())
		if _, ok := v19.Technique(got.ID); err != nil || !ok {
			t.Errorf("Migrate(%s) = %+v, %v", technique.ID, got, err)
		}
		_, exists := v19.Technique(technique.ID)
		successor, gone := goneInV19[technique.ID]
		if exists == gone || gone && got.ID != successor {
			t.Errorf("%s: exists in v19.1 %v, migrated to %s, want %q", technique.ID, exists, got.ID, successor)
		}
	}
	var fresh int
	for _, technique := range v19.Techniques() {
		got, err := attack.Migrate(technique.ID, v19.Name(), v18.Name())
		if err != nil {
			t.Error(err)
		}
		for _, id := range append(got.Candidates, got.ID) {
			if _, ok := v18.Technique(id); id != "" && !ok {
				t.Errorf("Migrate(%s) back = %+v: %s is not in v18.1", technique.ID, got, id)
			}
		}
		if _, ok := v18.Technique(technique.ID); !ok {
			fresh++
		}
	}
	if fresh != 23 || len(v18.Techniques())-len(goneInV19)+fresh != len(v19.Techniques()) {
		t.Errorf("%d ids are new in v19.1, want 23", fresh)
	}
}
