package stix

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Bundle is what is exported.
type Bundle struct {
	Type    string    `json:"type"`
	ID      string    `json:"id"`
	Objects []*Object `json:"objects,omitempty"`
}

// Object is any of the STIX objects that we write: the fields of all of them.
// Which an object has depends on its type.
type Object struct {
	Type        string `json:"type"`
	SpecVersion string `json:"spec_version"`
	ID          string `json:"id"`
	CreatedBy   string `json:"created_by_ref,omitempty"`
	Created     Time   `json:"created,omitzero"`
	Modified    Time   `json:"modified,omitzero"`
	// Confidence is in [0,100].
	Confidence  *int     `json:"confidence,omitempty"`
	Markings    []string `json:"object_marking_refs,omitempty"`
	Name        string   `json:"name,omitempty"`
	Description string   `json:"description,omitempty"`

	// Of attack-pattern.
	References []Reference `json:"external_references,omitempty"`
	KillChain  []Phase     `json:"kill_chain_phases,omitempty"`
	// Of identity.
	IdentityClass string `json:"identity_class,omitempty"`
	// Of sighting.
	SightingOf   string   `json:"sighting_of_ref,omitempty"`
	ObservedData []string `json:"observed_data_refs,omitempty"`
	SightedBy    []string `json:"where_sighted_refs,omitempty"`
	FirstSeen    Time     `json:"first_seen,omitzero"`
	LastSeen     Time     `json:"last_seen,omitzero"`
	Count        int64    `json:"count,omitempty"`
	// Of observed-data.
	FirstObserved  Time     `json:"first_observed,omitzero"`
	LastObserved   Time     `json:"last_observed,omitzero"`
	NumberObserved int64    `json:"number_observed,omitempty"`
	ObjectRefs     []string `json:"object_refs,omitempty"`
	// Of marking-definition.
	DefinitionType string            `json:"definition_type,omitempty"`
	Definition     map[string]string `json:"definition,omitempty"`
	// Of extension-definition.
	Schema         string   `json:"schema,omitempty"`
	Version        string   `json:"version,omitempty"`
	ExtensionTypes []string `json:"extension_types,omitempty"`
	// Of our own event.
	SourceKind string          `json:"source_kind,omitempty"`
	EventID    string          `json:"event_id,omitempty"`
	EventTime  Time            `json:"event_time,omitzero"`
	Sensor     string          `json:"sensor,omitempty"`
	SessionID  string          `json:"session_id,omitempty"`
	Attacker   string          `json:"attacker_uuid,omitempty"`
	RuleID     string          `json:"rule_id,omitempty"`
	Rule       int64           `json:"rule_version,omitempty"`
	Evidence   json.RawMessage `json:"evidence,omitempty"`
	Extensions map[string]any  `json:"extensions,omitempty"`
}

// Reference leads to what an object is called elsewhere.
type Reference struct {
	Source string `json:"source_name"`
	ID     string `json:"external_id,omitempty"`
	URL    string `json:"url,omitempty"`
}

// Phase is a phase of a kill chain.
type Phase struct {
	Chain string `json:"kill_chain_name"`
	Name  string `json:"phase_name"`
}

// Time is a STIX timestamp: UTC, to the millisecond, with a Z.
type Time time.Time

// layout is how the standard spells times.
const layout = "2006-01-02T15:04:05.000Z"

// MarshalText spells the time.
func (t Time) MarshalText() ([]byte, error) {
	return []byte(time.Time(t).UTC().Format(layout)), nil
}

// UnmarshalText reads what MarshalText wrote.
func (t *Time) UnmarshalText(text []byte) error {
	parsed, err := time.Parse(layout, string(text))
	*t = Time(parsed)
	return err
}

// IsZero reports whether there is no time.
func (t Time) IsZero() bool { return time.Time(t).IsZero() }

// namespace is that of our ids. The standard's own is for other objects.
var namespace = uuid.MustParse("8c4d5f0e-6f0b-5a63-9f7e-1f6a0f5d7b52")

// idOf returns the id of an object of a type that is about something.
func idOf(kind, about string) string {
	return kind + "--" + uuid.NewSHA1(namespace, []byte(kind+"\n"+about)).String()
}
