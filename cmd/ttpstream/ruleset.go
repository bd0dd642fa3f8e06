package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/pack"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/attack"
	"github.com/ttpstream/ttpstream/topology"
)

// ruleOptions returns how rules are parsed where one ATT&CK release is
// configured: a rule that names another is refused.
func ruleOptions(release string) (rules.Options, error) {
	configured, err := attack.Release(release)
	if err != nil {
		return rules.Options{}, err
	}
	return rules.Options{Catalogue: func(named string) (rules.Catalogue, error) {
		if named != configured.Name() {
			return nil, fmt.Errorf("the rule is written for %s and this runs %s; change the rule, or --attack-release", named, configured.Name())
		}
		return configured, nil
	}}, nil
}

// ruleFlags say which rules to use. The pack's come first; a rule of a
// directory replaces the pack's of the same id.
type ruleFlags struct {
	Rules         []string `help:"Directories or files with rules, beside the pack. A rule of the same id replaces the pack's." placeholder:"PATH"`
	NoPack        bool     `help:"Leave the built-in rule pack out."`
	AttackRelease string   `help:"ATT&CK release." default:"enterprise-v19.1"`
}

// load returns the rules that the flags name, or every problem in them.
func (f *ruleFlags) load() ([]*rules.Unit, rules.Options, error) {
	options, err := ruleOptions(f.AttackRelease)
	if err != nil {
		return nil, options, usageError{err}
	}
	if err := existing(f.Rules); err != nil {
		return nil, options, err
	}
	var units []*rules.Unit
	var problems rules.Problems
	if !f.NoPack {
		units, problems = rules.LoadFS(pack.FS, options)
	}
	for _, path := range f.Rules {
		more, found := loadPath(path, options)
		problems = append(problems, found...)
		for _, unit := range more {
			units = slices.DeleteFunc(units, func(u *rules.Unit) bool { return u.ID == unit.ID })
		}
		units = append(units, more...)
	}
	if len(problems) > 0 {
		problems.Sort()
		return nil, options, problems
	}
	return listsFirst(units), options, nil
}

// existing returns an error that names every path where there is nothing.
func existing(paths []string) error {
	var errs []error
	for _, path := range paths {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("%s: there is no such file or directory", path))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return usageError{err}
	}
	return nil
}

// below puts a directory before the names of files that were read from it, so
// that a person and an editor find them.
func below(dir string, units []*rules.Unit, problems rules.Problems) {
	at := func(file string) string { return strings.TrimSuffix(dir, "/") + "/" + file }
	for i := range problems {
		problems[i].File = at(problems[i].File)
	}
	for _, unit := range units {
		unit.File = at(unit.File)
		for _, rule := range unit.Rules {
			rule.File = unit.File
		}
	}
}

// loadPath loads a directory, recursively, or one file.
func loadPath(path string, options rules.Options) ([]*rules.Unit, rules.Problems) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, rules.Problems{{File: path, Check: "file", Severity: rules.SeverityError, Message: err.Error()}}
	}
	if info.IsDir() {
		units, problems := rules.LoadFS(os.DirFS(path), options)
		below(path, units, problems)
		return units, problems
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, rules.Problems{{File: path, Check: "file", Severity: rules.SeverityError, Message: err.Error()}}
	}
	unit, problems := rules.Parse(path, text, options)
	if unit == nil {
		return nil, problems
	}
	return []*rules.Unit{unit}, nil
}

// listsFirst puts value lists before the rules that use them: the registrar
// admits in order.
func listsFirst(units []*rules.Unit) []*rules.Unit {
	slices.SortStableFunc(units, func(a, b *rules.Unit) int {
		listA, listB := strings.HasPrefix(a.ID, "list/"), strings.HasPrefix(b.ID, "list/")
		switch {
		case listA == listB:
			return strings.Compare(a.ID, b.ID)
		case listA:
			return -1
		default:
			return 1
		}
	})
	return units
}

// publishUnits publishes rules to the inbox and returns the offset of the
// last, -1 for none. source is put into their headers, after "dir:".
func publishUnits(ctx context.Context, producer *topology.Producer, units []*rules.Unit, source func(*rules.Unit) string) (int64, error) {
	messages := make([]topology.Message, len(units))
	for i, unit := range units {
		from := "pack"
		if source != nil {
			from = source(unit)
		}
		messages[i] = topology.Message{
			Topic: topology.Rules, Key: unit.ID, Value: unit.Text,
			Headers: []topology.Header{{Key: schemas.HeaderSource, Value: []byte(from)}},
		}
	}
	records, err := producer.ProduceSync(ctx, messages...)
	if err != nil {
		return -1, fmt.Errorf("publishing rules: %w", err)
	}
	last := int64(-1)
	for _, record := range records {
		last = max(last, record.Offset)
	}
	return last, nil
}
