package attack

import (
	"errors"
	"fmt"
	"slices"
)

// Reason is how an id left ATT&CK.
type Reason string

// The reasons that MITRE's data knows.
const (
	// Revoked ids were replaced by another.
	Revoked Reason = "revoked"
	// Deprecated ids were given up; nothing took their place.
	Deprecated Reason = "deprecated"
)

// Retired is an id that was part of ATT&CK once and is not in a release.
type Retired struct {
	ID        string
	Name      string // the last it had
	Reason    Reason
	Successor string // the id in this release that took its place; empty for a deprecated one
	Note      string // why the successor is less than certain; mostly empty
}

// ErrUnknownID says that an id is no technique of a release and never was one.
var ErrUnknownID = errors.New("unknown ATT&CK technique")

// Retired returns what became of an id that this release no longer has. It is
// false for ids that the release has and for ids that it knows nothing of.
func (c *Catalogue) Retired(id string) (Retired, bool) {
	r, ok := c.retired[id]
	return r, ok
}

// Successor returns the id that took the place of a retired one in this
// release, and a note when that is less than certain ("by name, probable"). It
// is false for ids that are not retired or have no successor.
func (c *Catalogue) Successor(id string) (successor, note string, ok bool) {
	r := c.retired[id]
	return r.Successor, r.Note, r.Successor != ""
}

// Migration is what an id of one release is called in another.
type Migration struct {
	// ID is the answer; empty when there is none or more than one.
	ID string
	// Candidates are the ids one of which is meant, when a person has to
	// decide; by id, otherwise nil.
	Candidates []string
	// Note says why the answer is uncertain or missing; empty when it is neither.
	Note string
}

// Migrate carries a technique or sub-technique id from one release to another;
// empty names mean DefaultRelease. An id that the target has stays as it is; a
// retired one becomes its successor; on the way back to an older release an id
// becomes the one it replaced, or has Candidates when it replaced several.
//
// It is about ids alone. A technique that stays may have changed its tactics:
// ask HoldsTactic or Check of the target release.
//
// The error wraps ErrUnknownRelease, or ErrUnknownID for an id that from has
// never heard of.
func Migrate(id, from, to string) (Migration, error) {
	source, err := Release(from)
	if err != nil {
		return Migration{}, err
	}
	target, err := Release(to)
	if err != nil {
		return Migration{}, err
	}
	gone, wasRetired := source.retired[id]
	if _, live := source.techniqueAt[id]; !live && !wasRetired {
		return Migration{}, fmt.Errorf("%w: %q is not in %s", ErrUnknownID, id, source.release)
	}
	if _, live := target.techniqueAt[id]; live {
		return Migration{ID: id}, nil
	}
	if successor, note, ok := target.Successor(id); ok {
		return Migration{ID: successor, Note: note}, nil
	}
	if wasRetired {
		return Migration{Note: fmt.Sprintf("%s, without a successor in %s", gone.Reason, target.release)}, nil
	}
	return source.backTo(target, id), nil
}

// backTo finds the ids of an older release that id took the place of.
func (c *Catalogue) backTo(target *Catalogue, id string) Migration {
	var before []string
	for _, p := range c.predecessorOf[id] {
		if _, live := target.techniqueAt[p]; live {
			before = append(before, p)
		}
	}
	slices.Sort(before)
	switch len(before) {
	case 0:
		return Migration{Note: "new since " + target.release}
	case 1:
		return Migration{ID: before[0], Note: c.retired[before[0]].Note}
	default:
		return Migration{Candidates: before, Note: "took the place of several"}
	}
}
