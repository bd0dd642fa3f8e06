package api

import (
	"context"
	"log/slog"
	"time"
)

// Auditor keeps who changed what, when and why.
type Auditor interface {
	// Record returns once the entry is kept, and only then nil. A change whose
	// entry is not kept is not made.
	Record(ctx context.Context, entry AuditEntry) error
}

// Outcomes of a change.
const (
	// AuditAccepted is recorded before the change is made.
	AuditAccepted = "accepted"
	// AuditFailed follows it when the change could not be made.
	AuditFailed = "failed"
)

// AuditEntry is one line of the audit log. Requests that are refused leave
// none.
type AuditEntry struct {
	At  time.Time `json:"at"`
	Who string    `json:"who"`
	// Action is the operation's id in the contract, such as set-rule-state.
	Action string `json:"action"`
	// Target is what is changed, such as a rule's id.
	Target string `json:"target"`
	// Change is what it becomes.
	Change any `json:"change,omitempty"`
	// Why is the reason that was given.
	Why     string `json:"why,omitempty"`
	Outcome string `json:"outcome"`
}

// NewLogAuditor returns an auditor that writes to a log at Info, for where
// there is no topic.
func NewLogAuditor(log *slog.Logger) Auditor { return logAuditor{log} }

type logAuditor struct{ log *slog.Logger }

// Record writes a line.
func (l logAuditor) Record(ctx context.Context, e AuditEntry) error {
	l.log.InfoContext(ctx, "audit", "who", e.Who, "action", e.Action, "target", e.Target, "change", e.Change, "why", e.Why, "outcome", e.Outcome)
	return nil
}

// prepared is a change that was found to make sense and is not made yet.
type prepared[T any] struct {
	target, why string
	change      any
	commit      func(context.Context) (T, error)
}

// audited makes a change, with an entry before it.
func audited[T any](ctx context.Context, s *Server, action string, p prepared[T]) (answer T, err error) {
	entry := AuditEntry{At: s.o.Now().UTC(), Who: who(ctx), Action: action, Target: p.target, Change: p.change, Why: p.why, Outcome: AuditAccepted}
	if err := s.o.Audit.Record(ctx, entry); err != nil {
		return answer, err
	}
	if answer, err = p.commit(ctx); err == nil {
		return answer, nil
	}
	entry.At, entry.Outcome = s.o.Now().UTC(), AuditFailed
	if lost := s.o.Audit.Record(context.WithoutCancel(ctx), entry); lost != nil {
		s.o.Logger.ErrorContext(ctx, "the failure of a change could not be audited", "action", action, "target", p.target, "error", lost)
	}
	return answer, err
}
