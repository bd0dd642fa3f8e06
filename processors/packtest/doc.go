// Package packtest holds the tests that need both the rule pack and the
// lifters: every test that stands in a rule of the pack is run over the facts
// that production lifts. rules/pack cannot do it, because rules import no
// processors.
package packtest
