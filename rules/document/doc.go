// Package document reads the YAML that rules are written in: strictly, with
// the place of everything, and safely, because anyone may publish anything.
//
// A text becomes a few [Node] trees, one per document. What is wrong is a
// [Problem], a value with file, line and column; problems of a whole run are
// collected, sorted and shown together, never one at a time.
//
// Rules are not programs, so the YAML is a plain subset: maps with text keys,
// lists, scalars, anchors and aliases. Tags, merge keys, complex keys and
// directives are refused by name. A scalar keeps the text that was written
// beside its kind: 0777 and 1.10 are compared with logs as they stand.
//
// Everything is bounded before it is parsed: bytes, tokens, nesting; and
// after: nodes, counting each alias as often as it is used, so that a few
// lines cannot grow into millions. The limits are exported constants.
package document
