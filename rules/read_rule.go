package rules

import (
	"slices"

	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// The longest texts of a rule, in bytes, and the highest version: one that
// every reader of JSON holds.
const (
	maxShort   = 256
	maxLong    = 16 << 10
	maxVersion = 1<<53 - 1
)

// readRule reads a document that is a native rule. Problems go to r; the rule
// is then not complete.
func readRule(r *document.Reader, doc *document.Node, opts Options) *Rule {
	m := r.Map(doc, "rule")
	rule := &Rule{
		Node:        doc,
		ID:          m.NeedText("rule_id", maxShort),
		Version:     m.NeedInt("rule_version", 1, maxVersion),
		Name:        m.NeedText("name", maxShort),
		Description: m.Text("description", maxLong),
	}
	checkID(r, doc, "rule_id", rule.ID)
	readMeta(m, rule)
	if targets, ok := m.Need("applies_to"); ok {
		rule.Targets = readTargets(r, targets)
	}
	rule.Detection = readDetection(r, m, rule.Targets)
	catalogue := readRelease(r, m, rule, opts)
	if emits, ok := m.Need("emits"); ok {
		rule.Emits = readEmits(r, emits, catalogue)
	}
	if tests, ok := m.Get("tests"); ok {
		rule.Tests = readTests(r, tests, rule)
	}
	m.Done()
	rule.views = []view{{targets: rule.Targets}}
	rule.compileEarly(r)
	return rule
}

// checkID reports an id under which a rule cannot be published.
func checkID(r *document.Reader, doc *document.Node, key, id string) {
	if at, ok := doc.Get(key); ok && id != "" && !idPattern.MatchString(id) {
		r.Errorf(at, "rule/value", "letters, digits, dot, dash and underscore, at most 128; a letter or digit first", "%q cannot be the id of a rule", id)
	}
}

func readMeta(m *document.Map, rule *Rule) {
	rule.Level = m.OneOf("level", "informational", "low", "medium", "high", "critical")
	rule.Status = m.OneOf("status", "stable", "test", "experimental", "deprecated", "unsupported")
	rule.Author, rule.License = m.Text("author", maxShort), m.Text("license", maxShort)
	rule.Date, rule.Modified = m.Text("date", maxShort), m.Text("modified", maxShort)
	rule.References = m.Texts("references", maxLong)
	rule.FalsePositives = m.Texts("falsepositives", maxLong)
	rule.Tags = m.Texts("tags", maxShort)
	rule.EvidenceFields = m.Texts("evidence_fields", maxShort)
}

// readRelease returns the catalogue that the rule names, nil if there is none.
func readRelease(r *document.Reader, m *document.Map, rule *Rule, opts Options) Catalogue {
	rule.AttackRelease = m.NeedText("attack_release", maxShort)
	if rule.AttackRelease == "" {
		return nil
	}
	catalogue, err := opts.catalogue(rule.AttackRelease)
	if err != nil {
		at, _ := m.Node.Get("attack_release")
		r.Errorf(at, "attack/release", "", "%s", err)
		return nil
	}
	return catalogue
}

// readTargets reads applies_to.
func readTargets(r *document.Reader, n *document.Node) []match.Target {
	items := r.List(n, "applies_to")
	if n.Kind == document.KindList && len(items) == 0 {
		r.Errorf(n, "rule/value", "", "applies_to: the rule would judge nothing")
	}
	var targets []match.Target
	for _, item := range items {
		m := r.Map(item, "applies_to")
		target := match.Target{SourceKind: schemas.SourceKind(m.OneOf("source_kind", kindNames()...))}
		if source, ok := m.Get("logsource"); ok {
			s := r.Map(source, "logsource")
			target.Logsource = match.Logsource{
				Category: s.Text("category", maxShort), Product: s.Text("product", maxShort), Service: s.Text("service", maxShort),
			}
			s.Done()
		}
		m.Done()
		if target == (match.Target{}) && item.Kind == document.KindMap && len(item.Keys) == 0 {
			r.Errorf(item, "rule/value", "", "applies_to: want a source_kind, a logsource or both")
		}
		targets = append(targets, target)
	}
	return targets
}

func kindNames() []string {
	kinds := schemas.SourceKinds()
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return names
}

// readDetection reads match, or its short form pattern.
func readDetection(r *document.Reader, m *document.Map, targets []match.Target) *detection.Detection {
	matches, hasMatch := m.Get("match")
	pattern, hasPattern := m.Get(detection.PatternName)
	switch {
	case hasMatch && hasPattern:
		r.Errorf(pattern, "rule/value", "move it into match, as a selection", "match and pattern exclude each other")
		return nil
	case hasPattern:
		key := &document.Node{Kind: document.KindText, Text: detection.PatternName, Line: pattern.Line, Column: pattern.Column}
		matches = &document.Node{
			Kind: document.KindMap, Line: pattern.Line, Column: pattern.Column,
			Keys: []*document.Node{key}, Values: []*document.Node{pattern},
		}
	case !hasMatch:
		r.Errorf(m.Node, "rule/missing-key", "", "rule: match is missing, or pattern")
		return nil
	}
	opts := detection.Options{Pattern: true}
	opts.Raw, opts.NoRaw = rawFields(targets)
	return detection.Parse(r, matches, opts)
}

// rawFields returns the fields that hold the raw text of the targets' events.
func rawFields(targets []match.Target) (fields []string, missing string) {
	for _, t := range targets {
		field := match.AnyField // a log source alone: the whole event, as in Sigma
		if t.SourceKind != "" {
			if field = RawField(t.SourceKind); field == "" {
				return nil, "keywords and patterns look into the raw text, and events of source_kind " + string(t.SourceKind) + " have none"
			}
		}
		if !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
	}
	return fields, "keywords and patterns need an applies_to"
}
