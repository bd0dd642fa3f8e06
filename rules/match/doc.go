// Package match decides which of many conditions hold for one event.
//
// A condition is an [Expr]: And, Or and Not over predicates, and a
// [Predicate] is data, one test of one field (equals, contains, a regular
// expression, a network, …) with no closure in it. Front ends (native rules,
// Sigma) only ever build such trees, so a faster engine is a change of this
// package alone.
//
//	contains := match.Like("cmd.line", match.ParsePattern("/etc/shadow").Contains(), false)
//	engine := match.Build([]match.Condition{{Targets: targets, Expr: contains}})
//	for _, i := range engine.Match(event, scratch) { … scratch.Hits(i) … }
//
// # What holds
//
//   - A predicate is true when at least one value of its field passes it. A
//     field is looked up in the scope first, in the base second ([Event]);
//     without the field every predicate but null is false.
//   - A condition holds for an event when it holds in one of its scopes.
//   - Text is compared without regard to case, by Unicode's simple folding,
//     unless a predicate is cased. Numbers and truth values are compared as
//     the text that [Value.String] gives.
//   - Only the first [MaxValueBytes] bytes of a value are looked at.
//
// # What is promised
//
// Everything that can be wrong with a predicate is found by its constructor;
// [Build] is total, and [Engine.Match] cannot fail. Should a bug panic all the
// same, it costs the condition it happened in and no other, and is reported in
// [Scratch.Failures]. Time is linear in the event. A call that finds nothing
// allocates nothing once its [Scratch] has grown to the engine's size.
//
// # How it is fast
//
// Work follows the event, not the number of conditions. Conditions are sorted
// into shards by their targets, so an event meets those that are for it; a
// shard is built when the first such event comes ([Engine.Prepare] does it
// before).
//
// In a shard, the texts that conditions look for sit in one index per field:
// whole values in a hash map, begins and ends in hash tables by length
// (ends.go), parts in a filter of four-byte grams (grams.go). Each condition
// hangs on a cover, a set of texts of which at least one must be there for it to
// hold, chosen by how rare they are among all conditions; only those whose
// cover was found are looked at, and most of them are dismissed by a second
// such set (guard.go). Regular expressions hang on the texts they cannot do
// without (needs.go) and run only when all of those are there and whatever is
// cheaper holds, on an automaton that is built while it runs (dfa.go), at most
// once per event however many conditions share them.
//
// [Rebuild] keeps the index of what has not changed, so replacing one rule of
// thousands does not cost an index of thousands.
package match
