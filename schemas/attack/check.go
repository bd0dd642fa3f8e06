package attack

import (
	"errors"
	"fmt"
	"strings"
)

// What is wrong with a triple of tactic, technique and sub-technique. The
// error of Check is a *CheckError that wraps one of them.
var (
	// ErrTactic: the release has no such tactic.
	ErrTactic = errors.New("unknown tactic")
	// ErrTechnique: the release does not have the technique or sub-technique.
	ErrTechnique = errors.New("unknown technique")
	// ErrRetired: ATT&CK had it and gave it up.
	ErrRetired = errors.New("retired technique")
	// ErrParent: the technique is a sub-technique, or not the parent of the
	// sub-technique beside it.
	ErrParent = errors.New("wrong parent technique")
	// ErrNotHeld: everything exists, but not under that tactic.
	ErrNotHeld = errors.New("tactic does not hold the technique")
)

// CheckError says what Check found and what would be right. Its message is a
// sentence for the author of a rule.
type CheckError struct {
	Release string
	// ID is the tactic, technique or sub-technique that is wrong.
	ID string
	// Problem is one of ErrTactic, ErrTechnique, ErrRetired, ErrParent, ErrNotHeld.
	Problem error
	// Successor is what took the place of a retired ID, and SuccessorNote says
	// why that is less than certain. Both are empty when there is none.
	Successor, SuccessorNote string
	// Parent is the technique that should be named, for ErrParent; empty when
	// ID stands for a sub-technique and is none.
	Parent string
	// Tactics are the ids of those that hold ID, for ErrNotHeld; when ID is
	// retired, those that hold its successor.
	Tactics []string
	// Tactic is the tactic that was asked for, for ErrNotHeld.
	Tactic string
}

// Unwrap returns Problem.
func (e *CheckError) Unwrap() error { return e.Problem }

// Error names the release, what is wrong and, if anything would, what is right.
func (e *CheckError) Error() string {
	var s strings.Builder
	switch e.Problem {
	case ErrTactic:
		fmt.Fprintf(&s, "tactic %q is not in %s", e.ID, e.Release)
	case ErrTechnique:
		fmt.Fprintf(&s, "technique %q is not in %s", e.ID, e.Release)
	case ErrRetired:
		fmt.Fprintf(&s, "%s is not in %s any more", e.ID, e.Release)
		if e.Successor == "" {
			s.WriteString(" and has no successor")
			break
		}
		fmt.Fprintf(&s, ": use %s (%s)", e.Successor, strings.Join(e.Tactics, ", "))
		if e.SuccessorNote != "" {
			fmt.Fprintf(&s, ", %s", e.SuccessorNote)
		}
	case ErrParent:
		if e.Parent == "" {
			fmt.Fprintf(&s, "%s is a technique, not a sub-technique", e.ID)
			break
		}
		fmt.Fprintf(&s, "%s belongs to technique %s", e.ID, e.Parent)
	case ErrNotHeld:
		fmt.Fprintf(&s, "%s does not hold %s in %s: use %s", e.Tactic, e.ID, e.Release, strings.Join(e.Tactics, " or "))
	default:
		fmt.Fprintf(&s, "%s: %v", e.ID, e.Problem)
	}
	return s.String()
}

// Check says whether a tag may carry these three ids: the tactic exists, the
// technique exists and is no sub-technique, the sub-technique (empty for none)
// is one of its own, and the tactic holds the more exact of the two. It returns
// nil or a *CheckError about the first thing wrong. The sub-technique is looked
// at first, because its successor says more than its parent's.
func (c *Catalogue) Check(tactic, technique, subTechnique string) error {
	exact, parent := technique, ""
	if subTechnique != "" {
		exact, parent = subTechnique, technique
	}
	t, err := c.checkID(exact)
	if err != nil {
		return err
	}
	if subTechnique != "" {
		if _, err := c.checkID(technique); err != nil {
			return err
		}
	}
	if t.Parent != parent {
		return c.wrong(t.ID, &CheckError{Problem: ErrParent, Parent: t.Parent})
	}
	if _, ok := c.Tactic(tactic); !ok {
		return c.wrong(tactic, &CheckError{Problem: ErrTactic})
	}
	if !c.HoldsTactic(t.ID, tactic) {
		return c.wrong(t.ID, &CheckError{Problem: ErrNotHeld, Tactics: t.Tactics, Tactic: tactic})
	}
	return nil
}

// checkID returns the technique of that id, or why there is none.
func (c *Catalogue) checkID(id string) (Technique, error) {
	if t, ok := c.Technique(id); ok {
		return t, nil
	}
	gone, ok := c.retired[id]
	if !ok {
		return Technique{}, c.wrong(id, &CheckError{Problem: ErrTechnique})
	}
	successor, _ := c.Technique(gone.Successor)
	return Technique{}, c.wrong(id, &CheckError{
		Problem: ErrRetired, Successor: gone.Successor, SuccessorNote: gone.Note, Tactics: successor.Tactics,
	})
}

func (c *Catalogue) wrong(id string, e *CheckError) error {
	e.Release, e.ID = c.release, id
	return e
}
