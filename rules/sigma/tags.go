package sigma

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// Catalogue is what the tags of a rule are looked up in: one release of
// ATT&CK. *attack.Catalogue is one.
type Catalogue interface {
	Name() string
	Technique(id string) (attack.Technique, bool)
	Tactic(id string) (attack.Tactic, bool)
	TacticByShortName(name string) (attack.Tactic, bool)
	HoldsTactic(technique, tactic string) bool
	Retired(id string) (attack.Retired, bool)
}

// Emit is one technique that a rule names.
type Emit struct {
	Tactic string
	// TechniqueID is always the parent; SubTechniqueID may be empty.
	TechniqueID, SubTechniqueID string
	// Node is the tag.
	Node *document.Node
}

// defenseEvasion is the tactic that ATT&CK v19 split in two. Rules go on
// naming it, so it stands for both halves where they are, and each half for
// the whole where that is.
const defenseEvasion = "defense-evasion"

var halves = []string{"stealth", "defense-impairment"}

// readEmits returns the techniques that the tags attack.tNNNN name. What the
// release does not have is a warning and no emit: a rule of others is not
// refused because ATT&CK went on. A retired id becomes its successor.
func readEmits(r *document.Reader, m *document.Map, catalogue Catalogue) []Emit {
	list, ok := m.Node.Get("tags")
	if !ok || list.Kind != document.KindList || catalogue == nil {
		return nil
	}
	var tactics []string
	var ids []*document.Node
	for _, tag := range list.Items {
		name, isAttack := attackTag(tag)
		switch {
		case !isAttack:
		case isTechnique(name):
			ids = append(ids, tag)
		default:
			tactics = append(tactics, tacticIDs(catalogue, name)...)
		}
	}
	var emits []Emit
	seen := map[string]bool{}
	for _, tag := range ids {
		name, _ := attackTag(tag)
		technique, ok := lookUp(r, tag, catalogue, strings.ToUpper(name))
		if !ok || seen[technique.ID] {
			continue
		}
		seen[technique.ID] = true
		emits = append(emits, emit(technique, tactic(catalogue, technique, tactics), tag))
	}
	slices.SortFunc(emits, func(a, b Emit) int {
		return cmp.Or(cmp.Compare(a.TechniqueID, b.TechniqueID), cmp.Compare(a.SubTechniqueID, b.SubTechniqueID))
	})
	return emits
}

// attackTag returns what stands behind "attack." in lower case.
func attackTag(tag *document.Node) (string, bool) {
	if !tag.Scalar() {
		return "", false
	}
	return strings.CutPrefix(strings.ToLower(tag.Text), "attack.")
}

// isTechnique reports whether a name has the form t1059 or t1059.004.
func isTechnique(name string) bool {
	if len(name) != 5 && len(name) != 9 || name[0] != 't' {
		return false
	}
	for i := 1; i < len(name); i++ {
		if i == 5 && name[i] != '.' || i != 5 && (name[i] < '0' || name[i] > '9') {
			return false
		}
	}
	return true
}

// tacticIDs returns the tactics that a name stands for, none for the names of
// groups and software.
func tacticIDs(c Catalogue, name string) []string {
	name = strings.ReplaceAll(name, "_", "-")
	if t, ok := c.TacticByShortName(name); ok {
		return []string{t.ID}
	}
	if t, ok := c.Tactic(strings.ToUpper(name)); ok {
		return []string{t.ID}
	}
	others := []string{defenseEvasion}
	if name == defenseEvasion {
		others = halves
	} else if !slices.Contains(halves, name) {
		return nil
	}
	var ids []string
	for _, other := range others {
		if t, ok := c.TacticByShortName(other); ok {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// lookUp returns the technique that an id names in the release.
func lookUp(r *document.Reader, tag *document.Node, c Catalogue, id string) (attack.Technique, bool) {
	if t, ok := c.Technique(id); ok {
		return t, true
	}
	warning := document.Problem{Severity: document.SeverityWarning, Check: "attack/technique"}
	if gone, was := c.Retired(id); was {
		warning.Check = "attack/retired"
		if t, ok := c.Technique(gone.Successor); ok {
			warning.Message = id + " is not in " + c.Name() + " any more: taken for " + t.ID
			if gone.Note != "" {
				warning.Message += ", " + gone.Note
			}
			r.Report(tag, warning)
			return t, true
		}
		warning.Message = id + " is not in " + c.Name() + " any more and has no successor: no tag is written for it"
	} else {
		warning.Message = id + " is not in " + c.Name() + ": no tag is written for it"
	}
	r.Report(tag, warning)
	return attack.Technique{}, false
}

// tactic returns the first of the rule's tactics that holds the technique, the
// catalogue's first if none does.
func tactic(c Catalogue, t attack.Technique, tactics []string) string {
	for _, id := range tactics {
		if c.HoldsTactic(t.ID, id) {
			return id
		}
	}
	return t.Tactics[0]
}

func emit(t attack.Technique, tactic string, tag *document.Node) Emit {
	if t.Parent == "" {
		return Emit{Tactic: tactic, TechniqueID: t.ID, Node: tag}
	}
	return Emit{Tactic: tactic, TechniqueID: t.Parent, SubTechniqueID: t.ID, Node: tag}
}
