package schemas

import "time"

// What an entry of the history changes.
const (
	// ChangeRule: Content is the YAML of a rule (or of several documents
	// published as one).
	ChangeRule = "rule"
	// ChangeRemoval: the rule or list is gone. Content is empty.
	ChangeRemoval = "removal"
	// ChangeList: Content is the YAML of a value list.
	ChangeList = "list"
	// ChangeState: Content is a [RuleState].
	ChangeState = "state"
	// ChangeStateCleared: the state is enabled again, by a null.
	ChangeStateCleared = "state_cleared"
	// ChangeExpiry: the registrar reverted a state that had expired.
	ChangeExpiry = "expiry"
	// ChangeRetraction: Content is a [Retraction] without sequence.
	ChangeRetraction = "retraction"
)

// RuleHistory is one admitted change, on topic ttp.rule.history, which only
// the registrar writes. Its offset there is the revision. Every rule set is a
// fold of these.
type RuleHistory struct {
	// Change says what is changed.
	Change string `json:"change"`
	// Key is the inbox key: a rule's id, list/NAME, or a retraction's target.
	Key string `json:"key"`
	// Content is the inbox record's value, exactly as it was published.
	Content string `json:"content,omitempty"`
	// Version and Hash are those of the rule or list.
	Version int64  `json:"version,omitempty"`
	Hash    string `json:"hash,omitempty"`
	// Source is the publisher's source header, such as dir:rules/a.yaml.
	Source string `json:"source,omitempty"`
	// InboxTopic and InboxOffset say which record was admitted. An expiry has
	// those of the state that it reverts.
	InboxTopic  string `json:"inbox_topic"`
	InboxOffset int64  `json:"inbox_offset"`
	// AdmittedAt is the registrar's clock. It is for people: no fold reads it.
	AdmittedAt time.Time `json:"admitted_at"`
}

// Validate returns every problem of the record, joined, or nil.
func (r *RuleHistory) Validate() error {
	var c check
	c.oneOf("change", r.Change, ChangeRule, ChangeRemoval, ChangeList, ChangeState,
		ChangeStateCleared, ChangeExpiry, ChangeRetraction)
	c.required("key", r.Key, MaxShortText)
	c.required("inbox_topic", r.InboxTopic, MaxShortText)
	c.notNegative("inbox_offset", float64(r.InboxOffset))
	c.bounded("content", r.Content, MaxRuleText)
	c.short("hash", r.Hash)
	c.short("source", r.Source)
	c.spelled("admitted_at", r.AdmittedAt)
	if r.Change == ChangeRule && (r.Version < 1 || r.Hash == "") {
		c.add("version, hash: required for a rule")
	}
	return c.result()
}

// MaxRuleText bounds the text of one published rule, in bytes.
const MaxRuleText = 512 << 10
