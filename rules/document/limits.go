package document

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// The limits of one text.
const (
	// MaxBytes is the longest text. The longest rule of SigmaHQ has 295,078.
	MaxBytes = 512 << 10
	// MaxNodes is the most nodes of all documents together, each alias counted
	// with everything it stands for.
	MaxNodes = 20_000
	// MaxDepth is the deepest nesting of maps and lists.
	MaxDepth = 32
	// MaxDocuments is the most documents.
	MaxDocuments = 64
	// MaxKeys is the most entries of maps. The library's time grows with the
	// square of them.
	MaxKeys = 4096
	// maxTokens keeps the parser's work small; more cannot fit MaxNodes.
	maxTokens = 4 * MaxNodes
)

// checkText refuses what is too long or no plain text, before anything parses
// it.
func checkText(text []byte) *Problem {
	if len(text) > MaxBytes {
		return &Problem{
			Check: "yaml/limit", Message: fmt.Sprintf("text of %d bytes, at most %d", len(text), MaxBytes),
			Hint: "split it into several files",
		}
	}
	for i := 0; i < len(text); {
		r, width := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && width == 1:
			return textProblem(text, i, fmt.Sprintf("byte 0x%02x is not UTF-8", text[i]))
		case r < ' ' && r != '\n' && r != '\r' && r != '\t', r == 0x7f:
			return textProblem(text, i, fmt.Sprintf("control character U+%04X", r))
		}
		i += width
	}
	return nil
}

func textProblem(text []byte, at int, message string) *Problem {
	line := 1 + bytes.Count(text[:at], []byte("\n"))
	start := 1 + bytes.LastIndexByte(text[:at], '\n')
	return &Problem{
		Line: line, Column: 1 + utf8.RuneCount(text[start:at]), Check: "yaml/encoding", Message: message,
		Hint: "in a quoted text, write it as an escape",
	}
}

// checkTokens refuses what the parser, which is recursive, should not be asked
// to read, and what rules have no use for.
func checkTokens(tokens token.Tokens) *Problem {
	if len(tokens) > maxTokens {
		return &Problem{Check: "yaml/limit", Message: fmt.Sprintf("%d tokens, at most %d", len(tokens), maxTokens)}
	}
	var c tokenCheck
	for _, t := range tokens {
		if p := c.foreign(t); p != nil {
			return p
		}
		if p := c.count(t); p != nil {
			return p
		}
	}
	return nil
}

// tokenCheck is what has been seen so far.
type tokenCheck struct {
	// flow is how many brackets are open; onLine how many list entries began
	// on the line; keys how many map entries there are.
	flow, line, onLine, keys int
	// header says that the last token began a document.
	header bool
}

// foreign refuses YAML that has no place in a rule.
func (c *tokenCheck) foreign(t *token.Token) *Problem {
	switch t.Type {
	case token.TagType:
		return refused(t, "yaml/tag", "tags are not supported", "write the value without "+t.Value)
	case token.MergeKeyType:
		return refused(t, "yaml/merge", "merge keys are not supported", "write the entries out")
	case token.DirectiveType:
		return refused(t, "yaml/directive", "directives are not supported", "")
	case token.CommentType:
		return nil
	case token.DocumentHeaderType:
		if c.header { // the library loses the document behind an empty one
			return refused(t, "yaml/empty", "an empty document", "remove one of the --- lines")
		}
	}
	c.header = t.Type == token.DocumentHeaderType
	return nil
}

// count refuses what is too much.
func (c *tokenCheck) count(t *token.Token) *Problem {
	if t.Position.Line != c.line {
		c.line, c.onLine = t.Position.Line, 0
	}
	switch t.Type {
	case token.SequenceStartType, token.MappingStartType:
		c.flow++
	case token.SequenceEndType, token.MappingEndType:
		c.flow = max(0, c.flow-1)
	case token.SequenceEntryType, token.MappingKeyType:
		c.onLine++
	case token.MappingValueType:
		c.keys++
	}
	switch {
	case c.keys > MaxKeys:
		return refused(t, "yaml/limit", fmt.Sprintf("more than %d keys", MaxKeys), "split the text into several files")
	case c.flow > MaxDepth || c.onLine > MaxDepth:
		return refused(t, "yaml/limit", fmt.Sprintf("nested more than %d deep", MaxDepth), "")
	}
	return nil
}

func refused(t *token.Token, check, message, hint string) *Problem {
	return &Problem{Line: t.Position.Line, Column: t.Position.Column, Check: check, Message: message, Hint: hint}
}

// scalars counts the tokens that a scalar node should come of. Names of
// anchors and aliases have tokens of their own.
func scalars(tokens token.Tokens) int {
	n := 0
	for i, t := range tokens {
		named := i > 0 && (tokens[i-1].Type == token.AnchorType || tokens[i-1].Type == token.AliasType)
		switch t.Type {
		case token.NullType, token.InfinityType, token.NanType, token.BoolType, token.FloatType, token.StringType,
			token.IntegerType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType,
			token.SingleQuoteType, token.DoubleQuoteType:
			if !named {
				n++
			}
		}
	}
	return n
}
