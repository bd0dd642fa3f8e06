// Package window decides correlations: what many matches, of one rule or of
// several, mean together. It is pure: a state and a match in, hits and the
// state out; no clock, no store, no rule.
//
// It stands beside package sigma and not inside it because whoever runs
// windows never sees a rule. A match travels with the [Spec] of its
// correlation, the processor keeps a [State] for each group of values, and a
// new version of a rule is a new window. Sigma's correlations are one way to
// write a Spec.
//
// # What holds
//
// Time is cut into buckets of one timespan T, each beginning at a multiple of
// T. A bucket is hit if and only if some match e lies in it and the distinct
// matches in (e.t−T, e.t] satisfy the condition. So a condition that is met
// at all is met in a bucket whatever the boundary it straddles, one that goes
// on being met is reported once per bucket, and the set of hits is a function
// of the set of matches: the order of arrival, repetitions and stops make no
// difference.
//
// Judging only the window that ends at the arrival would not do: the match
// that completes a condition may be the earliest of its window. Every window
// that holds the new match is judged again, which are those that end in its
// bucket or in the next.
//
// # What is kept
//
// For conditions that more matches can only fulfil, the state of a bucket is
// bounded by the number n that is asked for, whatever is sent:
//
//	event_count            the n latest events
//	value_count            the n values with the latest last match, each with first and last
//	temporal               each rule's first and last match
//	temporal_ordered       all matches, at most MaxWhole
//	correlations per owner all matches, at most MaxWhole
//
// n events of a bucket are a hit by themselves, and the next bucket's windows
// reach back to the latest first, so what is dropped could not have mattered.
// Only the last two can lose a hit, and then say so ([State.Overflowed]).
//
// Conditions that more matches can undo (less than, equal, sum, average,
// percentile, a rule that must not match) would need to know that no earlier
// match is still on its way. [Spec.Live] says so, [New] refuses them, and
// [Evaluate] decides them over input that has an end, by the same definition.
//
// Matches at one moment count as being in any order, and one event may be the
// match of several rules.
package window
