package schemas

import "github.com/go-json-experiment/json/jsontext"

// Members of a tag. memberUnknown is of a producer newer than we are.
const (
	memberUnknown = iota
	memberUUID
	memberSourceKind
	memberSourceID
	memberAttacker
	memberIdentity
	memberSession
	memberSensor
	memberTactic
	memberTechnique
	memberSubTechnique
	memberConfidence
	memberRuleID
	memberRuleVersion
	memberRuleHash
	memberRelease
	memberEvidence
	memberCreatedAt
)

// tagMembers are their names; a test holds them to the fields of [Tag].
var tagMembers = [...]string{
	memberUUID:         "uuid",
	memberSourceKind:   "source_kind",
	memberSourceID:     "source_id",
	memberAttacker:     "attacker_uuid",
	memberIdentity:     "identity_uuid",
	memberSession:      "session_id",
	memberSensor:       "sensor",
	memberTactic:       "tactic",
	memberTechnique:    "technique_id",
	memberSubTechnique: "sub_technique_id",
	memberConfidence:   "confidence",
	memberRuleID:       "rule_id",
	memberRuleVersion:  "rule_version",
	memberRuleHash:     "rule_hash",
	memberRelease:      "attack_release",
	memberEvidence:     "evidence",
	memberCreatedAt:    "created_at",
}

// memberOf returns which member a quoted name is of.
func memberOf(name jsontext.Value) int {
	for _, c := range name {
		if c == '\\' {
			plain, err := jsontext.AppendUnquote(nil, name)
			if err != nil {
				return memberUnknown // the decoder has refused it already
			}
			return memberNamed(string(plain))
		}
	}
	return memberNamed(string(name[1 : len(name)-1]))
}

func memberNamed(name string) int {
	switch name {
	case "uuid":
		return memberUUID
	case "source_kind":
		return memberSourceKind
	case "source_id":
		return memberSourceID
	case "attacker_uuid":
		return memberAttacker
	case "identity_uuid":
		return memberIdentity
	case "session_id":
		return memberSession
	case "sensor":
		return memberSensor
	case "tactic":
		return memberTactic
	case "technique_id":
		return memberTechnique
	case "sub_technique_id":
		return memberSubTechnique
	case "confidence":
		return memberConfidence
	case "rule_id":
		return memberRuleID
	case "rule_version":
		return memberRuleVersion
	case "rule_hash":
		return memberRuleHash
	case "attack_release":
		return memberRelease
	case "evidence":
		return memberEvidence
	case "created_at":
		return memberCreatedAt
	}
	return memberUnknown
}
