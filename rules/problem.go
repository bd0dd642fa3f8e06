package rules

import "github.com/ttpstream/ttpstream/rules/document"

// Problem is one thing that is wrong with a rule's text, and where.
type Problem = document.Problem

// Problems is every problem of one or many texts, sorted. It is an error, but
// for an empty one: see its method Err.
type Problems = document.Problems

// Severity says what a problem means for the rule.
type Severity = document.Severity

// The severities.
const (
	SeverityError   = document.SeverityError
	SeverityWarning = document.SeverityWarning
	SeverityInfo    = document.SeverityInfo
)
