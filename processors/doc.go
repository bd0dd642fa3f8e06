// Package processors holds the taggers: one goka group per file, thin
// callbacks around pure functions.
//
//	facts ─► taggers ─► ttp.candidate ─► gate ─► ttp.tagged
//	           ▲
//	ttp.rules, ttp.rule.state ─► registrar ─► ttp.rule.history
//
// # Taggers
//
// A tagger lifts a fact to flat facts (package facts), judges them by the
// rule set in force (package rules) and writes what was found as candidates.
// All of that is one pure function of event, rule version and rule state, so a
// second run gives the same bytes. Every instance holds every rule: a
// [Follower] folds ttp.rule.history into a set and swaps it behind one atomic
// pointer; an evaluation in flight finishes on the set it started with. The
// first event that a partition's owner judges under a revision leaves a marker
// on ttp.rule.applied, so which rules judged an event is known, not guessed.
//
// # The gate
//
// Taggers are at-least-once, and users reset offsets, so candidates repeat.
// The gate is a group table keyed by tag uuid that remembers the candidate's
// coordinates and hash. The same coordinates again are Kafka delivering after
// a crash: emitted again, identical. Any other candidate of that uuid is a
// repeat: dropped. So ttp.tagged carries a tag once, apart from identical
// copies after a crash, and nothing is lost.
//
// # Errors
//
// Bad input is a dead letter with coordinates and reason. A bug (a panic in a
// lifter or a rule) is contained around pure code only and becomes a dead
// letter too. An outage stops the processor with an error; whoever runs it
// starts it again, and it goes on at the first event that was not finished.
package processors
