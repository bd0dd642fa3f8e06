package projections

import (
	"bufio"
	"io"
	"strings"

	"github.com/ttpstream/ttpstream/projections/printable"
)

// The styles of a page: parameters of the terminal's "select graphic
// rendition", of the sixteen colours that every theme defines.
const (
	plain  = ""
	bold   = "1"
	faint  = "2"
	red    = "1;31"
	yellow = "33"
	cyan   = "1;36"
)

// reserved are the signs of our own layout. Text that others wrote shows them
// escaped, so that it cannot imitate a count or a second entry.
const reserved = "·×…─≥→"

// safe returns others' text for the page.
func safe(s string) string { return printable.Text(s, reserved) }

// span is a piece of a line in one style. Its text is safe already.
type span struct{ style, text string }

// page writes lines of at most width cells.
type page struct {
	out    *bufio.Writer
	width  int
	colour bool
}

func newPage(w io.Writer, o TextOptions) *page {
	return &page{out: bufio.NewWriter(w), width: o.Width, colour: o.Colour}
}

// line writes the spans side by side, cut to the page's width, without spaces
// at the end.
func (p *page) line(spans ...span) {
	left := p.width
	kept := make([]span, 0, len(spans))
	for _, s := range spans {
		s.text = printable.Cut(s.text, left)
		left -= printable.Width(s.text)
		kept = append(kept, s)
	}
	for len(kept) > 0 {
		last := &kept[len(kept)-1]
		if last.text = strings.TrimRight(last.text, " "); last.text != "" {
			break
		}
		kept = kept[:len(kept)-1]
	}
	for _, s := range kept {
		p.write(s.style, s.text)
	}
	p.out.WriteByte('\n')
}

func (p *page) write(style, text string) {
	if !p.colour || style == plain || text == "" {
		p.out.WriteString(text)
		return
	}
	p.out.WriteString("\x1b[" + style + "m" + text + "\x1b[0m")
}

// rule writes a horizontal line over the whole width.
func (p *page) rule() { p.line(span{faint, strings.Repeat("─", p.width)}) }

// dot stands between the items of a list.
const (
	dot      = " · "
	dotWidth = 3
)

// items writes a label, then texts joined by a dot, in as many lines as they
// take. Each text is one span and stays whole where it fits.
func (p *page) items(label span, items ...[]span) {
	line, used := []span{label}, labelWidth
	for i, item := range items {
		size := width(item...)
		if i > 0 && used+dotWidth+size > p.width {
			p.line(line...)
			line, used = []span{{plain, strings.Repeat(" ", labelWidth)}}, labelWidth
		} else if i > 0 {
			line, used = append(line, span{faint, dot}), used+dotWidth
		}
		line, used = append(line, item...), used+size
	}
	p.line(line...)
}

func width(spans ...span) int {
	sum := 0
	for _, s := range spans {
		sum += printable.Width(s.text)
	}
	return sum
}
