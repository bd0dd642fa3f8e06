package main

import (
	"context"
	"fmt"

	"github.com/ttpstream/ttpstream/processors/ingest"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/lint"
	"github.com/ttpstream/ttpstream/topology"
)

// packRule is a unit of the built-in pack.
type packRule = *rules.Unit

// builtIn returns the pack, or nothing with --no-pack, and how rules are
// parsed.
func (f *ruleFlags) builtIn() ([]packRule, rules.Options, error) {
	only := ruleFlags{NoPack: f.NoPack, AttackRelease: f.AttackRelease}
	units, options, err := only.load()
	if err == nil {
		err = existing(f.Rules)
	}
	return units, options, err
}

// rulePublisher publishes the built-in pack once, and the rule files of
// directories whenever they change.
type rulePublisher struct {
	engine    *engine
	pack      []packRule
	directory *ingest.RuleDirectory
}

func newRulePublisher(term *console, e *engine, paths []string, pack []packRule) (*rulePublisher, error) {
	directory, err := ingest.NewRuleDirectory(ingest.RuleDirectoryOptions{
		Paths: paths, Cluster: e.cluster, Producer: e.producer, Rules: e.options, Logger: term.log,
		OnProblems: func(problems rules.Problems) {
			if err := lint.WriteText(term.err, problems, source); err != nil {
				term.log.Error("writing problems", "error", err)
			}
			if problems.Has(rules.SeverityError) {
				fmt.Fprintln(term.err, "what was in force stays in force; mend the file and it is read again")
			}
		},
	})
	if err != nil {
		return nil, err
	}
	return &rulePublisher{engine: e, pack: pack, directory: directory}, nil
}

// first publishes everything and returns when it is admitted or refused, and
// what is admitted is in force. A rule of a directory goes before the pack's of
// the same id.
func (p *rulePublisher) first(ctx context.Context) error {
	own := p.directory.IDs()
	var others []packRule
	for _, unit := range p.pack {
		if !own[unit.ID] {
			others = append(others, unit)
		}
	}
	offset, err := publishUnits(ctx, p.engine.producer, others, nil) // first: its lists may be used by the others
	if err != nil {
		return err
	}
	last, err := p.directory.Sync(ctx)
	if err != nil {
		return err
	}
	if last = max(last, offset); last < 0 {
		return nil
	}
	if err := p.engine.line.Registrar.Handled(ctx, topology.Rules, last); err != nil {
		return err
	}
	return p.engine.line.Follower.Wait(ctx, p.engine.line.Registrar.Revision())
}

// watch publishes changes until ctx ends.
func (p *rulePublisher) watch(ctx context.Context) error { return p.directory.Run(ctx) }

func (p *rulePublisher) close() { _ = p.directory.Close() }
