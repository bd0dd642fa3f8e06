package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/navigator"
	"github.com/ttpstream/ttpstream/projections/printable"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

// report prints and writes what a scan found.
func (s *scan) report(catalogue *attack.Catalogue, took time.Duration) error {
	if err := s.outcome.flush(); err != nil {
		return err
	}
	intake := projections.Intake{
		Files: s.files, ByTopic: s.topics, Refusals: s.refused.list(),
		Rules: s.engine.line.Env.Rules.Load().Len(), Elapsed: took,
	}
	report := s.outcome.picture.Report(catalogue, intake, projections.ReportOptions{Address: s.addresses.of})
	if err := s.writeFiles(catalogue, report); err != nil {
		return err
	}
	if !s.command.JSON {
		options := textOptions(s.term.out)
		options.Next = s.next()
		return projections.RenderText(s.term.out, report, options)
	}
	total := intake.Total()
	fmt.Fprintf(s.term.err, "%d events read = %d published + %d refused; %d tags in %s\n",
		total.Read, total.Published, total.Refused, report.Totals.Tags, took.Round(time.Millisecond))
	return nil
}

func (s *scan) writeFiles(catalogue *attack.Catalogue, report *projections.Report) error {
	if path := s.command.Report; path != "" {
		if err := writeFile(path, func(w io.Writer) error { return projections.WriteJSON(w, report) }); err != nil {
			return err
		}
	}
	if path := s.command.Navigator; path != "" {
		layer := navigator.NewLayer("ttpstream scan", s.description(), catalogue, report.Scores())
		if err := writeFile(path, func(w io.Writer) error { return navigator.Write(w, layer) }); err != nil {
			return err
		}
		fmt.Fprintf(s.term.err, "wrote %s: open it in the ATT&CK Navigator (Open Existing Layer)\n", path)
	}
	return nil
}

// next says what a reader may want to do now.
func (s *scan) next() []string {
	file := s.command.Files[0]
	return []string{
		"each tag as a line of JSON:   ttpstream scan --json " + file,
		"a layer for the Navigator:    ttpstream scan --navigator layer.json " + file,
		"why a rule is as it is:       ttpstream rules list",
	}
}

// description says what a layer was made from.
func (s *scan) description() string {
	var names []string
	for _, file := range s.files {
		names = append(names, filepath.Base(file.Name))
	}
	return "Tags that ttpstream found in " + printable.Text(strings.Join(names, ", "), "")
}

// writable returns an error where no file can be made at path, so that a long
// run does not end in one. "" is fine: nothing is to be written.
func writable(path string) error {
	if path == "" {
		return nil
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("%s cannot be written: there is no directory %s", path, dir)
	}
	return nil
}

// writeFile writes a file as a whole: a reader sees the old one or the new
// one.
func writeFile(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(dirOf(path), ".ttpstream-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(file.Name())
		}
	}()
	if err := write(file); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := file.Chmod(0o644); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// textOptions fit a report to where it goes: the width of a terminal, colours
// there and nowhere else, and not where NO_COLOR is set.
func textOptions(out io.Writer) projections.TextOptions {
	options := projections.TextOptions{Width: 100}
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return options
	}
	options.Colour = os.Getenv("NO_COLOR") == ""
	if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
		options.Width = min(width, 160)
	}
	return options
}
