package projections

import (
	"strings"

	"github.com/ttpstream/ttpstream/projections/printable"
)

// refusals writes what was refused, why, and where the first of each is.
func (p *page) refusals(refusals []Refusal, o TextOptions) {
	if len(refusals) == 0 {
		return
	}
	reason, count := len("REFUSED")-2, 10
	rows := refusals[:shown(len(refusals), o.MaxRows)]
	for _, row := range rows {
		reason = min(max(reason, printable.Width(safe(row.Reason))), 28)
	}
	rest := p.width - 2 - reason - count - 2
	p.heading(span{bold, printable.Left("REFUSED", reason+2)}, span{faint, printable.Right("EVENTS", count) + "  FIRST"})
	for _, row := range rows {
		p.line(span{plain, "  " + printable.Left(safe(row.Reason), reason)}, span{yellow, printable.Right(number(row.Count), count)},
			span{plain, "  " + printable.CutLeft(safe(row.First), rest)})
		if row.Detail != "" {
			p.line(span{faint, strings.Repeat(" ", 2+reason+count+2) + printable.Cut(safe(row.Detail), rest)})
		}
	}
	if more := refusals[len(rows):]; len(more) > 0 {
		var events int64
		for _, row := range more {
			events += row.Count
		}
		p.line(span{faint, "  … " + of(events, "more event", "more events") + " for " + of(int64(len(more)), "other reason", "other reasons")})
	}
}
