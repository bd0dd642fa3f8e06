package projectiontest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
)

// The random logs hold what ttp.tagged can hold: copies of a tag, and of a
// word, are equal in everything. Else the first to come would win, and ledgers
// of the same records in another order would rightly differ.
func TestCopiesAreCopies(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		type word struct {
			target   string
			sequence int64
		}
		for _, log := range drawLogs(t, rt) {
			tags, words := make(map[uuid.UUID]projections.TagRow), make(map[word]schemas.Retraction)
			for _, e := range log.entries {
				if e.Tag != nil {
					first, known := tags[e.Tag.UUID]
					if known && first != *e.Tag {
						rt.Fatalf("two tags of one uuid: %s", cmp.Diff(first, *e.Tag))
					}
					tags[e.Tag.UUID] = *e.Tag
					continue
				}
				at := word{e.Retraction.Key(), e.Retraction.Sequence}
				first, known := words[at]
				if known && first != *e.Retraction {
					rt.Fatalf("two words of one sequence: %s", cmp.Diff(first, *e.Retraction))
				}
				words[at] = *e.Retraction
			}
		}
	})
}
