package schemas_test

import (
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

func ruleGoldens() []golden {
	return []golden{
		{"identity_link", "identity_link", &schemas.IdentityLink{
			AttackerUUID: attackerID, IdentityUUID: identityID, CampaignUUID: eventID, Confidence: 0.9, Reason: "same key", LinkedAt: eventTime,
		}},
		{"identity_summary", "identity_summary", &schemas.IdentitySummary{
			IdentityUUID: identityID, AttackerUUID: attackerID, LinkOffset: 42, FirstSeen: eventTime.Add(-time.Hour), LastSeen: eventTime,
			Network: "198.51.100.0/24", Services: []string{"ssh", "telnet"}, CredentialHashes: []string{"a1", "b2"}, Overflow: true,
		}},
		{"rule_state", "rule_state", &schemas.RuleState{
			RuleID: "R0012", Mode: schemas.ModeClipped, ConfidenceMax: new(0.5), ExpiresAt: eventTime.Add(time.Hour),
			Reason: "noisy", SetBy: "operator", SetAt: eventTime,
		}},
		{"retraction", "retraction", &schemas.Retraction{
			Target: schemas.TargetRule, RuleID: "R0012", Version: 3, From: eventTime.Add(-time.Hour), To: eventTime,
			Reason: "bad version", SetBy: "operator", SetAt: eventTime,
		}},
		{"retraction_below", "retraction", &schemas.Retraction{
			Target: schemas.TargetRule, RuleID: "R0012", Below: 4, SetAt: eventTime, Sequence: 8,
		}},
		{"retraction_tag", "retraction", &schemas.Retraction{
			Target: schemas.TargetTag, ID: eventID, Restore: true, SetAt: eventTime, Sequence: 7,
		}},
		{"rule_history", "rule_history", &schemas.RuleHistory{
			Change: schemas.ChangeRule, Key: "R0012", Content: "rule_id: R0012\n", Version: 3, Hash: sha256A, Source: "dir:rules/R0012.yaml",
			InboxTopic: "ttp.rules", InboxOffset: 17, AdmittedAt: eventTime,
		}},
		{"applied_marker", "applied_marker", &schemas.AppliedMarker{
			Group: "command-tagger", Topic: "attacker.command", Partition: 3, Offset: 1000, Revision: 25, HighWatermark: 1024,
		}},
		{"rule_status", "rule_status", &schemas.RuleStatus{
			Instance: "registrar", Revision: 25, Rules: 26, RuleID: "R0013", InboxTopic: "ttp.rules", InboxOffset: 18, At: eventTime,
			Problems: []schemas.RuleProblem{{Check: "syntax", Line: 4, Column: 9, Message: "unknown field", Hint: "did you mean match?"}},
		}},
		{"match", "match", &schemas.Match{
			RuleID: "R0100", RuleVersion: 2, RuleHash: sha256B, Referenced: "R0005", Parameters: `{"type":"event_count"}`,
			ConfidenceMax: new(0.6), Group: []string{attackerID.String()}, Values: []string{"root"}, EventID: eventID, EventTime: eventTime,
			AttackerUUID: attackerID, IdentityUUID: identityID, SessionID: "a1b2c3d4e5f6", Sensor: "hp-1",
		}},
		{"fired", "fired", &schemas.Fired{
			TagUUID: eventID, RuleID: "R0012", RuleVersion: 3, TechniqueID: "T1059", SubTechniqueID: "T1059.004", Confidence: 0.85,
			AttackerUUID: attackerID, IdentityUUID: identityID, CreatedAt: eventTime,
		}},
		{"suppressed", "suppressed", &schemas.Suppressed{
			RuleID: "R0012", RuleVersion: 3, TechniqueID: "T1059", SubTechniqueID: "T1059.004", SourceKind: schemas.KindCommand,
			SourceID: eventID.String(), AttackerUUID: attackerID, Reason: schemas.SuppressedFloor, Confidence: 0.25, EventTime: eventTime,
		}},
		{"dead_letter", "dead_letter", &schemas.DeadLetter{
			Stage: schemas.StageDecode, Reason: "not_a_fact", Detail: "not a CommandEvent", Group: "command-tagger",
			Topic: "attacker.command", Partition: 3, Offset: 1001, File: "cowrie.json", Line: 7, RuleID: "R0012",
			Size: 300000, Payload: []byte("\x00\xff{"), Truncated: true,
		}},
	}
}

// tagGoldens holds a tag of each source kind, with all that its evidence may
// say.
func tagGoldens() []golden {
	goldens := []golden{{"candidate", "candidate", tagGolden(schemas.KindCommand)}}
	for _, kind := range schemas.SourceKinds() {
		goldens = append(goldens, golden{"tag_" + string(kind), "tag", tagGolden(kind)})
	}
	return goldens
}

func tagGolden(kind schemas.SourceKind) *schemas.Tag {
	fields := tagFields(kind)
	fields.Evidence = evidenceGolden(kind)
	tag, err := schemas.NewTag(fields)
	if err != nil {
		panic(err)
	}
	return tag
}

// tagFields is a tag but for its id and evidence.
func tagFields(kind schemas.SourceKind) schemas.Tag {
	return schemas.Tag{
		UUID: uuid.Nil, SourceKind: kind, SourceID: eventID.String(), AttackerUUID: attackerID, IdentityUUID: identityID,
		SessionID: "a1b2c3d4e5f6", Sensor: "hp-1", Tactic: "TA0002", TechniqueID: "T1059", SubTechniqueID: "T1059.004",
		Confidence: 0.85, RuleID: "R0012", RuleVersion: 3, RuleHash: sha256A, AttackRelease: "enterprise-v19.1", CreatedAt: eventTime,
	}
}
