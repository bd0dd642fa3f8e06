package lint

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/ttpstream/ttpstream/rules"
)

// WriteText writes problems for people: a line each, the line of the source it
// is about, and a mark under the place. source returns the text of a file, nil
// if it is not at hand; then the line is left out. The last line is the sum.
func WriteText(w io.Writer, problems rules.Problems, source func(file string) []byte) error {
	var b bytes.Buffer
	for _, p := range problems {
		writeProblem(&b, p, source)
	}
	fmt.Fprintln(&b, Summary(problems))
	_, err := w.Write(b.Bytes())
	return err
}

// Summary counts problems: "2 errors, 1 warning", or "no problems".
func Summary(problems rules.Problems) string {
	var counts [3]int
	for _, p := range problems {
		counts[min(int(p.Severity), len(counts)-1)]++
	}
	var parts []string
	for i, name := range []string{"error", "warning", "remark"} {
		switch n := counts[i]; {
		case n == 1:
			parts = append(parts, "1 "+name)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, name))
		}
	}
	if len(parts) == 0 {
		return "no problems"
	}
	return strings.Join(parts, ", ")
}

func writeProblem(b *bytes.Buffer, p rules.Problem, source func(string) []byte) {
	if p.File != "" {
		fmt.Fprintf(b, "%s:", p.File)
	}
	if p.Line > 0 {
		fmt.Fprintf(b, "%d:%d:", p.Line, p.Column)
	}
	if b.Len() > 0 && b.Bytes()[b.Len()-1] == ':' {
		b.WriteByte(' ')
	}
	fmt.Fprintf(b, "%s: %s [%s]\n", p.Severity, p.Message, p.Check)
	line, ok := sourceLine(p, source)
	switch {
	case ok:
		writeMark(b, p, line)
	case p.Hint != "":
		fmt.Fprintf(b, "    %s\n", p.Hint)
	}
}

// sourceLine returns the line that a problem is about.
func sourceLine(p rules.Problem, source func(string) []byte) (string, bool) {
	if p.Line <= 0 || source == nil {
		return "", false
	}
	text := bytes.TrimPrefix(source(p.File), []byte("\uFEFF"))
	for range p.Line - 1 {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return "", false
		}
		text = text[i+1:]
	}
	text, _, _ = bytes.Cut(text, []byte("\n"))
	return strings.ToValidUTF8(strings.TrimSuffix(string(text), "\r"), "\uFFFD"), len(text) > 0
}

// How much of a long line is shown, and how much of it before the place.
const (
	maxShown    = 120
	shownBefore = 60
)

// writeMark shows a line with carets under the word at the problem's column.
func writeMark(b *bytes.Buffer, p rules.Problem, line string) {
	letters := []rune(line)
	for i, r := range letters {
		if r == '\t' || unicode.IsControl(r) {
			letters[i] = ' '
		}
	}
	at := max(0, min(p.Column-1, len(letters)))
	width := markWidth(letters[at:])
	if len(letters) > maxShown {
		from := max(0, min(at-shownBefore, len(letters)-maxShown))
		letters, at = letters[from:from+maxShown], at-from
		width = min(width, maxShown-at)
	}
	number := fmt.Sprint(p.Line)
	fmt.Fprintf(b, " %s | %s\n", number, strings.TrimRight(string(letters), " "))
	mark := strings.Repeat(" ", at) + strings.Repeat("^", max(1, width))
	if p.Hint != "" {
		mark += " " + p.Hint
	}
	fmt.Fprintf(b, " %s | %s\n", strings.Repeat(" ", len(number)), mark)
}

// markWidth is how far the word at the place goes: to the closing quote, or to
// the next thing that ends a plain scalar.
func markWidth(letters []rune) int {
	if len(letters) == 0 {
		return 1
	}
	quote := letters[0]
	for i, r := range letters {
		switch {
		case quote == '\'' || quote == '"':
			if i > 0 && r == quote {
				return i + 1
			}
		case unicode.IsSpace(r) || strings.ContainsRune(",]}", r) || r == ':' && (i+1 == len(letters) || letters[i+1] == ' '):
			return i
		}
	}
	return len(letters)
}
