package rules

import (
	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/rules/sigma"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// readSigma reads a document that is a Sigma rule.
func readSigma(r *document.Reader, doc *document.Node, opts Options) *Rule {
	catalogue, release := opts.sigma(r, doc)
	s := sigma.ReadRule(r, doc, sigma.Options{Catalogue: catalogue})
	rule := sigmaRule(r, &s.Meta, release)
	rule.Detection = s.Detection
	rule.Logsource = s.Logsource
	rule.Emits = sigmaEmits(s.Emits, s.Confidence)
	views := sigma.Views(s.Logsource, s.Taxonomy)
	if opts.Unrouted {
		views = sigma.Unrouted(s.Logsource, s.Taxonomy)
	}
	rule.setViews(views)
	rule.compileEarly(r)
	return rule
}

// readFilter reads a document that is a Sigma filter.
func readFilter(r *document.Reader, doc *document.Node) *Filter {
	f := sigma.ReadFilter(r, doc)
	checkID(r, doc, "id", f.ID)
	return &Filter{Filter: *f}
}

// readCorrelation reads a document that is a Sigma correlation.
func readCorrelation(r *document.Reader, doc *document.Node, opts Options) *Correlation {
	catalogue, release := opts.sigma(r, doc)
	s := sigma.ReadCorrelation(r, doc, sigma.Options{Catalogue: catalogue})
	rule := sigmaRule(r, &s.Meta, release)
	rule.Emits = sigmaEmits(s.Emits, s.Confidence)
	return &Correlation{Rule: rule, Sigma: s}
}

// sigmaRule returns what rules and correlations have in common.
func sigmaRule(r *document.Reader, meta *sigma.Meta, release string) *Rule {
	checkID(r, meta.Node, "id", meta.ID)
	return &Rule{
		Node: meta.Node, ID: meta.ID, Version: meta.Version, Name: meta.Title, Description: meta.Description,
		AttackRelease: release, Level: meta.Level, Status: meta.Status, Author: meta.Author, License: meta.License,
		Date: meta.Date, Modified: meta.Modified, References: meta.References, FalsePositives: meta.FalsePositives,
		Tags: meta.Tags, Sigma: true, Alias: meta.Name,
	}
}

func sigmaEmits(from []sigma.Emit, confidence float64) []Emit {
	emits := make([]Emit, len(from))
	for i, e := range from {
		emits[i] = Emit{
			Tactic: e.Tactic, TechniqueID: e.TechniqueID, SubTechniqueID: e.SubTechniqueID,
			Confidence: confidence, Reason: "from the rule's level and status", Node: e.Node,
		}
	}
	return emits
}

// sigma returns the catalogue that Sigma rules are read against, and the name
// of its release.
func (o Options) sigma(r *document.Reader, doc *document.Node) (sigma.Catalogue, string) {
	release := o.Release
	if release == "" {
		release = attack.DefaultRelease
	}
	catalogue, err := o.catalogue(release)
	if err != nil {
		r.Errorf(doc, "attack/release", "", "%s", err)
		return nil, release
	}
	if full, ok := catalogue.(sigma.Catalogue); ok {
		return full, release
	}
	// A catalogue that only checks cannot be asked; the embedded one can.
	full, err := attack.Release(release)
	if err != nil {
		r.Errorf(doc, "attack/release", "", "%s", err)
		return nil, release
	}
	return full, release
}

// view is one sort of events that a rule judges, and what its detection means
// there.
type view struct {
	name    string
	targets []match.Target
	fields  detection.View
}

// setViews says what the rule judges.
func (rule *Rule) setViews(views []sigma.View) {
	for _, v := range views {
		rule.views = append(rule.views, view{v.Name, v.Targets, v.Fields})
		rule.Targets = append(rule.Targets, v.Targets...)
	}
}
