package quality

import (
	"fmt"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules"
)

// Tag is what a judge says about an event.
type Tag struct {
	// Technique is the sub-technique where there is one.
	Technique  string
	Confidence float64
	// Rule is the rule that said so.
	Rule string
}

// Judge names the techniques of an event, in any order, repetitions allowed.
// Errors: the event cannot be lifted.
type Judge func(ev Event) ([]Tag, error)

// NewJudge returns a judge that lifts events as production does and asks the
// rules. It is for one goroutine.
func NewJudge(set *rules.Set) Judge {
	var scratch rules.Scratch
	return func(ev Event) ([]Tag, error) {
		lifted, err := facts.Lift(ev.Kind, ev.Given)
		if err != nil {
			return nil, fmt.Errorf("lift a %s: %w", ev.Kind, err)
		}
		var tags []Tag
		for _, f := range set.Judge(lifted, &scratch) {
			if f.Suppressed == "" {
				tags = append(tags, Tag{Technique: f.Emit.ID(), Confidence: f.Confidence, Rule: f.Rule.ID})
			}
		}
		return tags, nil
	}
}
