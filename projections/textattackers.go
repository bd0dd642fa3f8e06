package projections

import (
	"cmp"

	"github.com/ttpstream/ttpstream/projections/printable"
)

// attackerColumns are the widths of the attackers' table, in cells, and how it
// writes times.
type attackerColumns struct {
	rank, name, tags, likely, techniques int
	layout                               string // of times; empty: no room for them
}

func (p *page) attackerColumns(rows []AttackerRow) attackerColumns {
	c := attackerColumns{rank: len(number(int64(len(rows)))) + 4, name: 15, tags: 8, likely: 8, techniques: 12}
	for _, row := range rows {
		c.name = max(c.name, printable.Width(row.label()))
		c.tags = max(c.tags, len(number(row.Tags))+2)
	}
	c.likely = max(c.likely, c.tags)
	fixed := c.rank + c.tags + c.likely + c.techniques + confWidth
	c.name = min(c.name, p.width-fixed)
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02", "01-02"} {
		if width := 2 * (2 + len(layout)); fixed+c.name+width <= p.width {
			c.layout = layout
			break
		}
	}
	return c
}

// attackers writes the ranking.
func (p *page) attackers(r *Report, o TextOptions) {
	if len(r.Attackers) == 0 {
		return
	}
	rows := r.Attackers[:shown(len(r.Attackers), o.MaxRows)]
	c := p.attackerColumns(rows)
	head := printable.Right("TAGS", c.tags) + printable.Right("LIKELY", c.likely) +
		printable.Right("TECHNIQUES", c.techniques) + printable.Right("CONF", confWidth)
	if c.layout != "" {
		head += "  " + printable.Left("FIRST", len(c.layout)) + "  LAST"
	}
	p.heading(span{bold, printable.Left("ATTACKERS", c.rank+c.name)}, span{faint, head})
	for i, row := range rows {
		p.attacker(i+1, &row, c)
	}
	if more := r.Totals.Attackers.N - int64(len(rows)); more > 0 || !r.Totals.Attackers.Exact {
		p.line(span{faint, "  … " + Count{more, r.Totals.Attackers.Exact}.of("more attacker", "more attackers")})
	}
	if r.Totals.Unranked > 0 {
		p.line(span{faint, "  … " + of(r.Totals.Unranked, "tag", "tags") + " of attackers beyond those followed one by one, who are not ranked"})
	}
}

func (p *page) attacker(rank int, row *AttackerRow, c attackerColumns) {
	line := []span{
		{faint, printable.Right(number(int64(rank)), c.rank-2) + "  "}, {bold, printable.Left(row.label(), c.name)},
		{plain, printable.Right(number(row.Tags), c.tags) + printable.Right(number(row.Likely), c.likely) +
			printable.Right(row.Techniques.String(), c.techniques)},
		{confidenceStyle(row.MaxConfidence), printable.Right(confidence(row.MaxConfidence), confWidth)},
	}
	if c.layout != "" {
		line = append(line, span{faint, "  " + row.FirstSeen.Format(c.layout) + "  " + row.LastSeen.Format(c.layout)})
	}
	p.line(line...)
}

// label is the address where it is known. The sensor wrote it, so it is made
// safe.
func (row *AttackerRow) label() string {
	return safe(cmp.Or(row.Address, row.AttackerUUID.String()))
}
