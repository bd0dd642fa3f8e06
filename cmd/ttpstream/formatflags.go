package main

import (
	"fmt"
	"os"

	"github.com/ttpstream/ttpstream/processors/ingest"
)

// formatFlags say how logs are to be understood.
type formatFlags struct {
	Format  string   `help:"Format of the logs: auto finds it for each record; or one of cowrie, opencanary, heralding, dionaea, honeytrap, tanner, mailoney, redis, adbhoney, h0neytr4p, accesslog, mail and more (a wrong name lists them all)." default:"auto"`
	Mapping []string `help:"YAML files that say what the JSON logs of other programs mean." placeholder:"FILE"`
}

// source returns the format. Errors are wrong usage.
func (f *formatFlags) source() (ingest.Source, error) {
	var mapped []ingest.Source
	for _, path := range f.Mapping {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, usageError{err}
		}
		mapping, err := ingest.ParseMapping(text)
		if err != nil {
			return nil, usageError{fmt.Errorf("%s: %w", path, err)}
		}
		mapped = append(mapped, mapping.AsSource())
		if mapping.Name == f.Format {
			return mapped[len(mapped)-1], nil
		}
	}
	if f.Format == ingest.Auto {
		return ingest.AutoWith(mapped...), nil
	}
	source, err := ingest.SourceNamed(f.Format)
	if err != nil {
		return nil, usageError{err}
	}
	return source, nil
}
