package projections

import (
	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

// Words are the retractions of one partition of ttp.tagged: of each target the
// last word, which is the one with the highest sequence.
//
// A tag is retracted while the last word on any target that covers it takes it
// back: the word on its rule, on that version of it, on the tag alone. Giving a
// target again undoes what was said of that target and of no other. So neither
// the order in which words come nor that in which tags and words come matters.
//
// A word on an attacker or an identity is a purge: tags are deleted and those
// that come later are not stored. That is the exception to the sentence above.
// What a purge has deleted, giving again does not bring back; tags that come
// after that are stored.
//
// The zero value has no words. Not safe for concurrent use.
type Words struct {
	last map[string]*schemas.Retraction
	// Those that take back, by what they can cover. Words on rules by rule id.
	rules                       map[string]map[string]*schemas.Retraction
	tags, attackers, identities map[uuid.UUID]bool
}

// Put hears a word. It reports whether it is news: the word of a higher
// sequence on its target was not heard before.
func (w *Words) Put(r *schemas.Retraction) (news bool) {
	key := r.Key()
	if last, ok := w.last[key]; ok && last.Sequence >= r.Sequence {
		return false
	}
	if w.last == nil {
		w.last = make(map[string]*schemas.Retraction)
		w.rules = make(map[string]map[string]*schemas.Retraction)
		w.tags, w.attackers, w.identities = make(map[uuid.UUID]bool), make(map[uuid.UUID]bool), make(map[uuid.UUID]bool)
	}
	w.last[key] = r
	switch r.Target {
	case schemas.TargetRule:
		w.putRule(key, r)
	case schemas.TargetTag:
		put(w.tags, r)
	case schemas.TargetAttacker:
		put(w.attackers, r)
	case schemas.TargetIdentity:
		put(w.identities, r)
	}
	return true
}

func (w *Words) putRule(key string, r *schemas.Retraction) {
	if r.Restore {
		delete(w.rules[r.RuleID], key)
		return
	}
	if w.rules[r.RuleID] == nil {
		w.rules[r.RuleID] = make(map[string]*schemas.Retraction)
	}
	w.rules[r.RuleID][key] = r
}

func put(taken map[uuid.UUID]bool, r *schemas.Retraction) {
	if r.Restore {
		delete(taken, r.ID)
		return
	}
	taken[r.ID] = true
}

// Retracted reports whether the tag is taken back.
func (w *Words) Retracted(t *TagRow) bool {
	if w.tags[t.UUID] {
		return true
	}
	for _, r := range w.rules[t.RuleID] {
		if Covers(r, t) {
			return true
		}
	}
	return false
}

// Purged reports whether the tag must not be stored at all.
func (w *Words) Purged(t *TagRow) bool {
	return w.attackers[t.AttackerUUID] || w.identities[t.IdentityUUID]
}

// Len returns on how many targets there is a word.
func (w *Words) Len() int { return len(w.last) }

// IsPurge reports whether the word deletes what it covers.
func IsPurge(r *schemas.Retraction) bool {
	return !r.Restore && (r.Target == schemas.TargetAttacker || r.Target == schemas.TargetIdentity)
}

// Covers reports whether the tag is among those that r speaks of.
func Covers(r *schemas.Retraction, t *TagRow) bool {
	switch r.Target {
	case schemas.TargetTag:
		return t.UUID == r.ID
	case schemas.TargetAttacker:
		return t.AttackerUUID == r.ID
	case schemas.TargetIdentity:
		return t.IdentityUUID == r.ID
	}
	switch {
	case t.RuleID != r.RuleID:
		return false
	case r.Version > 0 && t.RuleVersion != r.Version:
		return false
	case r.Below > 0 && t.RuleVersion >= r.Below:
		return false
	case !r.From.IsZero() && t.CreatedAt < Nanoseconds(r.From):
		return false
	case !r.To.IsZero() && t.CreatedAt >= Nanoseconds(r.To):
		return false
	}
	return true
}
