package rules

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/sigma"
)

// listPrefix begins the id of a unit that is a value list.
const listPrefix = "list/"

// Unit is one published text: usually one rule or one value list, sometimes
// several documents that belong together, under the id of the first. It is
// immutable.
type Unit struct {
	// ID is the first document's: a rule_id, or list/NAME.
	ID string
	// Version is the first document's, at least 1.
	Version int64
	// Hash is the lower-case hex SHA-256 of Text.
	Hash string
	// Text is what was published, byte for byte. Do not change it.
	Text []byte
	// File is the name it was read under.
	File  string
	Rules []*Rule
	Lists []*List
	// Filters and Correlations are Sigma's.
	Filters      []*Filter
	Correlations []*Correlation
}

// List is a named list of values that rules refer to.
type List struct {
	Name        string
	Version     int64
	Description string
	// Values are texts, numbers and truth values, at least one.
	Values []*document.Node
	// Node is where it stands.
	Node *document.Node
}

// Parse reads a published text. file names it in problems. If anything is an
// error the unit is nil; problems holds all that is wrong with it, sorted.
func Parse(file string, text []byte, opts Options) (*Unit, Problems) {
	docs, problems := document.Parse(file, text)
	if len(problems) > 0 {
		return nil, problems
	}
	sum := sha256.Sum256(text)
	u := &Unit{Hash: hex.EncodeToString(sum[:]), Text: bytes.Clone(text), File: file}
	r := &document.Reader{File: file}
	for i, doc := range sigma.Actions(r, docs) {
		id, version := u.document(r, doc, opts)
		if i == 0 {
			u.ID, u.Version = id, version
		}
	}
	u.checkNames(r)
	u.silence()
	problems = r.Problems()
	if problems.Has(SeverityError) {
		return nil, problems
	}
	return u, problems
}

// document reads one document into the unit.
func (u *Unit) document(r *document.Reader, doc *document.Node, opts Options) (id string, version int64) {
	if doc.Kind != document.KindMap {
		r.Errorf(doc, "rule/kind", "", "a rule is a map, not %s", doc.Kind)
		return "", 0
	}
	if _, ok := doc.Get("list"); ok {
		list := readList(r, doc)
		u.Lists = append(u.Lists, list)
		return listPrefix + list.Name, list.Version
	}
	if _, ok := doc.Get("rule_id"); ok {
		rule := readRule(r, doc, opts)
		rule.Hash, rule.File = u.Hash, u.File
		u.Rules = append(u.Rules, rule)
		return rule.ID, rule.Version
	}
	if _, ok := doc.Get("detection"); ok {
		rule := readSigma(r, doc, opts)
		rule.Hash, rule.File = u.Hash, u.File
		u.Rules = append(u.Rules, rule)
		return rule.ID, rule.Version
	}
	if _, ok := doc.Get("correlation"); ok {
		c := readCorrelation(r, doc, opts)
		c.Hash, c.File = u.Hash, u.File
		u.Correlations = append(u.Correlations, c)
		return c.ID, c.Version
	}
	if _, ok := doc.Get("filter"); ok {
		f := readFilter(r, doc)
		f.Hash, f.File = u.Hash, u.File
		u.Filters = append(u.Filters, f)
		return f.ID, f.Version
	}
	r.Errorf(doc, "rule/format", formatHint(doc), "neither a rule nor a value list")
	return "", 0
}

// formatHint says what makes a document what it should be.
func formatHint(doc *document.Node) string {
	for _, key := range doc.Keys {
		for _, want := range []string{"detection", "correlation", "filter", "rule_id", "list"} {
			if document.Nearest(key.Text, []string{want}) != "" {
				return "did you mean " + want + "?"
			}
		}
	}
	return "a rule has a rule_id, or a detection as Sigma's have, a value list a list"
}

// entry is what has an id of its own: a rule, a correlation or a filter.
type entry struct {
	kind    string
	id      string
	version int64
	node    *document.Node
}

// entries returns rules, correlations and filters, in this order.
func (u *Unit) entries() []entry {
	all := make([]entry, 0, len(u.Rules)+len(u.Correlations)+len(u.Filters))
	for _, rule := range u.Rules {
		all = append(all, entry{"rule", rule.ID, rule.Version, rule.Node})
	}
	for _, c := range u.Correlations {
		all = append(all, entry{"correlation", c.ID, c.Version, c.Node})
	}
	for _, f := range u.Filters {
		all = append(all, entry{"filter", f.ID, f.Version, f.Node})
	}
	return all
}

// All returns everything in the text whose id a tag may bear: its rules, then
// its correlations. The slice is the caller's.
func (u *Unit) All() []*Rule {
	all := slices.Clone(u.Rules)
	for _, c := range u.Correlations {
		all = append(all, c.Rule)
	}
	return all
}

// checkNames refuses two documents of one name.
func (u *Unit) checkNames(r *document.Reader) {
	seen := map[string]bool{}
	for _, e := range u.entries() {
		if e.id != "" && seen[e.id] {
			r.Errorf(e.node, "rule/duplicate-id", "", "%s %s is in this text twice", e.kind, e.id)
		}
		seen[e.id] = true
	}
	for _, list := range u.Lists {
		if seen[listPrefix+list.Name] {
			r.Errorf(list.Node, "rule/duplicate-id", "", "list %s is in this text twice", list.Name)
		}
		seen[listPrefix+list.Name] = true
	}
}

// Describe names the unit in messages: "R0015 version 2 (sha256 1a2b3c4d5e6f)".
func (u *Unit) Describe() string {
	return fmt.Sprintf("%s version %d (sha256 %.12s)", u.ID, u.Version, u.Hash)
}
