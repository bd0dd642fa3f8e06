package rules

import "sync/atomic"

// Holder holds the set in force. Readers take it once per event and finish on
// it; a swap is one step. The zero value holds the empty set. Safe for
// concurrent use.
type Holder struct{ set atomic.Pointer[Set] }

var empty, _ = NewSet(nil, nil, -1)

// Load returns the set in force, never nil.
func (h *Holder) Load() *Set {
	if s := h.set.Load(); s != nil {
		return s
	}
	return empty
}

// Swap puts a set in force, nil for the empty one, and returns the one before.
func (h *Holder) Swap(s *Set) *Set {
	if before := h.set.Swap(s); before != nil {
		return before
	}
	return empty
}
