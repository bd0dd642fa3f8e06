package detection

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// The limits of one detection.
const (
	// MaxTests is the most values of one detection, lists filled in.
	MaxTests = 10_000
	// MaxConditionBytes is the longest condition.
	MaxConditionBytes = 4 << 10
	// MaxConditions is the most conditions in a list.
	MaxConditions = 16
	// maxSelections is the most selections.
	maxSelections   = 256
	maxField        = 256
	maxPlaceholders = 4
	// maxNesting bounds the parentheses and nots of a condition.
	maxNesting = 32
)

// Options say what a detection may refer to.
type Options struct {
	// Raw names the fields that keywords and patterns look into, all of them.
	// match.AnyField means every field. Without any, keywords are refused.
	Raw []string
	// NoRaw says why there is no Raw.
	NoRaw string
	// Pattern allows the selection `pattern`, whose texts are regular
	// expressions on the raw text. It is not Sigma.
	Pattern bool
	// Sigma reads the detection of a rule that others wrote: names of fields
	// may have spaces, and what the specification discourages but its tools
	// understand is a warning.
	Sigma bool
}

// Detection is a parsed detection. It is immutable.
type Detection struct {
	// Selections in the order of the document.
	Selections []Selection
	// lists are the value lists that are referred to, each with a value that
	// does.
	lists map[string]*document.Node
	// listNames are their names, sorted.
	listNames []string
	// condition decides over the selections.
	condition conditionNode
	used      map[string]bool
}

// PatternName is the selection that Options.Pattern is about.
const PatternName = "pattern"

// parser reads one detection.
type parser struct {
	r     *document.Reader
	opts  Options
	lists map[string]*document.Node
	// label is what an item without a field is called.
	label string
}

// Parse reads a detection. It returns nil if anything is wrong, which r then
// has. What depends on value lists is left to Compile.
func Parse(r *document.Reader, n *document.Node, opts Options) *Detection {
	p := &parser{r: r, opts: opts, lists: map[string]*document.Node{}, label: "keywords"}
	if n.Kind != document.KindMap {
		r.Errorf(n, "match/kind", "", "a detection is a map of selections, not %s", n.Kind)
		return nil
	}
	d := &Detection{lists: p.lists, used: map[string]bool{}}
	ok := p.selections(d, n)
	if len(d.Selections) == 0 && ok {
		r.Errorf(n, "match/empty", "", "no selection")
		return nil
	}
	condition, good := p.conditions(d, n)
	if d.condition = condition; !ok || !good {
		return nil
	}
	d.listNames = slices.Sorted(maps.Keys(d.lists))
	return d
}

func (p *parser) selections(d *Detection, n *document.Node) bool {
	ok := true
	for i, key := range n.Keys {
		switch {
		case key.Text == "condition":
			continue
		case key.Text == "timeframe":
			p.r.Errorf(key, "match/timeframe", "use a correlation with a timespan", "timeframe belongs to the aggregations of old rules, which are not supported")
			ok = false
			continue
		case p.opts.Sigma && strings.Contains(key.Text, "|") && selectionName(strings.ReplaceAll(key.Text, "|", "_")):
			p.warn(key, "match/selection", "put it behind the names of fields", "a selection takes no modifier: %q is its whole name", key.Text)
		case !selectionName(key.Text):
			p.r.Errorf(key, "match/selection", "", "%q cannot be the name of a selection", key.Text)
			ok = false
			continue
		}
		alternatives, good := p.selection(key, n.Values[i])
		ok = ok && good
		d.Selections = append(d.Selections, Selection{Name: key.Text, Key: key, Alternatives: alternatives})
	}
	if len(d.Selections) > maxSelections {
		p.r.Errorf(n, "match/limit", "", "%d selections, at most %d", len(d.Selections), maxSelections)
		return false
	}
	return ok
}

// ListNames returns the value lists that the detection refers to, sorted. The
// slice is shared: do not change it.
func (d *Detection) ListNames() []string { return d.listNames }

// ListUse returns a value that refers to a list of ListNames.
func (d *Detection) ListUse(name string) *document.Node { return d.lists[name] }

// Unused returns the selections that the condition does not speak of.
func (d *Detection) Unused() []Selection {
	var unused []Selection
	for _, s := range d.Selections {
		if !d.used[s.Name] {
			unused = append(unused, s)
		}
	}
	return unused
}

// Compile returns the detection as an expression, with the lists filled in. It
// returns nil and reports to r what is wrong: a list that is not there, or
// whose values do not fit where they are used.
func (d *Detection) Compile(r *document.Reader, lists Lists) match.Expr {
	return d.CompileFor(r, lists, View{})
}

// CompileFor is Compile for events in which the fields have other names.
func (d *Detection) CompileFor(r *document.Reader, lists Lists, view View) match.Expr {
	selections := make(map[string]match.Expr, len(d.Selections))
	tests := 0
	for _, s := range d.Selections {
		e, message, at := s.compile(lists, view, &tests)
		if message != "" {
			r.Errorf(at, "match/expand", "", "%s", message)
			return nil
		}
		selections[s.Name] = e
	}
	return d.condition.expr(selections)
}

// warn reports what works, and probably not as meant.
func (p *parser) warn(n *document.Node, check, hint, format string, args ...any) {
	p.r.Report(n, document.Problem{Severity: document.SeverityWarning, Check: check, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (p *parser) errorAt(n *document.Node, offset int, check, hint, format string, args ...any) {
	place := *n
	place.Line, place.Column = n.At(offset)
	p.r.Errorf(&place, check, hint, format, args...)
}
