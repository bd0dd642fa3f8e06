package rules

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ttpstream/ttpstream/schemas"
)

// Inbox says which inbox a publication came in by.
type Inbox int

// The inboxes.
const (
	InboxRules Inbox = iota
	InboxStates
	InboxRetractions
)

// Publication is a record of an inbox: anything that any client wrote.
type Publication struct {
	Inbox Inbox
	// Topic and Offset are its coordinates; an inbox has one partition.
	Topic  string
	Offset int64
	Key    string
	// Value is nil for a null, which removes. It is not kept.
	Value []byte
	// Source is the publisher's source header. May be empty.
	Source string
}

// Admission is what becomes of a publication: exactly one of its fields is
// set.
type Admission struct {
	// Record is what to append to the history. It is valid.
	Record *schemas.RuleHistory
	// Refused says why not.
	Refused Problems
	// Ignored says why there is nothing to do, as for the text in force
	// published again.
	Ignored string
}

// Admit decides on a publication. It changes nothing: fold the record once it
// is in the history. now is the registrar's clock, by which a state may have
// expired before it was admitted.
func (f *Fold) Admit(p Publication, now time.Time) Admission {
	if p.Offset <= f.InboxOffset(p.Topic) {
		return ignored("redelivered: offset %d of %s is folded already", p.Offset, p.Topic)
	}
	if len(p.Value) > schemas.MaxRuleText {
		return refused("size", fmt.Sprintf("text of %d bytes, at most %d", len(p.Value), schemas.MaxRuleText), "split it")
	}
	var a Admission
	switch p.Inbox {
	case InboxStates:
		a = f.admitState(p, now)
	case InboxRetractions:
		a = admitRetraction(p)
	default:
		a = f.admitRule(p)
	}
	if a.Record == nil {
		return a
	}
	a.Record.Key, a.Record.Source = p.Key, sourceText(p.Source)
	a.Record.InboxTopic, a.Record.InboxOffset = p.Topic, p.Offset
	a.Record.AdmittedAt = now.UTC()
	// Whoever folds the history decodes it: a record that is not valid would
	// be lost there, or worse.
	if err := a.Record.Validate(); err != nil {
		return refused("record", err.Error(), "")
	}
	return a
}

// sourceText returns a publisher's header as a record may hold it.
func sourceText(source string) string {
	source = strings.ToValidUTF8(source, "\uFFFD")
	if len(source) <= schemas.MaxShortText {
		return source
	}
	end := schemas.MaxShortText
	for end > 0 && !utf8.RuneStart(source[end]) {
		end--
	}
	return source[:end]
}

// Expired returns the expiry records of states whose time has come, in the
// order of rule ids, and when the next one is due (zero: none).
func (f *Fold) Expired(topic string, now time.Time) (due []*schemas.RuleHistory, next time.Time) {
	for id, state := range f.states {
		switch at := state.ExpiresAt; {
		case at.IsZero():
		case at.After(now):
			if next.IsZero() || at.Before(next) {
				next = at
			}
		default:
			due = append(due, &schemas.RuleHistory{
				Change: schemas.ChangeExpiry, Key: id, InboxTopic: topic,
				InboxOffset: state.InboxOffset, AdmittedAt: now.UTC(),
			})
		}
	}
	slices.SortFunc(due, func(a, b *schemas.RuleHistory) int { return strings.Compare(a.Key, b.Key) })
	return due, next
}

func (f *Fold) admitState(p Publication, now time.Time) Admission {
	known, has := f.states[p.Key]
	if p.Value == nil {
		if !has {
			return ignored("rule %.128q has no state", p.Key)
		}
		return Admission{Record: &schemas.RuleHistory{Change: schemas.ChangeStateCleared}}
	}
	state, err := schemas.Decode[schemas.RuleState](p.Value)
	switch {
	case err != nil:
		return refused("state", err.Error(), "see schemas/jsonschema/rule_state.schema.json")
	case state.RuleID != p.Key:
		return refused("key", fmt.Sprintf("the record's key is %.128q, its rule_id %q", p.Key, state.RuleID), "publish under the rule's id")
	case !idPattern.MatchString(state.RuleID):
		return refused("state", fmt.Sprintf("rule_id: %q cannot be the id of a rule", state.RuleID), "")
	case !state.ExpiresAt.IsZero() && !state.ExpiresAt.After(now):
		return refused("state", fmt.Sprintf("expires_at %s is past", state.ExpiresAt.Format(time.RFC3339)), "give a time to come, or none")
	case !has && state.Mode == schemas.ModeEnabled:
		return ignored("rule %s is enabled already", p.Key)
	case has && reflect.DeepEqual(*state, known.RuleState):
		return ignored("this state of rule %s is in force already", p.Key)
	}
	return Admission{Record: &schemas.RuleHistory{Change: schemas.ChangeState, Content: string(p.Value)}}
}

func admitRetraction(p Publication) Admission {
	if p.Value == nil {
		return refused("retraction", "null takes nothing back", "publish a retraction with restore: true to undo one")
	}
	retraction, err := schemas.Decode[schemas.Retraction](p.Value)
	switch {
	case err != nil:
		return refused("retraction", err.Error(), "see schemas/jsonschema/retraction.schema.json")
	case retraction.Key() != p.Key:
		return refused("key", fmt.Sprintf("the record's key is %.256q, its target's %q", p.Key, retraction.Key()), "publish under the target's key")
	case retraction.Sequence != 0:
		return refused("retraction", "sequence is the registrar's to give", "leave it out")
	}
	return Admission{Record: &schemas.RuleHistory{Change: schemas.ChangeRetraction, Content: string(p.Value)}}
}

func refused(check, message, hint string) Admission {
	return Admission{Refused: Problems{{Check: check, Severity: SeverityError, Message: message, Hint: hint}}}
}

func ignored(format string, args ...any) Admission {
	return Admission{Ignored: fmt.Sprintf(format, args...)}
}
