package rules

import (
	"bytes"
	"fmt"
	"maps"

	"github.com/ttpstream/ttpstream/schemas"
)

// Fold is what ttp.rule.history says, up to a revision: the last good text of
// every rule and list, the states, and the highest version ever seen of each
// rule, also past its removal. Everybody who folds the same records holds the
// same rules. Not safe for concurrent use.
type Fold struct {
	options  Options
	revision int64
	// inbox is the highest inbox offset folded, by inbox topic. Records at or
	// below it are redeliveries, or a zombie's, and change nothing.
	inbox map[string]int64
	units map[string]*Unit
	// highest is by rule id, also of rules that stand second in a text.
	highest map[string]Published
	states  map[string]StateInForce
	set     *Set
	// retracted is the last retraction of each target.
	retracted map[string]RetractionInForce
	// broken are rules whose text this program cannot compile, although a
	// registrar could: they are newer than we are.
	broken map[string]Problems
	// parsed is the text that Admit parsed last, which is the one that Apply
	// is given next.
	parsed *Unit
}

// Published names one publication of a rule.
type Published struct {
	Version int64
	// Hash is that of the whole text that the rule came in.
	Hash string
}

// StateInForce is a rule's state and where it came from.
type StateInForce struct {
	schemas.RuleState
	// InboxOffset is the state's offset on ttp.rule.state: its name, when it
	// expires.
	InboxOffset int64
}

// RetractionInForce is the last word on a target.
type RetractionInForce struct {
	// Retraction has the revision under which it was admitted as its sequence.
	*schemas.Retraction
	// InboxOffset is its offset on ttp.retractions.
	InboxOffset int64
}

// NewFold returns the fold of nothing: revision -1, no rules.
func NewFold(options Options) *Fold {
	return &Fold{
		options: options, revision: -1, inbox: map[string]int64{}, units: map[string]*Unit{},
		highest: map[string]Published{}, states: map[string]StateInForce{}, broken: map[string]Problems{},
		retracted: map[string]RetractionInForce{}, set: empty,
	}
}

// Revision is the offset of the last record folded, -1 for none.
func (f *Fold) Revision() int64 { return f.revision }

// Apply folds the record at offset revision. Records must come in the order
// of the topic. It reports whether the record changed anything.
func (f *Fold) Apply(revision int64, r *schemas.RuleHistory) bool {
	f.revision = max(f.revision, revision)
	if r.Change == schemas.ChangeExpiry {
		return f.expire(r)
	}
	if last, seen := f.inbox[r.InboxTopic]; seen && r.InboxOffset <= last {
		return false
	}
	f.inbox[r.InboxTopic] = r.InboxOffset
	switch r.Change {
	case schemas.ChangeRule, schemas.ChangeList:
		f.publish(r)
	case schemas.ChangeRemoval:
		delete(f.units, r.Key)
		delete(f.broken, r.Key)
	case schemas.ChangeState:
		return f.setState(r)
	case schemas.ChangeStateCleared:
		delete(f.states, r.Key)
	case schemas.ChangeRetraction:
		return f.retract(revision, r)
	}
	return true
}

func (f *Fold) publish(r *schemas.RuleHistory) {
	if r.Change == schemas.ChangeRule {
		f.raise(r.Key, Published{Version: r.Version, Hash: r.Hash})
	}
	unit, problems := f.parse(r.Key, []byte(r.Content))
	if unit == nil {
		f.broken[r.Key] = problems // the last good text stays in force
		return
	}
	for _, e := range unit.entries() {
		f.raise(e.id, Published{Version: e.version, Hash: unit.Hash})
	}
	delete(f.broken, r.Key)
	f.units[r.Key] = unit
}

// raise notes a publication of a rule, unless a higher one is known.
func (f *Fold) raise(id string, p Published) {
	if p.Version >= f.highest[id].Version {
		f.highest[id] = p
	}
}

// parse is [Parse], but for a text that was parsed a moment ago.
func (f *Fold) parse(key string, text []byte) (*Unit, Problems) {
	if f.parsed != nil && f.parsed.File == key && bytes.Equal(f.parsed.Text, text) {
		return f.parsed, nil
	}
	unit, problems := Parse(key, text, f.options)
	f.parsed = unit
	return unit, problems
}

func (f *Fold) setState(r *schemas.RuleHistory) bool {
	state, err := schemas.Decode[schemas.RuleState]([]byte(r.Content))
	if err != nil {
		return false
	}
	if state.Mode == schemas.ModeEnabled {
		delete(f.states, r.Key)
		return true
	}
	f.states[r.Key] = StateInForce{RuleState: *state, InboxOffset: r.InboxOffset}
	return true
}

func (f *Fold) retract(revision int64, r *schemas.RuleHistory) bool {
	retraction, err := schemas.Decode[schemas.Retraction]([]byte(r.Content))
	if err != nil {
		return false
	}
	retraction.Sequence = revision
	f.retracted[r.Key] = RetractionInForce{Retraction: retraction, InboxOffset: r.InboxOffset}
	return true
}

// expire reverts the state that the record names, unless another is in force
// by now.
func (f *Fold) expire(r *schemas.RuleHistory) bool {
	state, ok := f.states[r.Key]
	if !ok || state.InboxOffset != r.InboxOffset {
		return false
	}
	delete(f.states, r.Key)
	return true
}

// Set returns the rules in force. Problems name the rules that are not in it
// and why; the others work.
func (f *Fold) Set() (*Set, Problems) {
	var problems Problems
	for _, p := range f.broken {
		problems = append(problems, p...)
	}
	states := make(map[string]State, len(f.states))
	for id, s := range f.states {
		states[id] = stateOf(&s.RuleState)
	}
	var more Problems
	f.set, more = newSet(maps.Clone(f.units), states, f.revision, f.set)
	problems = append(problems, more...)
	problems.Sort()
	return f.set, problems
}

func stateOf(s *schemas.RuleState) State {
	state := State{Mode: Mode(s.Mode)}
	if s.ConfidenceMax != nil {
		state.ConfidenceMax = *s.ConfidenceMax
	}
	return state
}

// Unit returns the text in force under a key.
func (f *Fold) Unit(key string) (*Unit, bool) {
	unit, ok := f.units[key]
	return unit, ok
}

// Highest returns the highest version ever published of a rule, in force or
// not.
func (f *Fold) Highest(ruleID string) (Published, bool) {
	p, ok := f.highest[ruleID]
	return p, ok
}

// States returns the states in force, by rule id. The map is the caller's.
func (f *Fold) States() map[string]StateInForce { return maps.Clone(f.states) }

// Retraction returns the last word on a target, by the target's key.
func (f *Fold) Retraction(key string) (RetractionInForce, bool) {
	r, ok := f.retracted[key]
	return r, ok
}

// InboxOffset returns the highest offset of an inbox topic that was folded,
// -1 for none.
func (f *Fold) InboxOffset(topic string) int64 {
	if offset, ok := f.inbox[topic]; ok {
		return offset
	}
	return -1
}

// String names the fold in logs.
func (f *Fold) String() string {
	return fmt.Sprintf("revision %d: %d texts, %d states", f.revision, len(f.units), len(f.states))
}
