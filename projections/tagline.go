package projections

import (
	"cmp"
	"io"
	"strings"

	"github.com/ttpstream/ttpstream/projections/printable"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// TagLines writes tags for a person at a terminal, a line each, as they come.
type TagLines struct {
	page      *page
	catalogue *attack.Catalogue
}

// NewTagLines returns a writer of lines of at most the options' width, from 60
// to 240 cells. The catalogue names techniques.
func NewTagLines(out io.Writer, catalogue *attack.Catalogue, o TextOptions) *TagLines {
	o.Width = min(max(cmp.Or(o.Width, 80), 60), 240)
	return &TagLines{page: newPage(out, o), catalogue: catalogue}
}

// Widths of the columns of a tag's line, in cells.
const (
	lineTechnique = 11
	lineName      = 36
	lineRule      = 8
)

// Write writes a tag: when, how sure, which technique, who, which rule, and
// what of the event showed it. Nothing that an attacker wrote reaches the
// terminal but as printable characters. Errors: the writer's.
func (l *TagLines) Write(tag *schemas.Tag) error {
	technique, _ := l.catalogue.Technique(tag.Technique()) // one of a later release has no name here
	l.page.line(
		span{faint, tag.CreatedAt.UTC().Format("2006-01-02 15:04:05") + "  "},
		span{confidenceStyle(tag.Confidence), confidence(tag.Confidence) + "  "},
		span{bold, column(tag.Technique(), lineTechnique)},
		span{plain, column(technique.Name, lineName)},
		span{faint, tag.Anchor().String()[:8] + "  " + column(tag.RuleID, lineRule)},
		span{plain, safe(strings.Join(tokensOf(tag.Evidence), "  "))},
	)
	return l.page.out.Flush()
}

// column is others' text in a column of a width, with a space behind it.
func column(text string, width int) string {
	return printable.Left(printable.Cut(safe(text), width-1), width)
}
