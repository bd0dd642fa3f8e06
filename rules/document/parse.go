package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// Parse reads the documents of a text; empty ones are left out. file names the
// text in problems. Without problems there is at least one document.
func Parse(file string, text []byte) ([]*Node, Problems) {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if p := checkText(text); p != nil {
		return nil, Problems{p.in(file)}
	}
	tree, written, p := parse(text)
	if p != nil {
		return nil, Problems{p.in(file)}
	}
	b := &builder{}
	var docs []*Node
	for _, doc := range tree.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.NullType {
			continue
		}
		b.anchors = map[string]*Node{}
		docs = append(docs, b.node(doc.Body, 0))
	}
	switch {
	case len(b.problems) > 0:
	case len(docs) == 0:
		b.problems = Problems{{Check: "yaml/empty", Message: "no document"}}
	case b.scalars != written:
		b.problems = Problems{{
			Check: "yaml/syntax", Message: fmt.Sprintf("the YAML parser reads %d of %d values", b.scalars, written),
			Hint: "an indentation may be wrong, or a key without a space after its colon",
		}}
	case len(docs) > MaxDocuments:
		b.problems = Problems{{Check: "yaml/limit", Message: fmt.Sprintf("%d documents, at most %d", len(docs), MaxDocuments)}}
	}
	if len(b.problems) > 0 {
		for i := range b.problems {
			b.problems[i].File = file
		}
		b.problems.Sort()
		return nil, b.problems
	}
	return docs, nil
}

// in returns the problem as one of file.
func (p *Problem) in(file string) Problem {
	p.File = file
	return *p
}

// parse runs the YAML library, and counts the scalars that the text holds, so
// that none can be lost unseen. A panic of the library is a problem of the
// text.
func parse(text []byte) (tree *ast.File, written int, problem *Problem) {
	defer func() {
		if r := recover(); r != nil {
			problem = &Problem{Check: "yaml/syntax", Message: fmt.Sprintf("the YAML parser cannot read this text: %v", r)}
		}
	}()
	source := string(text)
	if !strings.HasSuffix(source, "\n") {
		source += "\n" // without it the library does not fold a last block
	}
	tokens := lexer.Tokenize(source)
	if p := checkTokens(tokens); p != nil {
		return nil, 0, p
	}
	written = scalars(tokens)
	// Repeated keys are ours to report, all of them and in our words.
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, 0, syntaxProblem(err)
	}
	return tree, written, nil
}

func syntaxProblem(err error) *Problem {
	p := &Problem{Check: "yaml/syntax", Message: err.Error()}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		p.Message = syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
		}
	}
	return p
}
