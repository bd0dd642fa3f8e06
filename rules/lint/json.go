package lint

import (
	"encoding/json"
	"io"

	"github.com/ttpstream/ttpstream/rules"
)

// WriteJSON writes problems for machines, as one JSON document: the list, and
// how many there are of each severity.
func WriteJSON(w io.Writer, problems rules.Problems) error {
	out := struct {
		Problems rules.Problems `json:"problems"`
		Errors   int            `json:"errors"`
		Warnings int            `json:"warnings"`
		Remarks  int            `json:"remarks"`
	}{Problems: problems}
	if out.Problems == nil {
		out.Problems = rules.Problems{}
	}
	for _, p := range problems {
		switch p.Severity {
		case rules.SeverityError:
			out.Errors++
		case rules.SeverityWarning:
			out.Warnings++
		default:
			out.Remarks++
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(out)
}
