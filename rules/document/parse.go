package document

import (
	"bytes"
	"fmt"
	"strings"
)

// Parse reads the documents of a text; empty ones are left out. file names the
// text in problems. Without problems there is at least one document.
func Parse(file string, text []byte) ([]*Node, Problems) {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if p := checkText(text); p != nil {
		return nil, Problems{p.in(file)}
	}
	p := &parser{text: string(text), line: 1, countedColumn: 1}
	docs := p.contained()
	switch {
	case len(p.problems) > 0:
	case len(docs) == 0:
		p.problems = Problems{{Check: "yaml/empty", Message: "no document"}}
	case len(docs) > MaxDocuments:
		p.problems = Problems{{Check: "yaml/limit", Message: fmt.Sprintf("%d documents, at most %d", len(docs), MaxDocuments)}}
	}
	if len(p.problems) > 0 {
		for i := range p.problems {
			p.problems[i].File = file
		}
		p.problems.Sort()
		return nil, p.problems
	}
	return docs, nil
}

// in returns the problem as one of file.
func (p *Problem) in(file string) Problem {
	p.File = file
	return *p
}

// contained reads the documents. A panic, which would be a bug, costs this text
// and nothing else.
func (p *parser) contained() (docs []*Node) {
	defer func() {
		if r := recover(); r != nil {
			p.stopped = false
			p.fail(p.start, "yaml/internal", "", "the parser broke here: %v", r)
			docs = nil
		}
	}()
	return p.documents()
}

// documents reads the stream: documents between lines of --- and of three dots.
func (p *parser) documents() []*Node {
	var docs []*Node
	for p.content() && !p.stopped {
		if p.at('%') && p.column() == 0 {
			p.fail(p.pos, "yaml/directive", "", "directives are not supported")
			break
		}
		if p.marker("...") {
			p.pos += 3
			continue
		}
		if p.marker("---") {
			p.pos += 3
			p.blanks()
			if p.lineEnd() && !p.content() || p.marker("---") || p.marker("...") {
				continue
			}
		}
		p.anchors = nil
		doc := p.block(-1, 0)
		if !p.stopped && p.content() && !p.marker("---") && !p.marker("...") {
			p.fail(p.pos, "yaml/syntax", "an indentation may be wrong", "want a new entry or the end of the document here")
		}
		if doc != nil && doc.Kind != KindNull {
			docs = append(docs, doc)
		}
	}
	return docs
}

// marker reports whether a line of --- or of three dots begins here.
func (p *parser) marker(mark string) bool {
	rest := p.text[p.pos:]
	return p.pos == p.start && strings.HasPrefix(rest, mark) && (len(rest) == 3 || isBlank(rest[3]) || isBreak(rest[3]))
}
