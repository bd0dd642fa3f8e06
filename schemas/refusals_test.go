package schemas_test

import (
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

// refusal is a golden made invalid.
type refusal struct {
	golden string
	want   string
	change func(record any)
}

// when adapts a change of one record type.
func when[T any](change func(*T)) func(any) {
	return func(record any) { change(record.(*T)) }
}

func refusals() []refusal {
	return append(factRefusals(), ruleRefusals()...)
}

func factRefusals() []refusal {
	type (
		command = schemas.CommandEvent
		auth    = schemas.AuthEvent
		session = schemas.SessionEvent
	)
	return []refusal{
		{"command", "event_id: required", when(func(e *command) { e.EventID = uuid.Nil })},
		{"command", "attacker_uuid: required", when(func(e *command) { e.AttackerUUID = uuid.Nil })},
		{"command", `source_kind: "auth_attempt" does not belong`, when(func(e *command) { e.SourceKind = schemas.KindAuthAttempt })},
		{"auth", "src_port: 65536 is no port", when(func(e *auth) { e.SrcPort = 65536 })},
		{"auth", "src_port: -1 is no port", when(func(e *auth) { e.SrcPort = -1 })},
		{"http", "method: required", when(func(e *schemas.HTTPEvent) { e.Method = "" })},
		{"http", "status: 1000 is no status", when(func(e *schemas.HTTPEvent) { e.Status = 1000 })},
		{"session", `activity: unknown value "reboot"`, when(func(e *session) { e.Activity = "reboot" })},
		{"session", "duration_seconds: -1 is outside", when(func(e *session) { e.DurationSeconds = -1 })},
		{"transfer", `direction: unknown value ""`, when(func(e *schemas.TransferEvent) { e.Direction = "" })},
		{"transfer", "size: -1 is outside", when(func(e *schemas.TransferEvent) { e.Size = -1 })},
		{"intel", "score: 1.5 is outside [0,1]", when(func(e *schemas.IntelEvent) { e.Score = new(1.5) })},
		{"intel", "provider: required", when(func(e *schemas.IntelEvent) { e.Provider = "" })},
		{"email", "attachments.sha256: required", when(func(e *schemas.EmailEvent) { e.Attachments[0].SHA256 = "" })},
		{"email", "recipient_count: -1 is outside", when(func(e *schemas.EmailEvent) { e.RecipientCount = -1 })},
		{"canary", "fingerprint: required for source_kind canary_fingerprint", when(func(e *schemas.CanaryEvent) { e.Fingerprint = nil })},
		{"canary", "token_type: required", when(func(e *schemas.CanaryEvent) { e.TokenType = "" })},
		{"behaviour", "class: required", when(func(e *schemas.BehaviourEvent) { e.Class = "" })},
		{"behaviour", "confidence: 2 is outside [0,1]", when(func(e *schemas.BehaviourEvent) { e.Confidence = 2 })},
	}
}

func ruleRefusals() []refusal {
	type (
		state      = schemas.RuleState
		retraction = schemas.Retraction
		history    = schemas.RuleHistory
	)
	return []refusal{
		{"identity_link", "identity_uuid: required", when(func(r *schemas.IdentityLink) { r.IdentityUUID = uuid.Nil })},
		{"identity_summary", "attacker_uuid and identity_uuid: both", when(func(r *schemas.IdentitySummary) { r.AttackerUUID = uuid.Nil })},
		{"rule_state", "confidence_max: required for mode clipped", when(func(r *state) { r.ConfidenceMax = nil })},
		{"rule_state", "confidence_max: only for mode clipped", when(func(r *state) { r.Mode = schemas.ModeDisabled })},
		{"rule_state", "confidence_max: -0.5 is outside", when(func(r *state) { r.ConfidenceMax = new(-0.5) })},
		{"rule_state", `mode: unknown value "off"`, when(func(r *state) { r.Mode = "off" })},
		{"rule_state", "expires_at: 1999", when(func(r *state) { r.ExpiresAt = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) })},
		{"retraction", `target: unknown value "sensor"`, when(func(r *retraction) { r.Target = "sensor" })},
		{"retraction", "rule_id: required", when(func(r *retraction) { r.RuleID = "" })},
		{"retraction", "id: not for target rule", when(func(r *retraction) { r.ID = eventID })},
		{"retraction", "version, below: at most one", when(func(r *retraction) { r.Below = 2 })},
		{"retraction", "version, below: at most one, not negative", when(func(r *retraction) { r.Version = -1 })},
		{"retraction", "from, to: an empty range", when(func(r *retraction) { r.To = r.From })},
		{"retraction_tag", "id: required for target tag", when(func(r *retraction) { r.ID = uuid.Nil })},
		{"retraction_tag", "only for target rule", when(func(r *retraction) { r.RuleID = "R0012" })},
		{"retraction_tag", "only for target rule", when(func(r *retraction) { r.From = eventTime })},
		{"rule_history", `change: unknown value "edit"`, when(func(r *history) { r.Change = "edit" })},
		{"rule_history", "version, hash: required for a rule", when(func(r *history) { r.Hash = "" })},
		{"rule_history", "version, hash: required for a rule", when(func(r *history) { r.Version = 0 })},
		{"rule_history", "key: required", when(func(r *history) { r.Key = "" })},
		{"applied_marker", "revision: -2", when(func(r *schemas.AppliedMarker) { r.Revision = -2 })},
		{"applied_marker", "offset: -1 is outside", when(func(r *schemas.AppliedMarker) { r.Offset = -1 })},
		{"rule_status", "instance: required", when(func(r *schemas.RuleStatus) { r.Instance = "" })},
		{"rule_status", "revision: -2", when(func(r *schemas.RuleStatus) { r.Revision = -2 })},
		{"match", "rule_version: at least 1", when(func(r *schemas.Match) { r.RuleVersion = 0 })},
		{"match", "event_id: required", when(func(r *schemas.Match) { r.EventID = uuid.Nil })},
		{"fired", "tag_uuid: required", when(func(r *schemas.Fired) { r.TagUUID = uuid.Nil })},
		{"suppressed", `reason: unknown value "bored"`, when(func(r *schemas.Suppressed) { r.Reason = "bored" })},
		{"suppressed", `source_kind: unknown value "dns"`, when(func(r *schemas.Suppressed) { r.SourceKind = "dns" })},
		{"dead_letter", `stage: unknown value "sort"`, when(func(r *schemas.DeadLetter) { r.Stage = "sort" })},
		{"dead_letter", "topic or file: one is required", when(func(r *schemas.DeadLetter) { r.Topic, r.File = "", "" })},
	}
}
