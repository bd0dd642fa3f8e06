package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a problem means for the rule.
type Severity int

// The severities, the worst first.
const (
	// SeverityError: the rule is refused.
	SeverityError Severity = iota
	// SeverityWarning: the rule works, and probably not as meant.
	SeverityWarning
	// SeverityInfo: worth knowing.
	SeverityInfo
)

var severityNames = []string{"error", "warning", "info"}

// String returns error, warning or info.
func (s Severity) String() string {
	if s >= 0 && int(s) < len(severityNames) {
		return severityNames[s]
	}
	return fmt.Sprintf("severity(%d)", int(s))
}

// MarshalText returns String.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseSeverity is the inverse of String.
func ParseSeverity(name string) (Severity, error) {
	if i := slices.Index(severityNames, name); i >= 0 {
		return Severity(i), nil
	}
	return 0, fmt.Errorf("severity %q: want %s", name, strings.Join(severityNames, ", "))
}

// UnmarshalText is ParseSeverity.
func (s *Severity) UnmarshalText(text []byte) error {
	parsed, err := ParseSeverity(string(text))
	*s = parsed
	return err
}

// Problem is one thing that is wrong with a text, and where.
type Problem struct {
	// File is the name the text was read under.
	File string `json:"file,omitempty"`
	// Line and Column count from 1, the column in characters. 0 means the
	// whole text.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Severity is how bad it is.
	Severity Severity `json:"severity"`
	// Check names what was violated, for filters and documentation. Stable.
	Check string `json:"check"`
	// Message is what is wrong, a sentence without a full stop.
	Message string `json:"message"`
	// Hint is what to do about it. May be empty.
	Hint string `json:"hint,omitempty"`
}

// String returns "file:line:column: message", as compilers write it.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if p.Severity != SeverityError {
		fmt.Fprintf(&b, "%s: ", p.Severity)
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		fmt.Fprintf(&b, " (%s)", p.Hint)
	}
	return b.String()
}

// Problems are what is wrong with one or many texts. As an error it shows all
// of them, one a line; an empty list is not an error (see Err).
type Problems []Problem

// Error returns every problem, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err returns the problems as an error, nil if none is of SeverityError.
func (ps Problems) Err() error {
	if ps.Has(SeverityError) {
		return ps
	}
	return nil
}

// Has reports whether a problem is as bad as s, or worse.
func (ps Problems) Has(s Severity) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Severity <= s })
}

// Sort orders by file, line and column, then severity, check and message.
func (ps Problems) Sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Check, b.Check), cmp.Compare(a.Message, b.Message),
		)
	})
}
