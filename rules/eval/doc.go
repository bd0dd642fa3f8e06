// Package eval runs plain JSON events, one a line, through a rule set without
// a broker: what `ttpstream eval` does.
//
//	judge := eval.New(set, eval.Options{Logsource: source, Routed: true})
//	report, err := judge.Run(ctx, "", input, output, bad)
//	…
//	judge.Finish(output)
//
// An event is a JSON object. Nested objects become dotted names ({"a":{"b":1}}
// is a.b), arrays become several values of one field, numbers and truth values
// stay what they are, null is a field without a value. A key that comes twice
// has both values: whatever a later reader makes of it, no rule is evaded. An
// event with a source_kind is lifted to facts first, by a function that the
// caller gives.
//
// # Which rules judge an event
//
// With a log source given ([Options.Routed]) those whose own log source admits
// it; without one every rule. Lifted events are judged by the rules for their
// source kind.
//
// # Correlations
//
// What rules match is counted over all inputs, and decided when they have ended
// ([Evaluator.Finish]): so conditions that a later event could undo (less than,
// an average, a rule that must not match) are decided too, which a stream cannot.
// Events without a time count for none.
//
// # How it is fast
//
// The input is cut at line ends into chunks that all cores work on; output is
// put back into order. The decoder reads a line once and keeps the fields that
// some rule looks at, as parts of the line where nothing is escaped; names are
// recognised by where they stood in the line before. So a line costs no
// allocation, and its fields reach the engine with their numbers looked up.
// What is not kept is checked all the same: a line that is no JSON is counted
// and told, never half judged.
package eval
