package sigma

import (
	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// View is one sort of events that a rule judges: which they are, and what its
// field names mean there.
type View struct {
	// Name tells views apart: the name of the pipeline, "events" for events
	// taken as they are.
	Name    string
	Targets []match.Target
	// Fields translates the detection.
	Fields detection.View
}

// Pipeline maps the fields of a log source to facts.
type Pipeline struct {
	// Name is what the pipeline is called in documentation and views.
	Name string
	// Doc says which events it is about, in a sentence.
	Doc string
	// Logsources are those whose rules go through it, as they are spelt in
	// rules: a rule of a wider one (without service, say) does not.
	Logsources []match.Logsource
	// Kinds are the source kinds of the facts.
	Kinds []schemas.SourceKind
	// Raw are the facts that keywords look into.
	Raw []string
	// Fields maps names of Sigma's taxonomy. What is not there is a field that
	// these events cannot have.
	Fields map[string]detection.Source
}

// Pipelines returns the pipelines, for documentation. Shared: do not change
// them.
func Pipelines() []Pipeline { return pipelines }

var pipelines = []Pipeline{processCreation, linuxLog, auditd, webserver}

// AsTheyAre is the name of the view of events that nothing is mapped for.
const AsTheyAre = "events"

// Views returns the sorts of events that rules of a log source judge. The
// first are events of just that log source with the fields as they are, such
// as JSON lines given to eval; then come facts, if a pipeline leads there. A
// rule of another taxonomy than Sigma's own is about its events only.
func Views(source match.Logsource, taxonomy string) []View {
	views := []View{{Name: AsTheyAre, Targets: []match.Target{{Logsource: source}}}}
	if taxonomy != "" {
		return views
	}
	for i := range pipelines {
		if p := &pipelines[i]; p.serves(source) {
			views = append(views, View{Name: p.Name, Targets: p.targets(), Fields: p.view()})
		}
	}
	return views
}

// Unrouted is Views for a rule that judges every event that is taken as it is,
// of whatever log source.
func Unrouted(source match.Logsource, taxonomy string) []View {
	views := Views(source, taxonomy)
	views[0].Targets = []match.Target{{}}
	return views
}

func (p *Pipeline) serves(source match.Logsource) bool {
	for _, s := range p.Logsources {
		if s == source {
			return true
		}
	}
	return false
}

func (p *Pipeline) targets() []match.Target {
	targets := make([]match.Target, len(p.Kinds))
	for i, kind := range p.Kinds {
		targets[i] = match.Target{SourceKind: kind}
	}
	return targets
}

func (p *Pipeline) view() detection.View {
	return detection.View{Raw: p.Raw, Field: func(name string) detection.Source { return p.Fields[name] }}
}

// one and its like write the tables of the pipelines.
func one(fields ...string) detection.Source { return detection.Source{Fields: fields} }

func program(fields ...string) detection.Source { return detection.Source{Programs: fields} }

func always(values ...string) detection.Source {
	source := detection.Source{}
	for _, v := range values {
		source.Values = append(source.Values, match.Text(v))
	}
	return source
}
