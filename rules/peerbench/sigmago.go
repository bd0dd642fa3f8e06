package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/bradleyjkemp/sigma-go"
	"github.com/bradleyjkemp/sigma-go/evaluator"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/eval"
)

// sigmaGo judges events with sigma-go.
type sigmaGo struct {
	rules []*evaluator.RuleEvaluator
	ids   []string
	// refused counts the rules that it cannot read.
	refused int
	loading time.Duration
}

func newSigmaGo(set *ruleSet) *sigmaGo {
	g := &sigmaGo{}
	began := time.Now()
	for _, rule := range set.rules {
		parsed, err := sigma.ParseRule(set.texts[rule.ID])
		if err != nil {
			g.refused++
			continue
		}
		g.rules, g.ids = append(g.rules, evaluator.ForRule(parsed)), append(g.ids, rule.ID)
	}
	g.loading = time.Since(began)
	return g
}

// judge returns the rules that match, and those that it fails on.
func (g *sigmaGo) judge(number int, line []byte, found pairs, failed map[string]bool) error {
	var ev map[string]any
	if err := json.Unmarshal(line, &ev); err != nil {
		return err
	}
	for i, rule := range g.rules {
		result, err := rule.Matches(context.Background(), ev)
		switch {
		case err != nil:
			failed[g.ids[i]] = true
		case result.Match:
			found[pair{number, g.ids[i]}] = true
		}
	}
	return nil
}

// run judges the events and returns the time for each of them.
func (g *sigmaGo) run(events [][]byte) (found pairs, failed map[string]bool, each time.Duration, err error) {
	found, failed = pairs{}, map[string]bool{}
	began := time.Now()
	for i, line := range events {
		if err := g.judge(i, line, found, failed); err != nil {
			return nil, nil, 0, err
		}
	}
	return found, failed, time.Since(began) / time.Duration(max(1, len(events))), nil
}

// agreement says how sigma-go and we differ on the rules that it can judge.
func (g *sigmaGo) agreement(set *ruleSet, events [][]byte, found pairs, failed map[string]bool) error {
	ours, err := inProcess(set, events)
	if err != nil {
		return err
	}
	can := map[string]bool{}
	for _, id := range g.ids {
		can[id] = !failed[id]
	}
	for p := range ours {
		if !can[p.rule] {
			delete(ours, p)
		}
	}
	for p := range found {
		if !can[p.rule] {
			delete(found, p)
		}
	}
	fmt.Fprintf(os.Stderr, "ttpstream and sigma-go: %d and %d matches on %d events; sigma-go cannot read %d rules and fails on %d\n", len(ours), len(found), len(events), g.refused, len(failed))
	for _, d := range difference(ours, found) {
		fmt.Fprintln(os.Stderr, "  differs:", d)
	}
	return nil
}

// inProcess is what we say of events.
func inProcess(set *ruleSet, events [][]byte) (pairs, error) {
	units, _ := rules.LoadFS(os.DirFS(set.dir), rules.Options{Unrouted: true})
	compiled, _ := rules.NewSet(units, nil, 0)
	in, out := io.Pipe()
	go func() {
		for _, line := range events {
			fmt.Fprintf(out, "%s\n", line)
		}
		out.Close()
	}()
	var matches lines
	if _, err := eval.New(compiled, eval.Options{}).Run(context.Background(), "", in, &matches, func(eval.BadLine) {}); err != nil {
		return nil, err
	}
	return ourPairs(matches)
}

type lines []byte

func (l *lines) Write(p []byte) (int, error) { *l = append(*l, p...); return len(p), nil }
