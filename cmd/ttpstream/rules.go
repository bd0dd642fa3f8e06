package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/lint"
	"github.com/ttpstream/ttpstream/rules/verify"
	"github.com/ttpstream/ttpstream/schemas"
)

type rulesCommand struct {
	Lint    rulesLintCommand    `cmd:"" help:"Find what is wrong with rules: every problem of every file in one run."`
	Test    rulesTestCommand    `cmd:"" help:"Run the tests that stand inside rules."`
	Explain rulesExplainCommand `cmd:"" help:"Say how a rule comes to its verdict on an event, part by part."`
	Publish rulesPublishCommand `cmd:"" help:"Lint, test and publish rules to Kafka; wait until they are admitted or refused."`
	Disable rulesDisableCommand `cmd:"" help:"Disable a rule: it makes no tags until it is enabled, or for a time."`
	Clip    rulesClipCommand    `cmd:"" help:"Clip a rule: its tags claim at most so much, for good or for a time."`
	Enable  rulesEnableCommand  `cmd:"" help:"Enable a rule that was disabled or clipped."`
	List    rulesListCommand    `cmd:"" help:"List the rules of the pack and of directories, or those in force on Kafka."`
	History rulesHistoryCommand `cmd:"" help:"Show every change of a rule that was admitted."`
	Rollout rulesRolloutCommand `cmd:"" help:"Show which instances run a rule's last change."`
}

// rulePaths are the rules that a command is about.
type rulePaths struct {
	Paths         []string `arg:"" optional:"" help:"Directories or files with rules. None: the built-in pack." placeholder:"PATH"`
	Lists         []string `help:"Directories or files with value lists that the rules use. The pack's are known." placeholder:"PATH"`
	AttackRelease string   `help:"ATT&CK release." default:"enterprise-v19.1"`
}

// load returns the rules named, the ones beside them whose value lists they
// may use, and every problem in them.
func (p *rulePaths) load() (named, all []*rules.Unit, problems rules.Problems, err error) {
	options, err := ruleOptions(p.AttackRelease)
	if err != nil {
		return nil, nil, nil, usageError{err}
	}
	if err := existing(slices.Concat(p.Paths, p.Lists)); err != nil {
		return nil, nil, nil, err
	}
	library, _, err := (&ruleFlags{Rules: p.Lists, AttackRelease: p.AttackRelease}).load()
	if err != nil && len(p.Paths) > 0 {
		return nil, nil, nil, err
	}
	if len(p.Paths) == 0 {
		return library, library, problemsIn(err), nil
	}
	known := map[string]bool{}
	for _, path := range p.Paths {
		units, found := loadPath(path, options)
		problems = append(problems, found...)
		for _, unit := range units {
			known[unit.ID] = true
		}
		named = append(named, units...)
	}
	all = append(all, named...)
	for _, unit := range library {
		if len(unit.Lists) > 0 && !known[unit.ID] {
			all = append(all, unit)
		}
	}
	problems.Sort()
	return listsFirst(named), listsFirst(all), problems, nil
}

func problemsIn(err error) rules.Problems {
	var problems rules.Problems
	errors.As(err, &problems)
	return problems
}

// source returns a file's text, for showing the line that a problem is about.
func source(file string) []byte {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return text
}

type rulesLintCommand struct {
	rulePaths
	JSON    bool     `help:"Print JSON."`
	OwnPack bool     `help:"Add the checks for rules that are shipped, such as a missing negative test."`
	Disable []string `help:"Checks to leave out, by id." placeholder:"CHECK"`
}

// Run lints.
func (c *rulesLintCommand) Run(term *console) error {
	for _, id := range c.Disable {
		if !slices.ContainsFunc(lint.Checks(), func(check *lint.Check) bool { return check.ID == id }) {
			return usageError{fmt.Errorf("there is no check %q", id)}
		}
	}
	named, all, problems, err := c.load()
	if err != nil {
		return err
	}
	found := lint.Run(all, lint.Options{Release: c.AttackRelease, OwnPack: c.OwnPack, Disable: c.Disable})
	problems = append(problems, about(named, found)...)
	problems.Sort()
	if c.JSON {
		err = lint.WriteJSON(term.out, problems)
	} else {
		err = lint.WriteText(term.out, problems, source)
	}
	if err == nil && problems.Has(rules.SeverityError) {
		err = errSaid
	}
	return err
}

