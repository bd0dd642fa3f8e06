package eval

import (
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// Lift makes facts of a line whose source_kind is kind. An error makes it a
// bad line. The event is reset before.
type Lift func(kind schemas.SourceKind, line []byte, ev *match.Event) error

// Options tune an [Evaluator]. The zero value is ready.
type Options struct {
	// Routed says that Logsource is the log source of every event that has no
	// source_kind: only rules that are for it judge them. Without it all do.
	Routed    bool
	Logsource match.Logsource
	// Lift is for events with a source_kind. Without it they are taken as they
	// are.
	Lift Lift
	// Workers is how many lines are judged at once. Defaults to GOMAXPROCS.
	Workers int
}

// Evaluator runs events through rules. It is immutable and safe for concurrent
// use.
type Evaluator struct {
	opts  Options
	set   *rules.Set
	plain plainRules
	// filtered says that what the plain rules find, the set has to confirm.
	filtered bool
	fields   wanted
	// numbers are those of the set's rules, by which tails has what a rule's
	// lines of output end with.
	numbers map[*rules.Rule]int32
	tails   [][]byte
}

// New makes an evaluator of the rules of a set. For unrouted events the set
// must have been read with rules.Options.Unrouted.
func New(set *rules.Set, opts Options) *Evaluator {
	all := set.Rules()
	e := &Evaluator{opts: opts, set: set, filtered: filtered(set), numbers: make(map[*rules.Rule]int32, len(all))}
	for i, rule := range all {
		e.numbers[rule] = int32(i)
		e.tails = append(e.tails, tail(rule))
	}
	ev := &match.Event{Logsource: opts.Logsource}
	e.plain = newPlainRules(set, all, ev)
	e.fields = newWanted(e.plain.engine, ev)
	return e
}

// worker judges lines, one after the other.
type worker struct {
	*Evaluator
	decoder *decoder
	event   match.Event
	plainly match.Scratch
	wholly  rules.Scratch
	matched []int32
}

func (e *Evaluator) newWorker() *worker {
	return &worker{Evaluator: e, decoder: newDecoder(e.fields)}
}

// judge returns the numbers of the rules that match a line, ascending. The
// slice is valid until the next call.
func (w *worker) judge(line []byte) ([]int32, error) {
	w.event.Reset()
	kind, err := w.decoder.decode(line, &w.event.Base)
	if err != nil {
		return nil, err
	}
	if len(kind) > 0 && w.opts.Lift != nil {
		w.event.Reset()
		if err := w.opts.Lift(schemas.SourceKind(kind), line, &w.event); err != nil {
			return nil, err
		}
		return w.judgeWholly(), nil
	}
	w.event.Logsource = w.opts.Logsource
	held := w.plain.engine.Match(&w.event, &w.plainly)
	if len(held) > 0 && w.filtered {
		return w.judgeWholly(), nil
	}
	w.matched = w.matched[:0]
	for _, condition := range held {
		w.matched = append(w.matched, w.plain.ruleOf[condition])
	}
	return w.matched, nil
}

// judgeWholly has the set judge the event: every view of every rule, filters
// included.
func (w *worker) judgeWholly() []int32 {
	w.set.Judge(&w.event, &w.wholly)
	w.matched = w.matched[:0]
	for _, rule := range w.set.Matched(&w.wholly) {
		w.matched = append(w.matched, w.numbers[rule])
	}
	return w.matched
}
