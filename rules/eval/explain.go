package eval

import (
	"errors"
	"slices"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/rules/sigma"
	"github.com/ttpstream/ttpstream/schemas"
)

// Explanation says how a rule came to its verdict on an event.
type Explanation struct {
	RuleID string `json:"rule_id"`
	Name   string `json:"name"`
	// Matches is the verdict: the rule is for such events, and its condition
	// holds.
	Matches bool `json:"matches"`
	// Applies says that the rule is for such events.
	Applies bool `json:"applies"`
	// View names the mapping of field names, empty where they are the rule's
	// own.
	View string `json:"view,omitempty"`
	// Part is the line of the part of the event that is explained, if it has
	// several.
	Part string `json:"part,omitempty"`
	match.Explanation
}

// Event makes a [match.Event] of a JSON line, as [Evaluator.Run] does, with
// every field that it has. It shares no memory with line.
func Event(line []byte, source match.Logsource, lift Lift) (*match.Event, error) {
	ev := &match.Event{Logsource: source}
	line = slices.Clone(line)
	d := newDecoder(wanted{engine: match.Build(nil), all: true})
	kind, err := d.decode(line, &ev.Base)
	if err != nil || len(kind) == 0 || lift == nil {
		return ev, err
	}
	name := schemas.SourceKind(slices.Clone(kind))
	ev.Reset()
	return ev, lift(name, line, ev)
}

// Explain explains a rule's verdict on an event. anywhere makes a rule apply
// whatever the event's log source, if it has no source kind. Errors: a
// correlation, which judges no event, or a value list that is missing.
func Explain(rule *rules.Rule, lists detection.Lists, ev *match.Event, anywhere bool) (*Explanation, error) {
	if rule.Detection == nil {
		return nil, errors.New("rule " + rule.ID + " is a correlation: it judges no single event")
	}
	r := &document.Reader{File: rule.File}
	out := &Explanation{RuleID: rule.ID, Name: rule.Name, Applies: anywhere && ev.SourceKind == "" || accepted(rule.Targets, ev)}
	view := viewFor(rule, ev)
	out.View = view.Name
	expr := rule.Detection.CompileFor(r, lists, view.Fields)
	if expr == nil {
		return nil, r.Problems()
	}
	out.Explanation = match.Explain(expr, ev)
	out.Matches = out.Applies && out.Holds
	if out.Scope >= 0 {
		if line, there := ev.Scopes[out.Scope].Lookup("cmd.line"); there && len(line) > 0 {
			out.Part = match.Explain(match.Exists("cmd.line"), &match.Event{Secrets: ev.Secrets, Base: ev.Scopes[out.Scope]}).Root.Found[0]
		}
	}
	name(&out.Root, expr, selections(rule, lists))
	return out, nil
}

// viewFor returns the view in which a rule judges the event: its own names, or
// those of a pipeline.
func viewFor(rule *rules.Rule, ev *match.Event) sigma.View {
	if !rule.Sigma || ev.SourceKind == "" {
		return sigma.View{}
	}
	for _, view := range sigma.Views(rule.Logsource, "") {
		if view.Name != sigma.AsTheyAre && accepted(view.Targets, ev) && accepted(rule.Targets, ev) {
			return view
		}
	}
	return sigma.View{}
}

// selection is a named part of a detection.
type selection struct {
	name string
	expr match.Expr
}

func selections(rule *rules.Rule, lists detection.Lists) []selection {
	var all []selection
	for _, s := range rule.Detection.Selections {
		if e := s.Compile(lists); e != nil {
			all = append(all, selection{s.Name, e})
		}
	}
	return all
}

// name gives the parts that are selections their names.
func name(out *match.Explained, e match.Expr, all []selection) {
	for _, s := range all {
		if match.Equal(s.expr, e) {
			out.Name = s.name
			return
		}
	}
	switch e := e.(type) {
	case match.And:
		for i, part := range e {
			name(&out.Parts[i], part, all)
		}
	case match.Or:
		for i, part := range e {
			name(&out.Parts[i], part, all)
		}
	case match.Not:
		name(&out.Parts[0], e.Expr, all)
	}
}

func accepted(targets []match.Target, ev *match.Event) bool {
	return slices.ContainsFunc(targets, func(t match.Target) bool { return t.Accepts(ev) })
}
