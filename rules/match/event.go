package match

import "github.com/ttpstream/ttpstream/schemas"

// Event is what rules judge: one sensor event, lifted to flat facts.
//
// A shell line that would run three programs has facts of the line as a whole
// (Base) and facts of each program (one of Scopes each). A rule matches an
// event when it matches in at least one scope, where a field is looked up in
// the scope first and in Base second; without scopes Base alone is judged. So
// the selections of a rule always speak of one program and of the line it
// stood in, and never mix the words of two programs.
type Event struct {
	// SourceKind dispatches native rules (applies_to).
	SourceKind schemas.SourceKind
	// Logsource dispatches Sigma rules. Empty parts match rules that leave
	// that part empty too, and no others.
	Logsource Logsource
	// Weight is what the event itself says about how sure a finding can be: a
	// factor in (0,1] on a rule's confidence, which it lowers and never
	// raises. Zero means 1.
	Weight float64
	// Secrets are texts that must never leave the event: tried passwords and
	// the secret arguments of commands. Evidence masks each occurrence; of a
	// secret under six bytes, each that stands as a word. The empty text is a
	// secret that stands for everything.
	Secrets []string
	// Base holds the facts of the event as a whole.
	Base Fields
	// Scopes holds the facts of each part that is judged on its own.
	Scopes []Fields
}

// Logsource is Sigma's log source: what kind of log an event comes from.
type Logsource struct {
	Category string
	Product  string
	Service  string
}

// Reset empties the event and keeps its memory for the next one.
func (e *Event) Reset() {
	e.SourceKind, e.Logsource, e.Weight = "", Logsource{}, 0
	clear(e.Secrets)
	e.Secrets = e.Secrets[:0]
	e.Base.Reset()
	for i := range e.Scopes {
		e.Scopes[i].Reset()
	}
	e.Scopes = e.Scopes[:0]
}

// NewScope appends an empty scope and returns it. The pointer is valid until
// the next call.
func (e *Event) NewScope() *Fields {
	if len(e.Scopes) < cap(e.Scopes) {
		e.Scopes = e.Scopes[:len(e.Scopes)+1]
	} else {
		e.Scopes = append(e.Scopes, Fields{})
	}
	return &e.Scopes[len(e.Scopes)-1]
}