// about keeps the problems of the named units' files.
func about(named []*rules.Unit, problems rules.Problems) rules.Problems {
	files := map[string]bool{}
	for _, unit := range named {
		files[unit.File] = true
	}
	var kept rules.Problems
	for _, problem := range problems {
		if files[problem.File] {
			kept = append(kept, problem)
		}
	}
	return kept
}

type rulesTestCommand struct {
	rulePaths
	JSON bool `help:"Print JSON."`
}

// Run runs the rules' tests.
func (c *rulesTestCommand) Run(term *console) error {
	_, all, problems, err := c.load()
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return errors.Join(lint.WriteText(term.err, problems, source), errSaid)
	}
	return runTests(term.out, all, c.JSON)
}

// runTests runs the tests of the rules and prints how they came out.
func runTests(out io.Writer, all []*rules.Unit, asJSON bool) error {
	report := verify.Run(all, facts.Lift, verify.Options{})
	write := report.WriteText
	if asJSON {
		write = report.WriteJSON
	}
	if err := write(out); err != nil {
		return err
	}
	if !report.OK() {
		return errSaid
	}
	return nil
}

type rulesListCommand struct {
	ruleFlags
	clusterFlags
	InForce bool `help:"List what is in force on Kafka, with the states of rules."`
	JSON    bool `help:"Print JSON, one rule a line."`
}

// ruleLine is what the list says of one rule.
type ruleLine struct {
	RuleID     string   `json:"rule_id"`
	Version    int64    `json:"rule_version"`
	Hash       string   `json:"rule_hash"`
	Name       string   `json:"name"`
	Techniques []string `json:"techniques"`
	// State is set for a rule that is in force on Kafka and not simply enabled.
	State string `json:"state,omitempty"`
}

// Run lists the rules.
func (c *rulesListCommand) Run(ctx context.Context, term *console) error {
	set, err := c.set(ctx, term)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(term.out, 0, 0, 2, ' ', 0)
	if !c.JSON {
		fmt.Fprintln(table, "RULE\tVERSION\tTECHNIQUES\tNAME")
	}
	for _, rule := range set.Rules() {
		line := ruleLine{RuleID: rule.ID, Version: rule.Version, Hash: rule.Hash, Name: rule.Name}
		for _, emit := range rule.Emits {
			line.Techniques = append(line.Techniques, emit.ID())
		}
		if state := set.State(rule.ID); c.InForce && state.Mode != rules.Enabled && state.Mode != "" {
			line.State = string(state.Mode)
		}
		if err := printRule(term.out, table, line, c.JSON); err != nil {
			return err
		}
	}
	return table.Flush()
}

// set returns the rules to list.
func (c *rulesListCommand) set(ctx context.Context, term *console) (*rules.Set, error) {
	if c.InForce {
		options, err := ruleOptions(c.AttackRelease)
		if err != nil {
			return nil, usageError{err}
		}
		return inForceThere(ctx, &c.clusterFlags, options, term)
	}
	units, _, err := c.load()
	if err != nil {
		return nil, err
	}
	set, problems := rules.NewSet(units, nil, -1)
	if len(problems) > 0 {
		return nil, problems
	}
	return set, nil
}

func printRule(out, table io.Writer, line ruleLine, asJSON bool) error {
	if !asJSON {
		_, err := fmt.Fprintf(table, "%s\t%d\t%v\t%s\n", line.RuleID, line.Version, line.Techniques, strings.TrimSpace(line.Name+"  "+line.State))
		return err
	}
	raw, err := schemas.EncodeJSON(line)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", raw)
	return err
}
