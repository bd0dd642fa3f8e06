package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/eval"
)

type evalCommand struct {
	Files []string `arg:"" help:"JSON events, one a line, plain or compressed with gzip or zstd. - is standard input." placeholder:"FILE"`

	Rules         []string `help:"Directories or files with rules, native or Sigma." placeholder:"PATH" required:""`
	Logsource     *string  `help:"Log source of events without a source_kind: product/category/service, parts may be empty (windows/process_creation/). Without it every rule judges every event." placeholder:"SOURCE"`
	AttackRelease string   `help:"ATT&CK release." default:"enterprise-v19.1"`
	JSON          bool     `help:"Print JSON lines. There is no other form." default:"true" negatable:""`
	Quiet         bool     `help:"Leave the summary out."`
}

// Run runs the events through the rules.
func (c *evalCommand) Run(ctx context.Context, term *console) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(softMemory))
	}
	began := time.Now()
	evaluator, counted, err := c.load(term.err, options)
	if err != nil {
		return err
	}
	loaded := time.Since(began)
	out := bufio.NewWriterSize(term.out, 256<<10)
	began = time.Now()
	report, err := c.files(ctx, term, evaluator, out)
	if err == nil {
		err = finish(term.err, evaluator, out, &report)
	}
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	if c.Quiet {
		return nil
	}
	return c.summary(term.err, counted, loaded, time.Since(began), report)
}

// options reads what flags alone decide.
func (c *evalCommand) options() (eval.Options, error) {
	options := eval.Options{Lift: liftLine}
	if !c.JSON {
		return options, usageError{errors.New("--no-json: there is no other form")}
	}
	source, err := parseLogsource(c.Logsource)
	options.Routed, options.Logsource = c.Logsource != nil, source
	return options, err
}

// ruleCount says what became of rules.
type ruleCount struct{ loaded, refused int }

// softMemory is from where on memory is given back with more effort, in bytes.
// Reading thousands of rules makes and forgets more than it keeps.
const softMemory = 150 << 20

// load loads the rules. Those that are refused are told of and left out.
func (c *evalCommand) load(errors io.Writer, options eval.Options) (*eval.Evaluator, ruleCount, error) {
	var counted ruleCount
	if err := existing(c.Rules); err != nil {
		return nil, counted, err
	}
	parsing, err := ruleOptions(c.AttackRelease)
	if err != nil {
		return nil, counted, usageError{err}
	}
	parsing.Unrouted = !options.Routed
	var units []*rules.Unit
	var problems rules.Problems
	for _, path := range c.Rules {
		more, found := loadPath(path, parsing)
		units, problems = append(units, more...), append(problems, found...)
	}
	set, found := rules.NewSet(units, nil, 0)
	problems = append(problems, found...)
	counted = ruleCount{loaded: set.Len(), refused: tellRefused(errors, problems)}
	if counted.loaded == 0 {
		return nil, counted, fmt.Errorf("%s: no rules there", strings.Join(c.Rules, ", "))
	}
	return eval.New(set, options), counted, nil
}

// How many refused rules, and how many bad lines, are told one by one.
const (
	maxToldRules = 5
	maxToldLines = 20
)

// tellRefused says which files were refused, and why, and returns how many.
func tellRefused(w io.Writer, problems rules.Problems) int {
	var files []string
	for _, p := range problems {
		if p.Severity != rules.SeverityError || slices.Contains(files, p.File) {
			continue
		}
		files = append(files, p.File)
		switch {
		case len(files) <= maxToldRules:
			fmt.Fprintf(w, "refused %s:%d:%d: %s\n", p.File, p.Line, p.Column, p.Message)
		case len(files) == maxToldRules+1:
			fmt.Fprintln(w, "more rules were refused; `rules lint` tells all")
		}
	}
	return len(files)
}

// files runs every file through the rules.
func (c *evalCommand) files(ctx context.Context, term *console, evaluator *eval.Evaluator, out io.Writer) (eval.Report, error) {
	var total eval.Report
	told := 0
	for _, file := range c.Files {
		input, err := openEvents(ctx, file, term.in)
		if err != nil {
			return total, err
		}
		name := ""
		if len(c.Files) > 1 {
			name = file
		}
		report, err := evaluator.Run(ctx, name, input, out, func(bad eval.BadLine) {
			if told++; told <= maxToldLines {
				fmt.Fprintf(term.err, "%s:%d: %v\n", file, bad.Line, bad.Reason)
			} else if told == maxToldLines+1 {
				fmt.Fprintln(term.err, "more lines could not be read; the summary counts them")
			}
		})
		total.Add(report)
		if err := errors.Join(err, input.Close()); err != nil {
			return total, fmt.Errorf("%s: %w", file, err)
		}
	}
	return total, nil
}

// finish writes what correlations make of all events.
func finish(told io.Writer, evaluator *eval.Evaluator, out io.Writer, report *eval.Report) error {
	windows, timeless, err := evaluator.Finish(out)
	if timeless > 0 {
		fmt.Fprintf(told, "%d matches count for no correlation: their events have no time in %s\n", timeless, strings.Join(eval.TimeFields, ", "))
	}
	report.Add(windows)
	return err
}

// summary says how much was done, how fast.
func (c *evalCommand) summary(w io.Writer, counted ruleCount, loaded, took time.Duration, report eval.Report) error {
	seconds := max(took.Seconds(), 1e-9)
	_, err := fmt.Fprintf(w, "rules   %d loaded, %d refused, in %s\nevents  %d judged in %s, %.0f events/s, %.1f MB/s; %d bad lines\nmatched %d events, %d matches, %d windows of correlations\nmemory  %.1f MB at most\n",
		counted.loaded, counted.refused, loaded.Round(time.Millisecond),
		report.Events, took.Round(time.Microsecond), float64(report.Events)/seconds, float64(report.Bytes)/1e6/seconds, report.Bad,
		report.Matched, report.Matches, report.Windows, float64(peakMemory())/1e6)
	return err
}
