package main

import (
	"encoding/json"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// liftLine makes facts of a line whose source_kind is kind: a record as our
// own topics carry it, or, as in a rule's tests, only the fields that matter.
func liftLine(kind schemas.SourceKind, line []byte, ev *match.Event) error {
	switch kind {
	case schemas.KindCommand:
		if liftRecord(line, ev, facts.LiftCommand) {
			return nil
		}
	case schemas.KindAuthAttempt:
		if liftRecord(line, ev, facts.LiftAuth) {
			return nil
		}
	case schemas.KindSession:
		if liftRecord(line, ev, facts.LiftSession) {
			return nil
		}
	}
	var given map[string]any
	if err := json.Unmarshal(line, &given); err != nil {
		return err
	}
	lifted, err := facts.Lift(kind, given)
	if err != nil {
		return err
	}
	*ev = *lifted
	return nil
}

// liftRecord lifts a whole record, and reports whether the line is one.
func liftRecord[T any, R schemas.Record[T]](line []byte, ev *match.Event, lift func(R, *match.Event)) bool {
	record, err := schemas.Decode[T, R](line)
	if err != nil {
		return false
	}
	lift(record, ev)
	return true
}
