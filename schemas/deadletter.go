package schemas

import "strconv"

// The stages at which something can be refused.
const (
	// StageIngest: a line of a source could not become a fact.
	StageIngest = "ingest"
	// StageDecode: a record of a topic could not be decoded.
	StageDecode = "decode"
	// StageEvaluate: a lifter or a rule failed on a fact.
	StageEvaluate = "evaluate"
	// StageEmit: a result could not be written.
	StageEmit = "emit"
)

// DeadLetter is what could not be decoded or processed, with why and whence,
// on topic ttp.deadletter under its coordinates.
type DeadLetter struct {
	// Stage is ingest, decode, evaluate or emit.
	Stage string `json:"stage"`
	// Reason is a short stable word for the cause, such as not_json, for
	// counting. Detail is the sentence for people.
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"`
	// Group is the consumer group that refused it. Empty for ingest.
	Group string `json:"group,omitempty"`
	// Topic, Partition and Offset are the record's coordinates; File and Line
	// those of a line of a source. Line counts from 1.
	Topic     string `json:"topic,omitempty"`
	Partition int32  `json:"partition"`
	Offset    int64  `json:"offset"`
	File      string `json:"file,omitempty"`
	Line      int64  `json:"line,omitempty"`
	// RuleID is the rule that failed, where one did.
	RuleID string `json:"rule_id,omitempty"`
	// Size is the length of what was refused, in bytes.
	Size int64 `json:"size"`
	// Payload is its start, at most [MaxDeadLetterPayload] bytes.
	Payload []byte `json:"payload,omitempty"`
	// Truncated says that Payload is not all of it.
	Truncated bool `json:"truncated,omitempty"`
}

// MaxDeadLetterPayload bounds how much of a refused record is kept, in bytes:
// enough to redrive any ordinary record.
const MaxDeadLetterPayload = 256 << 10

// SetPayload keeps the start of raw, and its size.
func (r *DeadLetter) SetPayload(raw []byte) {
	r.Size = int64(len(raw))
	r.Truncated = len(raw) > MaxDeadLetterPayload
	if r.Truncated {
		raw = raw[:MaxDeadLetterPayload]
	}
	r.Payload = raw
}

// Key returns the letter's coordinates: its key on the topic.
func (r *DeadLetter) Key() string {
	if r.Topic == "" {
		return r.File + ":" + strconv.FormatInt(r.Line, 10)
	}
	return r.Topic + "/" + strconv.Itoa(int(r.Partition)) + "/" + strconv.FormatInt(r.Offset, 10)
}

// Validate returns every problem of the record, joined, or nil.
func (r *DeadLetter) Validate() error {
	var c check
	c.oneOf("stage", r.Stage, StageIngest, StageDecode, StageEvaluate, StageEmit)
	c.required("reason", r.Reason, MaxShortText)
	c.long("detail", r.Detail)
	c.short("group", r.Group)
	c.short("topic", r.Topic)
	c.long("file", r.File)
	c.short("rule_id", r.RuleID)
	if len(r.Payload) > MaxDeadLetterPayload {
		c.add("payload: %d bytes, at most %d", len(r.Payload), MaxDeadLetterPayload)
	}
	if r.Topic == "" && r.File == "" {
		c.add("topic or file: one is required")
	}
	return c.result()
}
