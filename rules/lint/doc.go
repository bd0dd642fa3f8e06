// Package lint looks for what is allowed in a rule and probably not meant: a
// field that no event has, a condition that nothing satisfies, a rule that was
// never shown a harmless event.
//
// What makes a rule unusable is not here; rules.Parse and rules.NewSet refuse
// it. A check is one file: an id that never changes, a severity, a sentence,
// and a function that reports problems with their places. Rendering is
// separate: text with carets for people, JSON for machines.
package lint
