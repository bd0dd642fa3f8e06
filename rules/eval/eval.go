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

// Evaluator runs events through rules. It is safe for concurrent use; what
// correlations count is collected over all its inputs.
type Evaluator struct {
	opts   Options
	set    *rules.Set
	engine *match.Engine
	fields wanted
	// ruleOf is, per condition of the engine, the number of its rule, by which
	// tails has what the rule's lines of output end with.
	ruleOf  []int32
	numbers map[*rules.Rule]int32
	tails   [][]byte
	// correlations is nil where the set has none.
	correlations *correlations
}

// New makes an evaluator of the rules of a set. For unrouted events the set
// must have been read with rules.Options.Unrouted.
func New(set *rules.Set, opts Options) *Evaluator {
	e := &Evaluator{opts: opts, set: set, engine: set.Engine(), numbers: map[*rules.Rule]int32{}}
	for i, rule := range set.Rules() {
		e.numbers[rule] = int32(i)
		if rule.Silent {
			e.tails = append(e.tails, nil) // it speaks through its correlation only
			continue
		}
		e.tails = append(e.tails, tail(rule))
	}
	for condition := range e.engine.Len() {
		e.ruleOf = append(e.ruleOf, e.numbers[set.RuleOf(condition)])
	}
	ev := &match.Event{Logsource: opts.Logsource}
	e.engine.Prepare(ev)
	e.fields = newWanted(e.engine, ev)
	if len(set.Correlations()) > 0 {
		e.correlations = &correlations{set: set}
		e.fields.all = true // what they group by and count, and the time
	}
	return e
}

// worker judges lines, one after the other.
type worker struct {
	*Evaluator
	decoder *decoder
	// event is what is judged, spare holds the fields of a record as it came
	// while its facts are judged.
	event   match.Event
	spare   match.Fields
	plainly match.Scratch
	wholly  rules.Scratch
	matched []int32
	// counts is what the line means for correlations.
	counts []counted
}

func (e *Evaluator) newWorker() *worker {
	return &worker{Evaluator: e, decoder: newDecoder(e.fields)}
}

// judge returns the numbers of the rules that match a line, ascending. The
// slice is valid until the next call.
func (w *worker) judge(line []byte) ([]int32, error) {
	w.event.Reset()
	w.matched, w.counts = w.matched[:0], w.counts[:0]
	kind, err := w.decoder.decode(line, &w.event.Base)
	if err != nil {
		return nil, err
	}
	if len(kind) > 0 && w.opts.Lift != nil {
		return w.judgeFacts(schemas.SourceKind(kind), line)
	}
	w.event.Logsource = w.opts.Logsource
	held := w.engine.Match(&w.event, &w.plainly)
	if len(held) > 0 && w.correlations != nil {
		w.judgeWholly(&w.event.Base, nil)
		return w.matched, nil
	}
	for _, condition := range held {
		// Conditions of one rule, its views, stand side by side.
		rule := w.ruleOf[condition]
		if last := len(w.matched) - 1; w.tails[rule] != nil && (last < 0 || w.matched[last] != rule) {
			w.matched = append(w.matched, rule)
		}
	}
	return w.matched, nil
}

// judgeFacts lifts a record and judges its facts.
func (w *worker) judgeFacts(kind schemas.SourceKind, line []byte) ([]int32, error) {
	w.spare, w.event.Base = w.event.Base, w.spare
	w.event.Reset()
	if err := w.opts.Lift(kind, line, &w.event); err != nil {
		return nil, err
	}
	w.judgeWholly(&w.spare, func(field string) string {
		values, _ := w.spare.Lookup(field)
		if len(values) == 0 {
			return ""
		}
		return values[0].String()
	})
	return w.matched, nil
}

// judgeWholly has the set judge the event: every view of a rule, and what the
// event means for correlations. raw has the event's time.
func (w *worker) judgeWholly(raw *match.Fields, envelope func(string) string) {
	w.set.Judge(&w.event, &w.wholly)
	for _, rule := range w.set.Matched(&w.wholly) {
		if !rule.Silent {
			w.matched = append(w.matched, w.numbers[rule])
		}
	}
	if w.correlations == nil {
		return
	}
	at := timeOf(raw)
	for _, m := range w.set.Correlate(&w.event, &w.wholly, envelope) {
		w.counts = append(w.counts, counted{m, at})
	}
}
