package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/ttpstream/ttpstream/processors/quality"
	"github.com/ttpstream/ttpstream/rules"
)

// qualityCommand measures rules on labelled cases.
type qualityCommand struct {
	ruleFlags
	Commands []string `help:"Tests of attack techniques by commands, JSON lines with technique, name, guid, command." type:"existingfile" placeholder:"FILE"`
	Harmless []string `help:"Harmless commands, one a line." type:"existingfile" placeholder:"FILE"`
	MailBad  []string `help:"Folders or files with messages that are spam or phishing." type:"existingpath" placeholder:"PATH"`
	MailGood []string `help:"Folders or files with messages that somebody wanted." type:"existingpath" placeholder:"PATH"`
	HTTP     []string `help:"Requests of web application firewall tests, JSON lines." type:"existingfile" placeholder:"FILE"`

	Fingerprints []string `help:"Fingerprints of browsers that people use, JSON lines." type:"existingfile" placeholder:"FILE"`

	Out    string `help:"Write the whole report, with misses, to this file." placeholder:"FILE"`
	Misses int    `help:"How many misses the report lists of each set." default:"500"`
}

// Run measures.
func (c *qualityCommand) Run(ctx context.Context, term *console) error {
	sets, err := c.sets()
	if err != nil {
		return err
	}
	if len(sets) == 0 {
		return usageError{fmt.Errorf("nothing to judge: name at least one of --commands, --harmless, --mail-bad, --mail-good, --http, --fingerprints")}
	}
	units, _, err := c.load()
	if err != nil {
		return err
	}
	ruleSet, problems := rules.NewSet(units, nil, 0)
	if err := problems.Err(); err != nil {
		return err
	}
	judge := quality.NewJudge(ruleSet)
	results := make([]*quality.Result, 0, len(sets))
	for _, set := range sets {
		if err := ctx.Err(); err != nil {
			return err
		}
		result, err := quality.Score(set, judge)
		if err != nil {
			return fmt.Errorf("%s: %w", set.Name, err)
		}
		results = append(results, result)
	}
	if err := quality.WriteSummary(term.out, results); err != nil {
		return err
	}
	return c.write(results)
}

// write writes the report where one is asked for.
func (c *qualityCommand) write(results []*quality.Result) error {
	if c.Out == "" {
		return nil
	}
	file, err := os.Create(c.Out)
	if err != nil {
		return err
	}
	list := quality.Listing{Misses: c.Misses, Noise: 40, Harmless: 200}
	if err := quality.WriteReport(file, results, list); err != nil {
		_ = file.Close() // the first error says more
		return err
	}
	return file.Close()
}

// sets reads the cases that the flags name.
func (c *qualityCommand) sets() ([]*quality.Set, error) {
	whole := &quality.Set{Name: "attack commands, whole script"}
	byLine := &quality.Set{Name: "attack commands, line by line"}
	harmless := &quality.Set{Name: "harmless commands"}
	requests := &quality.Set{Name: "HTTP requests", Only: quality.RequestTechniques}
	browsers := &quality.Set{Name: "browsers of people, called automation", Only: quality.AutomationTechniques}
	sources := []struct {
		set   *quality.Set
		paths []string
		read  func(io.Reader) ([]quality.Case, error)
	}{
		{whole, c.Commands, func(r io.Reader) ([]quality.Case, error) { return quality.ReadAtomic(r, false) }},
		{byLine, c.Commands, func(r io.Reader) ([]quality.Case, error) { return quality.ReadAtomic(r, true) }},
		{harmless, c.Harmless, quality.ReadCommands},
		{requests, c.HTTP, quality.ReadRequests},
		{browsers, c.Fingerprints, quality.ReadBrowsers},
	}
	var sets []*quality.Set
	for _, source := range sources {
		for _, path := range source.paths {
			cases, err := readCases(path, source.read)
			if err != nil {
				return nil, err
			}
			source.set.Cases = append(source.set.Cases, cases...)
		}
		if len(source.set.Cases) > 0 {
			sets = append(sets, source.set)
		}
	}
	mail, err := c.mail()
	return append(sets, mail...), err
}

func readCases(path string, read func(io.Reader) ([]quality.Case, error)) ([]quality.Case, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	cases, err := read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return cases, nil
}
