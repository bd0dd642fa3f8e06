package document

import (
	"bytes"
	"fmt"
	"unicode/utf8"
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
	// MaxKeys is the most entries of maps.
	MaxKeys = 4096
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
