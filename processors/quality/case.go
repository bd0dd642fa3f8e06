package quality

import (
	"hash/fnv"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// Event is one event of a case, as rule tests give it: the JSON names of the
// record's fields and their values.
type Event struct {
	Kind  schemas.SourceKind
	Given map[string]any
}

// Case is one labelled thing to judge.
type Case struct {
	// ID names the case for good. It decides whether the case is held out.
	ID string
	// Title is what a person reads in the list of misses.
	Title string
	// Want are the techniques of which at least one is to be named. None: the
	// case is harmless.
	Want []string
	// Events are judged one by one; their tags are the case's.
	Events []Event
}

// Set holds cases of one kind and source.
type Set struct {
	// Name is shown in the report: "Atomic tests, whole script".
	Name string
	// Only are the techniques (parents, with all below them) that count for
	// harmless cases: `any phishing tag`. Empty: every technique.
	Only []string
	// Cases in the order of the source.
	Cases []Case
}

// held is the share of cases that is held out: one in held.
const held = 3

// HeldOut says that the case is of the third that nobody tunes rules on.
func (c *Case) HeldOut() bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(c.ID)) // never fails
	return h.Sum32()%held == 0
}

// parent returns the technique without its sub-technique.
func parent(technique string) string {
	id, _, _ := strings.Cut(technique, ".")
	return id
}

// counts says that a technique counts for harmless cases of the set.
func (s *Set) counts(technique string) bool {
	if len(s.Only) == 0 {
		return true
	}
	for _, only := range s.Only {
		if technique == only || parent(technique) == only {
			return true
		}
	}
	return false
}
