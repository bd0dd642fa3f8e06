package schemas_test

import (
	"flag"

	"github.com/ttpstream/ttpstream/schemas"
)

var update = flag.Bool("update", false, "rewrite golden files")

// codec is what every codec of the package is.
type codec interface {
	Encode(value any) ([]byte, error)
	Decode(raw []byte) (any, error)
}

// record is one type that travels.
type record struct {
	name  string
	codec codec
	// zero is an empty value of the type.
	zero any
}

// records lists every record under the name of its schema.
func records() []record {
	return []record{
		{"command", schemas.CommandCodec{}, new(schemas.CommandEvent)},
		{"auth", schemas.AuthCodec{}, new(schemas.AuthEvent)},
		{"http", schemas.HTTPCodec{}, new(schemas.HTTPEvent)},
		{"session", schemas.SessionCodec{}, new(schemas.SessionEvent)},
		{"transfer", schemas.TransferCodec{}, new(schemas.TransferEvent)},
		{"intel", schemas.IntelCodec{}, new(schemas.IntelEvent)},
		{"email", schemas.EmailCodec{}, new(schemas.EmailEvent)},
		{"canary", schemas.CanaryCodec{}, new(schemas.CanaryEvent)},
		{"behaviour", schemas.BehaviourCodec{}, new(schemas.BehaviourEvent)},
		{"identity_link", schemas.IdentityLinkCodec{}, new(schemas.IdentityLink)},
		{"identity_summary", schemas.IdentitySummaryCodec{}, new(schemas.IdentitySummary)},
		{"rule_state", schemas.RuleStateCodec{}, new(schemas.RuleState)},
		{"retraction", schemas.RetractionCodec{}, new(schemas.Retraction)},
		{"rule_history", schemas.RuleHistoryCodec{}, new(schemas.RuleHistory)},
		{"applied_marker", schemas.AppliedCodec{}, new(schemas.AppliedMarker)},
		{"rule_status", schemas.RuleStatusCodec{}, new(schemas.RuleStatus)},
		{"match", schemas.MatchCodec{}, new(schemas.Match)},
		{"candidate", schemas.TagCodec{}, new(schemas.Candidate)},
		{"tag", schemas.TagCodec{}, new(schemas.Tag)},
		{"fired", schemas.FiredCodec{}, new(schemas.Fired)},
		{"suppressed", schemas.SuppressedCodec{}, new(schemas.Suppressed)},
		{"dead_letter", schemas.DeadLetterCodec{}, new(schemas.DeadLetter)},
	}
}

// recordNamed returns the record of a name that the tests know to exist.
func recordNamed(name string) record {
	for _, r := range records() {
		if r.name == name {
			return r
		}
	}
	panic("no record " + name)
}
