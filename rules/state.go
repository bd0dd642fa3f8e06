package rules

import (
	"fmt"
	"math"

	"github.com/ttpstream/ttpstream/schemas"
)

// Mode is an operator's word on a rule.
type Mode string

// The modes. The empty Mode means enabled.
const (
	Enabled  Mode = schemas.ModeEnabled
	Disabled Mode = schemas.ModeDisabled
	Clipped  Mode = schemas.ModeClipped
)

// State is what is in force for a rule beside its definition. The zero value
// is an enabled rule.
type State struct {
	Mode Mode
	// ConfidenceMax is the most that a clipped rule may claim, in [0,1].
	ConfidenceMax float64
}

// valid returns what is wrong with the state, or nil.
func (s State) valid() error {
	switch s.Mode {
	case "", Enabled, Disabled:
		return nil
	case Clipped:
		if s.ConfidenceMax >= 0 && s.ConfidenceMax <= 1 {
			return nil
		}
		return fmt.Errorf("confidence_max %v is not in [0,1]", s.ConfidenceMax)
	}
	return fmt.Errorf("unknown mode %q", s.Mode)
}

// judge returns what an emit may claim for an event of that weight, and why it
// is held back, if it is.
func (s State) judge(e Emit, weight float64) (confidence float64, suppressed string) {
	confidence = round(e.Confidence * weight)
	clipped := s.Mode == Clipped && confidence > s.ConfidenceMax
	if clipped {
		confidence = math.Floor(s.ConfidenceMax*100+1e-9) / 100
	}
	switch {
	case s.Mode == Disabled:
		return confidence, schemas.SuppressedDisabled
	case confidence >= Floor:
		return confidence, ""
	case clipped && round(e.Confidence*weight) >= Floor:
		return confidence, schemas.SuppressedClipped
	}
	return confidence, schemas.SuppressedFloor
}

// weightOf returns the factor that an event puts on every confidence.
func weightOf(w float64) float64 {
	switch {
	case w == 0 || w > 1:
		return 1
	case w > 0:
		return w
	}
	return 0 // negative, or no number
}
