package lint

import (
	"slices"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// Check is one thing that is looked for.
type Check struct {
	// ID names it in problems, in Options.Disable and in the documentation.
	ID string
	// Severity of its problems.
	Severity rules.Severity
	// Doc is what it is about, one sentence.
	Doc string
	// OwnPack says that it is only for rules that we ship.
	OwnPack bool
	// Exactly one of these is set.
	rule func(*pass, *rules.Rule)
	set  func(*pass, []*rules.Unit)
}

// Options choose what is looked for. The zero value is ready.
type Options struct {
	// Release is the ATT&CK release in use. Defaults to attack.DefaultRelease.
	Release string
	// OwnPack adds the checks for rules that we ship.
	OwnPack bool
	// Disable names checks to leave out.
	Disable []string
}

// checks in the order of the documentation.
var checks = []*Check{
	checkOutdated,
	checkFields,
	checkUnsatisfiable,
	checkAlways,
	checkUnused,
	checkForgottenExpand,
	checkSlow,
	checkHighConfidence,
	checkBelowFloor,
	checkNoPositive,
	checkNoNegative,
	checkListUnused,
	checkListRepeats,
}

// Checks returns every check. The slice is the caller's.
func Checks() []*Check { return slices.Clone(checks) }

// Run checks the units, which are one rule set, and adds what keeps any of
// them out of it. The problems are sorted.
func Run(units []*rules.Unit, opts Options) rules.Problems {
	if opts.Release == "" {
		opts.Release = attack.DefaultRelease
	}
	_, problems := rules.NewSet(units, nil, 0)
	p := &pass{options: opts, lists: listsOf(units), problems: problems}
	for _, c := range checks {
		if c.OwnPack && !opts.OwnPack || slices.Contains(opts.Disable, c.ID) {
			continue
		}
		p.check = c
		p.run(units)
	}
	p.problems.Sort()
	return p.problems
}

// pass is one run; checks report through it.
type pass struct {
	options  Options
	lists    map[string]*rules.List
	check    *Check
	problems rules.Problems
}

func (p *pass) run(units []*rules.Unit) {
	if p.check.set != nil {
		p.check.set(p, units)
		return
	}
	for _, u := range units {
		for _, rule := range u.Rules {
			p.check.rule(p, rule)
		}
	}
}

// report adds a problem of the check at a node of a file.
func (p *pass) report(file string, at *document.Node, hint, format string, args ...any) {
	r := &document.Reader{File: file}
	r.Errorf(at, p.check.ID, hint, format, args...)
	found := r.Problems()[0]
	found.Severity = p.check.Severity
	p.problems = append(p.problems, found)
}

// values returns the values of a value list, as detections ask for them.
func (p *pass) values(name string) ([]*document.Node, bool) {
	list, ok := p.lists[name]
	if !ok {
		return nil, false
	}
	return list.Values, true
}

func listsOf(units []*rules.Unit) map[string]*rules.List {
	lists := map[string]*rules.List{}
	for _, u := range units {
		for _, list := range u.Lists {
			lists[list.Name] = list
		}
	}
	return lists
}
