package schematest

import (
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
)

// Tag returns a tag of the default command. The functions change what is
// handed to [schemas.NewTag]; the test fails when it refuses that. A function
// that changes the source kind gets that kind's default evidence, unless it
// sets evidence itself.
func Tag(tb testing.TB, changes ...func(*schemas.Tag)) *schemas.Tag {
	tb.Helper()
	return TagOf(tb, Command(), changes...)
}

// TagOf is [Tag] of an event: source, anchor, session, sensor and time are the
// event's.
func TagOf(tb testing.TB, event schemas.Eventer, changes ...func(*schemas.Tag)) *schemas.Tag {
	tb.Helper()
	tag, err := schemas.NewTag(TagFields(event, changes...))
	if err != nil {
		tb.Fatalf("schematest: %v", err)
	}
	return tag
}

// TagFields returns what TagOf hands to [schemas.NewTag].
func TagFields(event schemas.Eventer, changes ...func(*schemas.Tag)) schemas.Tag {
	e := event.Event()
	fields := changed(&schemas.Tag{
		SourceKind: e.SourceKind, SourceID: e.EventID.String(),
		AttackerUUID: e.AttackerUUID, SessionID: e.SessionID, Sensor: e.Sensor,
		Tactic: "TA0011", TechniqueID: "T1105", Confidence: 0.85,
		RuleID: RuleID, RuleVersion: RuleVersion, RuleHash: RuleHash, AttackRelease: "enterprise-v19.1",
		CreatedAt: e.EventTime,
	}, changes)
	if fields.Evidence == nil {
		fields.Evidence = Evidence(fields.SourceKind)
	}
	return *fields
}

// Fired returns the announcement of [Tag].
func Fired(tb testing.TB, changes ...func(*schemas.Fired)) *schemas.Fired {
	tb.Helper()
	return changed(schemas.NewFired(Tag(tb)), changes)
}

// Suppressed returns the report that [Tag] was held back by the rule's state.
func Suppressed(changes ...func(*schemas.Suppressed)) *schemas.Suppressed {
	event := Command()
	return changed(&schemas.Suppressed{
		RuleID: RuleID, RuleVersion: RuleVersion, TechniqueID: "T1105",
		SourceKind: event.SourceKind, SourceID: event.EventID.String(), AttackerUUID: event.AttackerUUID,
		Reason: schemas.SuppressedDisabled, Confidence: 0.85, EventTime: event.EventTime,
	}, changes)
}
