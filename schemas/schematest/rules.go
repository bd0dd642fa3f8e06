package schematest

import "github.com/ttpstream/ttpstream/schemas"

// The rule that default tags and rule records speak of.
const (
	RuleID      = "R0012"
	RuleVersion = 1
	// RuleHash has the form of the SHA-256 of a rule's text; it is of none.
	RuleHash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

// RuleState returns the state of a rule that an operator disabled.
func RuleState(changes ...func(*schemas.RuleState)) *schemas.RuleState {
	return changed(&schemas.RuleState{
		RuleID: RuleID, Mode: schemas.ModeDisabled, Reason: "noisy", SetBy: "operator", SetAt: Time,
	}, changes)
}

// Retraction returns one that takes back a version of the default rule.
func Retraction(changes ...func(*schemas.Retraction)) *schemas.Retraction {
	return changed(&schemas.Retraction{
		Target: schemas.TargetRule, RuleID: RuleID, Version: RuleVersion,
		Reason: "matched harmless commands", SetBy: "operator", SetAt: Time,
	}, changes)
}

// RuleHistory returns the admission of the default rule.
func RuleHistory(changes ...func(*schemas.RuleHistory)) *schemas.RuleHistory {
	return changed(&schemas.RuleHistory{
		Change: schemas.ChangeRule, Key: RuleID, Content: "rule_id: R0012\nrule_version: 1\n",
		Version: RuleVersion, Hash: RuleHash, Source: "dir:rules/R0012.yaml", InboxTopic: "ttp.rules", AdmittedAt: Time,
	}, changes)
}

// AppliedMarker returns the marker of a group's first judged event.
func AppliedMarker(changes ...func(*schemas.AppliedMarker)) *schemas.AppliedMarker {
	return changed(&schemas.AppliedMarker{
		Group: "command-tagger", Topic: "attacker.command", HighWatermark: 100,
	}, changes)
}

// RuleStatus returns the report of an instance that runs 26 rules.
func RuleStatus(changes ...func(*schemas.RuleStatus)) *schemas.RuleStatus {
	return changed(&schemas.RuleStatus{Instance: "process-1", Revision: 25, Rules: 26, At: Time}, changes)
}

// Match returns the match of a refused login on its way to a window.
func Match(changes ...func(*schemas.Match)) *schemas.Match {
	event := Auth()
	return changed(&schemas.Match{
		RuleID: "R0100", RuleVersion: 1, RuleHash: RuleHash, Referenced: "R0005",
		Parameters: `{"condition":{"gte":5},"timespan":300,"type":"event_count"}`, Group: []string{event.AttackerUUID.String()},
		EventID: event.EventID, EventTime: event.EventTime, AttackerUUID: event.AttackerUUID,
		SessionID: event.SessionID, Sensor: event.Sensor,
	}, changes)
}

// DeadLetter returns a line of a sensor's log that was no JSON.
func DeadLetter(changes ...func(*schemas.DeadLetter)) *schemas.DeadLetter {
	letter := &schemas.DeadLetter{
		Stage: schemas.StageIngest, Reason: "not_json", Detail: "not JSON: unexpected end of JSON input",
		File: "cowrie.json", Line: 7,
	}
	letter.SetPayload([]byte(`{"eventid":`))
	return changed(letter, changes)
}
