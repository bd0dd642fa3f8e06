// Package verify runs the tests that stand inside rules.
//
// A test is an event and the tags that its rule gives for it: exactly these,
// no tags for an event that the rule must leave alone. The whole rule set
// judges the event, as in production, and the findings of the test's own rule
// are compared.
//
// How an event becomes facts is not the judge's business, so the caller hands
// in a [Lift] function. The report is a value; printing it the way go test
// prints, or as JSON, is separate.
package verify
