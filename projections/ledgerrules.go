package projections

import (
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
)

// RuleText is one published text: a rule, a value list, or several documents
// published as one.
type RuleText struct {
	// Hash is the lower-case hex SHA-256 of Text.
	Hash, Text string
}

// Publication is one admitted change of a definition.
type Publication struct {
	Revision int64
	// Change is rule, list or removal, as in [schemas.RuleHistory].
	Change string
	// Key is the inbox key.
	Key     string
	Version int64
	Hash    string
	Source  string
	// AdmittedAt is the registrar's clock.
	AdmittedAt time.Time
}

// RuleVersion is a rule as one publication holds it.
type RuleVersion struct {
	RuleID string
	// Revision is that of the publication, Key its inbox key: the rule's id, or
	// that of the first of several documents published as one.
	Revision int64
	Key      string
	Version  int64
	Hash     string
	// Name is empty when this program cannot read the text, being older than
	// who admitted it.
	Name string
	// InForce is false when the key was published again since, or removed.
	InForce bool
}

// RuleStateRow is the state of a rule that is not simply enabled.
type RuleStateRow struct {
	*schemas.RuleState
	// InboxOffset names the state when it expires. Revision admitted it.
	InboxOffset, Revision int64
}

// RulesHeld is what a ledger holds about the keys of some changes.
type RulesHeld struct {
	// Inbox is the highest inbox offset folded, by inbox topic. Changes at or
	// below it are redeliveries, or a zombie's, and change nothing.
	Inbox map[string]int64
	// States are the inbox offsets of the states in force, by rule id.
	States map[string]int64
}

// RuleChanges are what a fold of ttp.rule.history does to a ledger.
type RuleChanges struct {
	Inbox        map[string]int64
	Texts        []RuleText
	Publications []Publication
	// OutOfForce are keys whose stored versions are no longer in force. It
	// happens before Versions are added.
	OutOfForce []string
	Versions   []RuleVersion
	// States are the states that changed, by rule id; nil is enabled.
	States map[string]*RuleStateRow
}

// FoldRules folds entries with a Change, in order. It is pure. It decides as
// [rules.Fold] does on what is news; a state or a retraction that cannot be
// read changes nothing, since no processor could act on it either.
func FoldRules(held RulesHeld, entries []Entry) *RuleChanges {
	f := ruleFold{held: held, changes: &RuleChanges{Inbox: make(map[string]int64), States: make(map[string]*RuleStateRow)}}
	for _, e := range entries {
		if e.Change != nil {
			f.apply(e.Offset, e.Change)
		}
	}
	return f.changes
}

type ruleFold struct {
	held    RulesHeld
	changes *RuleChanges
}

func (f *ruleFold) apply(revision int64, r *schemas.RuleHistory) {
	if r.Change == schemas.ChangeExpiry {
		if at, ok := f.stateAt(r.Key); ok && at == r.InboxOffset {
			f.changes.States[r.Key] = nil
		}
		return
	}
	if last, seen := f.inboxAt(r.InboxTopic); seen && r.InboxOffset <= last {
		return
	}
	f.changes.Inbox[r.InboxTopic] = r.InboxOffset
	switch r.Change {
	case schemas.ChangeRule, schemas.ChangeList, schemas.ChangeRemoval:
		f.publish(revision, r)
	case schemas.ChangeState:
		f.setState(revision, r)
	case schemas.ChangeStateCleared:
		f.changes.States[r.Key] = nil
	}
}

func (f *ruleFold) inboxAt(topic string) (int64, bool) {
	if at, ok := f.changes.Inbox[topic]; ok {
		return at, true
	}
	at, ok := f.held.Inbox[topic]
	return at, ok
}

// stateAt returns the inbox offset of the state in force, if there is one.
func (f *ruleFold) stateAt(ruleID string) (int64, bool) {
	if state, ok := f.changes.States[ruleID]; ok {
		if state == nil {
			return 0, false
		}
		return state.InboxOffset, true
	}
	at, ok := f.held.States[ruleID]
	return at, ok
}

func (f *ruleFold) setState(revision int64, r *schemas.RuleHistory) {
	state, err := schemas.Decode[schemas.RuleState]([]byte(r.Content))
	switch {
	case err != nil:
	case state.Mode == schemas.ModeEnabled:
		f.changes.States[r.Key] = nil
	default:
		f.changes.States[r.Key] = &RuleStateRow{RuleState: state, InboxOffset: r.InboxOffset, Revision: revision}
	}
}

func (f *ruleFold) publish(revision int64, r *schemas.RuleHistory) {
	c := f.changes
	c.Publications = append(c.Publications, Publication{
		Revision: revision, Change: r.Change, Key: clean(r.Key), Version: r.Version, Hash: clean(r.Hash),
		Source: clean(r.Source), AdmittedAt: r.AdmittedAt,
	})
	c.OutOfForce = append(c.OutOfForce, clean(r.Key))
	for i := range c.Versions {
		if c.Versions[i].Key == clean(r.Key) {
			c.Versions[i].InForce = false
		}
	}
	if r.Change == schemas.ChangeRemoval {
		return
	}
	c.Texts = append(c.Texts, RuleText{Hash: clean(r.Hash), Text: clean(r.Content)})
	if r.Change == schemas.ChangeRule {
		c.Versions = append(c.Versions, versionsOf(revision, r)...)
	}
}

// versionsOf returns the rules of a text.
func versionsOf(revision int64, r *schemas.RuleHistory) []RuleVersion {
	row := RuleVersion{RuleID: clean(r.Key), Revision: revision, Key: clean(r.Key), Version: r.Version, Hash: clean(r.Hash), InForce: true}
	unit, _ := rules.Parse(r.Key, []byte(r.Content), rules.Options{})
	if unit == nil || len(unit.All()) == 0 {
		return []RuleVersion{row}
	}
	all := unit.All()
	rows := make([]RuleVersion, len(all))
	for i, rule := range all {
		rows[i] = row
		rows[i].RuleID, rows[i].Version, rows[i].Name = clean(rule.ID), rule.Version, clean(rule.Name)
	}
	return rows
}
