package projections

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

// ReportOptions says how much of a Picture goes into a report.
type ReportOptions struct {
	// Attackers bounds the ranking. Negative: all that are followed, which is
	// at most 65,536. Defaults to 100.
	Attackers int
	// Evidence bounds the tokens of a technique. Negative: none. Defaults to 5.
	Evidence int
	// Address returns the source address of an attacker, or "" where it does
	// not know it. Nil: reports show uuids.
	Address func(uuid.UUID) string
}

// Report names, orders and ranks what was counted. It is the same for the same
// tags, in whatever order they were added. The Picture may be added to again
// afterwards.
func (p *Picture) Report(c *attack.Catalogue, intake Intake, o ReportOptions) *Report {
	o.Attackers = cmp.Or(o.Attackers, 100)
	o.Evidence = cmp.Or(o.Evidence, 5)
	intake.fill()
	r := &Report{
		AttackRelease: c.Name(), TagReleases: p.releases.sorted(), LikelyConfidence: LikelyConfidence,
		Intake: intake, Tactics: p.tacticRows(c, o), Attackers: p.attackerRows(o),
	}
	r.Totals = p.totals(r.Tactics)
	return r
}

func (p *Picture) totals(tactics []TacticRow) Totals {
	techniques := make(map[string]bool)
	for _, tactic := range tactics {
		for _, technique := range tactic.Techniques {
			techniques[technique.ID] = true
		}
	}
	unranked := p.total.tags - p.noAnchor
	attackers := p.attackers.count()
	for _, a := range p.attackers.entries {
		unranked -= a.tags
	}
	return Totals{
		Numbers: p.total.report(), Techniques: len(techniques), Tactics: len(tactics), Attackers: attackers,
		Sessions: p.sessions.count(), IdentityOnly: p.noAnchor, Unranked: unranked, Dropped: p.rows.pruned,
	}
}

func (p *Picture) tacticRows(c *attack.Catalogue, o ReportOptions) []TacticRow {
	order := make(map[string]int)
	for i, tactic := range c.Tactics() {
		order[tactic.ID] = i - len(c.Tactics()) // below 0: before any that it does not have
	}
	ids := p.tactics.sorted()
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(order[a], order[b]) })
	keys := p.rows.sorted()
	rows := make([]TacticRow, 0, len(ids))
	for _, id := range ids {
		counted := p.tactics.get(id)
		tactic, _ := c.Tactic(id)
		row := TacticRow{
			ID: id, ShortName: tactic.ShortName, Name: tactic.Name, Numbers: counted.report(),
			Attackers: counted.attackers.count(), Sessions: counted.sessions.count(), Techniques: []TechniqueRow{},
		}
		for _, key := range keys {
			if key.tactic == id {
				row.Techniques = append(row.Techniques, p.rows.get(key).report(c, key, o))
			}
		}
		slices.SortStableFunc(row.Techniques, func(a, b TechniqueRow) int { return cmp.Compare(b.Tags, a.Tags) })
		rows = append(rows, row)
	}
	return rows
}

func (r *row) report(c *attack.Catalogue, key rowKey, o ReportOptions) TechniqueRow {
	parent, _, _ := strings.Cut(key.technique, ".")
	technique, _ := c.Technique(key.technique)
	out := TechniqueRow{
		ID: key.technique, TechniqueID: parent, Name: technique.Name,
		InRelease: c.HoldsTactic(key.technique, key.tactic),
		Numbers:   r.numbers.report(), Attackers: r.attackers.count(), Sessions: r.sessions.count(),
		Rules: []RuleShare{}, Evidence: []TokenShare{}, Tokens: r.tokens.count(),
	}
	if technique.Parent != "" {
		of, _ := c.Technique(technique.Parent)
		out.Parent = of.Name
	}
	for _, id := range r.rules.sorted() {
		out.Rules = append(out.Rules, RuleShare{id, *r.rules.get(id)})
	}
	slices.SortStableFunc(out.Rules, func(a, b RuleShare) int { return cmp.Compare(b.Tags, a.Tags) })
	for text, n := range r.tokens.entries {
		out.Evidence = append(out.Evidence, TokenShare{text, *n})
	}
	slices.SortFunc(out.Evidence, func(a, b TokenShare) int {
		return cmp.Or(cmp.Compare(b.Tags, a.Tags), cmp.Compare(len(b.Text), len(a.Text)), cmp.Compare(a.Text, b.Text))
	})
	out.Evidence = slices.Clip(out.Evidence[:min(len(out.Evidence), max(o.Evidence, 0))])
	return out
}

func (p *Picture) attackerRows(o ReportOptions) []AttackerRow {
	rows := make([]AttackerRow, 0, len(p.attackers.entries))
	for _, id := range p.attackers.sorted() {
		a := p.attackers.get(id)
		rows = append(rows, AttackerRow{AttackerUUID: id, Numbers: a.report(), Techniques: a.techniques.count()})
	}
	slices.SortFunc(rows, func(a, b AttackerRow) int {
		return cmp.Or(cmp.Compare(b.Techniques.N, a.Techniques.N), cmp.Compare(b.Tags, a.Tags),
			cmp.Compare(b.MaxConfidence, a.MaxConfidence), bytes.Compare(a.AttackerUUID[:], b.AttackerUUID[:]))
	})
	if o.Attackers >= 0 {
		rows = slices.Clone(rows[:min(len(rows), o.Attackers)])
	}
	for i := range rows {
		if o.Address != nil {
			rows[i].Address = o.Address(rows[i].AttackerUUID)
		}
	}
	return rows
}
