package pack

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// covered is what the pack says about one technique under one tactic.
type covered struct {
	rules   map[string]float64 // rule id → confidence
	sources map[string]bool
}

// coverageText returns COVERAGE.md.
func coverageText(t *testing.T, all []*rules.Rule) string {
	t.Helper()
	catalogue, err := attack.Release(AttackRelease)
	if err != nil {
		t.Fatal(err)
	}
	byTactic := map[string]map[string]*covered{}
	sources := map[string]int{}
	techniques := map[string]bool{}
	for _, rule := range all {
		for _, target := range rule.Targets {
			sources[string(target.SourceKind)]++
		}
		for _, emit := range rule.Emits {
			techniques[emit.ID()] = true
			add(byTactic, rule, emit)
		}
	}
	var b strings.Builder
	b.WriteString("# What the pack covers\n\nGenerated from the rules: `go test ./rules/pack -update`.\n\n")
	fmt.Fprintf(&b, "%d rules name %d techniques and sub-techniques of %s. A confidence of 0.6 or more claims\n", len(all), len(techniques), AttackRelease)
	b.WriteString("something by itself; below, it takes the company of other tags. The number behind a rule is the\nconfidence it gives.\n\n")
	b.WriteString("| evidence | rules |\n|---|--:|\n")
	for _, source := range slices.Sorted(maps.Keys(sources)) {
		fmt.Fprintf(&b, "| %s | %d |\n", source, sources[source])
	}
	for _, tactic := range catalogue.Tactics() {
		writeTactic(&b, catalogue, tactic, byTactic[tactic.ID])
	}
	writeNotes(&b, catalogue, techniques)
	return b.String()
}

func add(byTactic map[string]map[string]*covered, rule *rules.Rule, emit rules.Emit) {
	if byTactic[emit.Tactic] == nil {
		byTactic[emit.Tactic] = map[string]*covered{}
	}
	c := byTactic[emit.Tactic][emit.ID()]
	if c == nil {
		c = &covered{rules: map[string]float64{}, sources: map[string]bool{}}
		byTactic[emit.Tactic][emit.ID()] = c
	}
	c.rules[rule.ID] = max(c.rules[rule.ID], emit.Confidence)
	for _, target := range rule.Targets {
		c.sources[string(target.SourceKind)] = true
	}
}

func writeTactic(b *strings.Builder, catalogue *attack.Catalogue, tactic attack.Tactic, techniques map[string]*covered) {
	if len(techniques) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s (%s)\n\n| technique | | rules | evidence |\n|---|---|---|---|\n", tactic.Name, tactic.ID)
	for _, id := range slices.Sorted(maps.Keys(techniques)) {
		c := techniques[id]
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", id, fullName(catalogue, id), ruleList(c.rules), strings.Join(slices.Sorted(maps.Keys(c.sources)), ", "))
	}
}

// fullName returns a technique's name with its parent's before it.
func fullName(catalogue *attack.Catalogue, id string) string {
	technique, _ := catalogue.Technique(id)
	if parent, ok := catalogue.Technique(technique.Parent); ok {
		return parent.Name + ": " + technique.Name
	}
	return technique.Name
}

// ruleList returns rules with their confidence, the surest first.
func ruleList(confidences map[string]float64) string {
	ids := slices.SortedFunc(maps.Keys(confidences), func(a, b string) int {
		return cmp.Or(cmp.Compare(confidences[b], confidences[a]), cmp.Compare(a, b))
	})
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = fmt.Sprintf("%s %.2f", id, confidences[id])
	}
	return strings.Join(words, ", ")
}

// shellPlatforms are those whose techniques commands could show.
var shellPlatforms = []string{"Linux", "Containers", "ESXi", "Network Devices"}

func writeNotes(b *strings.Builder, catalogue *attack.Catalogue, techniques map[string]bool) {
	b.WriteString("\n## Blind spots\n\n")
	for _, note := range blindSpots {
		fmt.Fprintf(b, "- %s\n", note)
	}
	b.WriteString("\nTechniques of Linux, containers, hypervisors and network devices that no rule names, neither by\nthemselves nor by a sub-technique:\n\n")
	for _, technique := range catalogue.Techniques() {
		if technique.Parent == "" && !namedAtAll(techniques, technique.ID) && slices.ContainsFunc(technique.Platforms, func(p string) bool { return slices.Contains(shellPlatforms, p) }) {
			fmt.Fprintf(b, "- %s %s\n", technique.ID, technique.Name)
		}
	}
	b.WriteString("\n## Corrections to the reference\n\nWhere the reference catalogue's tactic does not hold the technique in this release of ATT&CK, or the\nid is gone, the release wins.\n\n| signal | reference | here |\n|---|---|---|\n")
	for _, c := range corrections {
		fmt.Fprintf(b, "| %s | %s | %s |\n", c.signal, c.reference, c.here)
	}
	b.WriteString("\n## Bands lowered\n\n")
	for _, note := range lowered {
		fmt.Fprintf(b, "- %s\n", note)
	}
}

func namedAtAll(techniques map[string]bool, parent string) bool {
	for id := range techniques {
		if id == parent || strings.HasPrefix(id, parent+".") {
			return true
		}
	}
	return false
}
