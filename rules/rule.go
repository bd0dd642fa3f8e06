package rules

import (
	"regexp"

	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// Floor is the least confidence that a tag may have. What is below is
// suppressed and says so.
const Floor = 0.3

// idPattern is how rules may be called.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// Rule is one rule as it was published. It is immutable.
type Rule struct {
	ID          string
	Version     int64
	Hash        string // of the unit it came in: lower-case hex SHA-256
	Name        string
	Description string
	// AttackRelease names the release that the emits were checked against.
	AttackRelease string
	// Targets are the events it judges, at least one.
	Targets []match.Target
	// Emits are sorted by technique and sub-technique, each pair once.
	Emits []Emit
	// EvidenceFields name what to keep of a matching event.
	EvidenceFields []string
	Tests          []Test
	// Level and Status are Sigma's, empty if not given.
	Level, Status   string
	Author, License string
	Date, Modified  string
	References      []string
	FalsePositives  []string
	Tags            []string
	// Detection is what it looks for, nil for a correlation.
	Detection *detection.Detection
	// Sigma says that it was written as a Sigma rule, and by others.
	Sigma bool
	// Alias is Sigma's name: what correlations and filters may call the rule
	// by. May be empty.
	Alias string
	// Logsource is a Sigma rule's.
	Logsource match.Logsource
	// Silent rules say nothing of their own: they feed a correlation in the
	// same text, which does not ask for them to be generated.
	Silent bool
	// File and Node are where it stands, for checks that point into the text.
	File string
	Node *document.Node

	// views are what it judges, at least one.
	views    []view
	compiled cache
}

// Emit is one technique that a rule finds.
type Emit struct {
	Tactic string
	// TechniqueID is always the parent; SubTechniqueID may be empty.
	TechniqueID    string
	SubTechniqueID string
	// Confidence in [0.01,1], in steps of 0.01.
	Confidence float64
	// Reason says why so sure, or so unsure. May be empty.
	Reason string
	// Node is where it stands.
	Node *document.Node
}

// ID returns the sub-technique if there is one, the technique if not.
func (e Emit) ID() string {
	if e.SubTechniqueID != "" {
		return e.SubTechniqueID
	}
	return e.TechniqueID
}

// Test is an example that a rule's author gives: an event, and what the rule
// makes of it.
type Test struct {
	// Name may be empty.
	Name string
	// SourceKind is the kind of event; empty for events that only have a log
	// source.
	SourceKind schemas.SourceKind
	// Given are the event's own fields, for a lifter.
	Given map[string]any
	// Tags are the ids, technique or sub-technique, of exactly the tags that
	// this rule gives. Empty for an event that it must not match.
	Tags []string
	// Node is where it stands.
	Node *document.Node
}
