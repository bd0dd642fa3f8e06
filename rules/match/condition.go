package match

import "github.com/ttpstream/ttpstream/schemas"

// Condition is what an engine decides: an expression, and the events it is
// for.
type Condition struct {
	// Targets says which events are judged at all: those that at least one
	// target accepts. Without targets none is.
	Targets []Target
	// Expr decides. nil never holds.
	Expr Expr
}

// Target accepts events by source kind and log source. Empty parts accept
// anything, so the zero Target accepts every event.
type Target struct {
	SourceKind schemas.SourceKind
	Logsource  Logsource
}

// Accepts reports whether ev is one of the target's events.
func (t Target) Accepts(ev *Event) bool {
	return accepts(string(t.SourceKind), string(ev.SourceKind)) &&
		accepts(t.Logsource.Category, ev.Logsource.Category) &&
		accepts(t.Logsource.Product, ev.Logsource.Product) &&
		accepts(t.Logsource.Service, ev.Logsource.Service)
}

func accepts(want, got string) bool { return want == "" || want == got }

func anyAccepts(targets []Target, ev *Event) bool {
	for _, t := range targets {
		if t.Accepts(ev) {
			return true
		}
	}
	return false
}
