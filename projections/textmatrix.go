package projections

import (
	"strings"

	"github.com/ttpstream/ttpstream/projections/printable"
)

// matrixColumns are the widths of the ATT&CK table's columns, in cells.
type matrixColumns struct {
	name, tags, likely, attackers int
	evidence                      int // 0: on a line of its own
}

const (
	idWidth       = 13 // two spaces, T1059.004, two spaces
	confWidth     = 6
	evidenceGap   = 3
	besideMinimum = 110 // from this page width on, evidence stands beside its technique
)

func (p *page) matrixColumns(r *Report) matrixColumns {
	c := matrixColumns{tags: 8, likely: 8, attackers: 11}
	longest := 0
	for _, tactic := range r.Tactics {
		c.tags = max(c.tags, len(number(tactic.Tags))+2)
		c.attackers = max(c.attackers, printable.Width(tactic.Attackers.String())+2)
		for _, technique := range tactic.Techniques {
			longest = max(longest, printable.Width(technique.fullName()))
		}
	}
	c.likely = max(c.likely, c.tags)
	c.name = p.width - idWidth - c.tags - c.likely - c.attackers - confWidth
	if p.width >= besideMinimum {
		rest := c.name - evidenceGap
		c.name = min(max(longest, 24), rest*45/100)
		c.evidence = rest - c.name
	}
	return c
}

// matrix writes the ATT&CK table.
func (p *page) matrix(r *Report, o TextOptions) {
	if len(r.Tactics) == 0 {
		return
	}
	c := p.matrixColumns(r)
	head := printable.Right("TAGS", c.tags) + printable.Right("LIKELY", c.likely) +
		printable.Right("ATTACKERS", c.attackers) + printable.Right("CONF", confWidth)
	if c.evidence > 0 {
		head += strings.Repeat(" ", evidenceGap) + "EVIDENCE"
	}
	p.heading(span{bold, printable.Left("ATT&CK", idWidth+c.name)}, span{faint, head})
	exact := true
	for i, tactic := range r.Tactics {
		if i > 0 {
			p.line()
		}
		p.tactic(&tactic, c)
		n := len(tactic.Techniques)
		if o.MaxTechniques > 0 {
			n = shown(n, o.MaxTechniques)
		}
		for _, technique := range tactic.Techniques[:n] {
			p.technique(&technique, c)
			exact = exact && technique.Attackers.Exact && technique.Tokens.Exact
		}
		p.moreTechniques(tactic.Techniques[n:])
	}
	if !exact {
		p.line()
		p.line(span{faint, "≥: more than are told apart. Of very many different matches, evidence is a sample."})
	}
}

func (p *page) tactic(t *TacticRow, c matrixColumns) {
	name := t.Name
	if name == "" {
		name = "unknown tactic"
	}
	id := "  " + safe(t.ID)
	name = printable.Cut(name, idWidth+c.name-printable.Width(id))
	p.line(span{cyan, name}, span{faint, printable.Left(id, idWidth+c.name-printable.Width(name))},
		span{faint, numbersOf(&t.Numbers, t.Attackers, c)})
}

func numbersOf(n *Numbers, attackers Count, c matrixColumns) string {
	return printable.Right(number(n.Tags), c.tags) + printable.Right(number(n.Likely), c.likely) +
		printable.Right(attackers.String(), c.attackers)
}

func (p *page) technique(t *TechniqueRow, c matrixColumns) {
	line := []span{
		{plain, printable.Left("  "+safe(t.ID), idWidth)}, {plain, printable.Left(t.nameFor(c.name), c.name)},
		{plain, numbersOf(&t.Numbers, t.Attackers, c)},
		{confidenceStyle(t.MaxConfidence), printable.Right(confidence(t.MaxConfidence), confWidth)},
	}
	if c.evidence > 0 {
		line = append(line, span{plain, strings.Repeat(" ", evidenceGap)})
		p.line(append(line, evidenceSpans(t.Evidence, c.evidence)...)...)
		return
	}
	p.line(line...)
	if len(t.Evidence) > 0 {
		p.line(append([]span{{plain, strings.Repeat(" ", idWidth)}}, evidenceSpans(t.Evidence, p.width-idWidth)...)...)
	}
}

func (p *page) moreTechniques(hidden []TechniqueRow) {
	if len(hidden) == 0 {
		return
	}
	var tags int64
	for _, t := range hidden {
		tags += t.Tags
	}
	p.line(span{faint, "  … " + number(int64(len(hidden))) + " more techniques with " + of(tags, "tag", "tags")})
}

// fullName names a sub-technique with its parent.
func (t *TechniqueRow) fullName() string {
	switch {
	case !t.InRelease && t.Name == "":
		return "not in this release"
	case !t.InRelease:
		return t.Name + " (not under this tactic)"
	case t.Parent != "":
		return t.Parent + ": " + t.Name
	}
	return t.Name
}

// nameFor returns the name that fits: a sub-technique's alone where the
// parent's does not.
func (t *TechniqueRow) nameFor(width int) string {
	if full := t.fullName(); printable.Width(full) <= width || t.Parent == "" || !t.InRelease {
		return full
	}
	return t.Name
}

// evidenceSpans puts as many tokens side by side as fit, each with its count.
// The last one is cut when at least a dozen cells of it can be read.
func evidenceSpans(tokens []TokenShare, width int) []span {
	const readable = 12
	var spans []span
	for i, token := range tokens {
		text, times := safe(strings.TrimSpace(token.Text)), ""
		if token.Tags > 1 {
			times = " ×" + number(token.Tags)
		}
		left := width - printable.Width(times)
		if i > 0 {
			left -= dotWidth
		}
		if i > 0 && printable.Width(text) > left && left < readable {
			break
		}
		if i > 0 {
			spans = append(spans, span{faint, dot})
		}
		text = printable.Cut(text, left)
		spans = append(spans, span{plain, text}, span{faint, times})
		width = left - printable.Width(text)
	}
	return spans
}
