package eval

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/ttpstream/ttpstream/rules"
)

// tail is what every line about a rule ends with.
func tail(rule *rules.Rule) []byte {
	techniques := techniquesOf(rule)
	// Texts and lists of texts always have a JSON form.
	id, _ := json.Marshal(rule.ID)
	list, _ := json.Marshal(techniques)
	return append(append(append(append([]byte(`,"rule_id":`), id...), `,"techniques":`...), list...), "}\n"...)
}

// head is what every line about an input begins with, up to the line number.
func head(name string) []byte {
	if name == "" {
		return []byte(`{"line":`)
	}
	file, _ := json.Marshal(name)
	return append(append([]byte(`{"file":`), file...), `,"line":`...)
}

// appendMatches appends a line for each rule that matches an event.
func (e *Evaluator) appendMatches(out, head []byte, line int64, matched []int32) []byte {
	var digits [20]byte
	number := strconv.AppendInt(digits[:0], line, 10)
	for _, rule := range matched {
		out = append(append(append(out, head...), number...), e.tails[rule]...)
	}
	return out
}

func techniquesOf(rule *rules.Rule) []string {
	techniques := make([]string, len(rule.Emits))
	for i, emit := range rule.Emits {
		techniques[i] = emit.ID()
	}
	return techniques
}

// line is the line of output about a window.
func (w *Window) line() ([]byte, error) {
	group := make(map[string]string, len(w.Group))
	for i, name := range w.Correlation.Sigma.GroupBy {
		if i < len(w.Group) {
			group[name] = w.Group[i]
		}
	}
	line, err := json.Marshal(struct {
		Rule       string            `json:"rule_id"`
		Techniques []string          `json:"techniques"`
		Group      map[string]string `json:"group"`
		Start      time.Time         `json:"window_start"`
		End        time.Time         `json:"window_end"`
	}{w.Correlation.ID, techniquesOf(w.Correlation.Rule), group, w.Start, w.End})
	return append(line, '\n'), err
}
