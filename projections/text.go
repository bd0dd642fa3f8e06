package projections

import (
	"cmp"
	"io"
	"strings"

	"github.com/ttpstream/ttpstream/projections/printable"
)

// TextOptions says how [RenderText] shows a report.
type TextOptions struct {
	// Title is what made the report. Defaults to "ttpstream scan".
	Title string
	// Width is the terminal's, in cells; from 110 on, evidence stands beside
	// its technique instead of below. Less than 60 is taken as 60 and more
	// than 160 as 160. Defaults to 80.
	Width int
	// Colour allows escape sequences. The caller asks whether there is a
	// terminal and whether NO_COLOR is set.
	Colour bool
	// MaxRows bounds the files, the attackers and the reasons for refusal that
	// are listed; what is left out is counted. Negative: no bound. Defaults
	// to 10.
	MaxRows int
	// MaxTechniques bounds the techniques listed per tactic. 0: no bound.
	MaxTechniques int
	// Next are sentences about what to do with the result, one a line, at the
	// end. The caller knows its flags.
	Next []string
}

// labelWidth is the width of the labels in front of the summary's lines.
const labelWidth = 11

// RenderText writes the report for a person at a terminal: what was read, the
// ATT&CK table by tactic, the attackers, what was refused, and what to do
// next. No line is wider than the options say, and nothing that an attacker
// wrote reaches the terminal but as printable characters. Errors: those of w.
func RenderText(w io.Writer, r *Report, o TextOptions) error {
	o.Title = cmp.Or(o.Title, "ttpstream scan")
	o.Width = min(max(cmp.Or(o.Width, 80), 60), 160)
	o.MaxRows = cmp.Or(o.MaxRows, 10)
	p := newPage(w, o)
	p.title(r, o)
	p.summary(r)
	p.files(r.Intake.Files, o)
	p.matrix(r, o)
	p.attackers(r, o)
	p.refusals(r.Intake.Refusals, o)
	p.next(o)
	return p.out.Flush()
}

func (p *page) title(r *Report, o TextOptions) {
	right := r.AttackRelease + dot + of(int64(r.Intake.Rules), "rule", "rules")
	left := printable.Cut(safe(o.Title), p.width-printable.Width(right)-2)
	gap := strings.Repeat(" ", p.width-printable.Width(left)-printable.Width(right))
	p.line(span{bold, left}, span{plain, gap}, span{faint, right})
	p.rule()
}

func (p *page) next(o TextOptions) {
	if len(o.Next) == 0 {
		return
	}
	p.line()
	p.rule()
	label := "Next"
	for _, sentence := range o.Next {
		p.line(span{bold, printable.Left(label, labelWidth)}, span{plain, safe(sentence)})
		label = ""
	}
}

// heading writes an empty line and the head of a table: a title, then the
// names of its columns, right above them.
func (p *page) heading(spans ...span) {
	p.line()
	p.line(spans...)
	p.rule()
}

// shown returns how many of n rows a bound lets through. One row more is
// shown rather than a line that says so.
func shown(n, bound int) int {
	if bound < 0 || n <= bound+1 {
		return n
	}
	return bound
}
