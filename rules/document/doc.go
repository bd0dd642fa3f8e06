// Package document reads the YAML that rules are written in: strictly, with
// the place of everything, and safely, because anyone may publish anything.
//
// A text becomes a few [Node] trees, one per document. What is wrong is a
// [Problem], a value with file, line and column; problems of a whole run are
// collected, sorted and shown together, never one at a time.
//
// Rules are not programs, so the YAML is a plain subset: maps with text keys,
// lists, scalars in every style, anchors and aliases. Tags, merge keys, complex
// keys, keys with anchors and directives are refused by name. A scalar keeps the
// text that was written beside its kind: 0777 and 1.10 are compared with logs as
// they stand.
//
// The parser is our own, one pass of recursive descent that makes the nodes as
// it goes. General YAML libraries build tokens and a tree of their own first,
// which took nine tenths of the time to load a rule, lose or misplace a value
// here and there, and grow with the square of what some hostile text repeats.
// What ours reads is compared with another implementation's reading of every
// rule of SigmaHQ and of generated texts, where one is there to ask.
//
// Everything is bounded: bytes before anything is read, nesting, entries and
// nodes while it is, counting each alias as often as it is used, so that a few
// lines cannot grow into millions. Time is linear in the text. The limits are
// exported constants.
package document
