package attack

import (
	"slices"
	"strings"
)

// Catalogue is one release of ATT&CK. Get one from Release; it never changes
// and is safe for concurrent use.
type Catalogue struct {
	release       string
	tactics       []Tactic       // matrix order
	tacticAt      map[string]int // by id and by short name
	techniques    []Technique    // by id, so that sub-techniques follow their parent
	techniqueAt   map[string]int
	retired       map[string]Retired
	predecessorOf map[string][]string // id → ids that it took the place of
	groups        map[string][]Group
}

// Tactic is a column of the matrix.
type Tactic struct {
	ID        string // "TA0002"
	ShortName string // "execution", as kill chain phases and Sigma tags spell it
	Name      string // "Execution"
	STIXID    string // "x-mitre-tactic--…"
	// STIXDerived says that STIXID is not MITRE's but made from the ATT&CK id.
	STIXDerived bool
}

// Technique is a technique or a sub-technique.
type Technique struct {
	ID        string   // "T1059" or "T1059.004"
	Name      string   // a sub-technique's own, without its parent's: "Unix Shell"
	Parent    string   // the technique a sub-technique belongs to, else empty
	Tactics   []string // ids of the tactics that hold it, at least one, in matrix order
	Platforms []string // as MITRE spells them ("Linux", "Network Devices", "PRE"), at least one
	STIXID    string   // "attack-pattern--…"
	// STIXDerived says that STIXID is not MITRE's but made from the ATT&CK id.
	STIXDerived bool
}

// Name returns the release's name: "enterprise-v19.1".
func (c *Catalogue) Name() string { return c.release }

// Version returns the release's full version number: "19.1".
func (c *Catalogue) Version() string {
	_, version, _ := strings.Cut(c.release, "-v")
	return version
}

// NavigatorVersion returns what a Navigator layer carries as versions.attack:
// the major number alone, "19".
func (c *Catalogue) NavigatorVersion() string {
	major, _, _ := strings.Cut(c.Version(), ".")
	return major
}

// Tactic returns the tactic of that id.
func (c *Catalogue) Tactic(id string) (Tactic, bool) {
	i, ok := c.tacticAt[id]
	if !ok || c.tactics[i].ID != id {
		return Tactic{}, false
	}
	return c.tactics[i], true
}

// TacticByShortName returns the tactic of that short name ("credential-access").
// Short names change with releases: "defense-evasion" is not in v19.
func (c *Catalogue) TacticByShortName(name string) (Tactic, bool) {
	i, ok := c.tacticAt[name]
	if !ok || c.tactics[i].ShortName != name {
		return Tactic{}, false
	}
	return c.tactics[i], true
}

// Tactics returns every tactic in the order of the matrix, which is that of an
// attack: Reconnaissance first, Impact last. Shared: do not change it.
func (c *Catalogue) Tactics() []Tactic { return c.tactics }

// Technique returns the technique or sub-technique of that id. It is false for
// an id that is not part of this release, retired ones included.
func (c *Catalogue) Technique(id string) (Technique, bool) {
	i, ok := c.techniqueAt[id]
	if !ok {
		return Technique{}, false
	}
	return c.techniques[i], true
}

// Techniques returns every technique and sub-technique by id, sub-techniques
// right behind their parent. Shared: do not change it.
func (c *Catalogue) Techniques() []Technique { return c.techniques }

// SubTechniques returns the sub-techniques of a technique by id, none when it
// has none or is not a technique of this release. Shared: do not change it.
func (c *Catalogue) SubTechniques(parent string) []Technique {
	i, ok := c.techniqueAt[parent]
	if !ok {
		return nil
	}
	end := i + 1
	for end < len(c.techniques) && c.techniques[end].Parent == parent {
		end++
	}
	return c.techniques[i+1 : end : end]
}

// HoldsTactic says whether the technique or sub-technique is listed under the
// tactic in this release. Both are ids.
func (c *Catalogue) HoldsTactic(technique, tactic string) bool {
	i, ok := c.techniqueAt[technique]
	return ok && slices.Contains(c.techniques[i].Tactics, tactic)
}
