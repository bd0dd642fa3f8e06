package schemas

import (
	"embed"
	"slices"
)

// The JSON Schemas (draft 2020-12) are generated from the record types, their
// comments and what their Validate says: `go test ./schemas -update`. What is
// valid and encoded by us fits its schema. Additional properties are allowed,
// because producers may be newer than we are. The schemas are stricter than
// the codec in two things (a field that we always write is required, and null
// is no value) and laxer where JSON Schema has no words, as for a tag's id.
//
//go:embed jsonschema/*.schema.json
var schemaFiles embed.FS

var recordNames = []string{
	"command", "auth", "http", "session", "transfer", "intel", "email", "canary", "behaviour",
	"identity_link", "identity_summary",
	"rule_state", "retraction", "rule_history", "applied_marker", "rule_status",
	"match", "candidate", "tag", "fired", "suppressed", "dead_letter",
}

// RecordNames returns the names under which [JSONSchema] knows the records, in
// the order of the topics that carry them. The slice is the caller's.
func RecordNames() []string { return slices.Clone(recordNames) }

// JSONSchema returns the JSON Schema of a record, and whether there is one of
// that name: see [RecordNames]. The bytes are the caller's.
func JSONSchema(record string) ([]byte, bool) {
	if !slices.Contains(recordNames, record) {
		return nil, false
	}
	raw, err := schemaFiles.ReadFile("jsonschema/" + record + ".schema.json")
	return raw, err == nil
}
