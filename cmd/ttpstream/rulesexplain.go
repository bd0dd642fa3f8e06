package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/eval"
	"github.com/ttpstream/ttpstream/rules/match"
)

type rulesExplainCommand struct {
	Rule  string `arg:"" help:"Id of a rule, or a file with rules." placeholder:"RULE"`
	Event string `arg:"" help:"A JSON event: the text itself, a file, or - for standard input." placeholder:"EVENT"`
	ruleFlags
	Line      int     `help:"Which line of the file is the event, from 1." default:"1" placeholder:"N"`
	Logsource *string `help:"Log source of an event without a source_kind: product/category/service, parts may be empty. Without it the rule judges it whatever its own says." placeholder:"SOURCE"`
	JSON      bool    `help:"Print JSON."`
}

// Run explains.
func (c *rulesExplainCommand) Run(ctx context.Context, term *console) error {
	source, err := parseLogsource(c.Logsource)
	if err != nil {
		return err
	}
	found, lists, err := c.find()
	if err != nil {
		return err
	}
	line, err := c.event(ctx, term.in)
	if err != nil {
		return err
	}
	ev, err := eval.Event(line, source, liftLine)
	if err != nil {
		return fmt.Errorf("the event: %w", err)
	}
	for i, rule := range found {
		explained, err := eval.Explain(rule, lists, ev, c.Logsource == nil)
		if err != nil {
			return err
		}
		if i > 0 && !c.JSON {
			fmt.Fprintln(term.out)
		}
		if err := c.write(term.out, explained); err != nil {
			return err
		}
	}
	return nil
}

// find returns the rules that are asked for, and the value lists they may use.
func (c *rulesExplainCommand) find() ([]*rules.Rule, func(string) ([]*document.Node, bool), error) {
	info, statErr := os.Stat(c.Rule)
	inFile := statErr == nil && !info.IsDir()
	if inFile {
		c.Rules = append(c.Rules, c.Rule)
	}
	units, _, err := c.load()
	if err != nil {
		return nil, nil, err
	}
	known := map[string][]*document.Node{}
	var found []*rules.Rule
	for _, unit := range units {
		for _, list := range unit.Lists {
			known[list.Name] = list.Values
		}
		for _, rule := range unit.Rules {
			if inFile && rule.File == c.Rule || rule.ID == c.Rule {
				found = append(found, rule)
			}
		}
	}
	if len(found) == 0 {
		return nil, nil, usageError{fmt.Errorf("there is no rule %s; name its directory with --rules", c.Rule)}
	}
	return found, func(name string) ([]*document.Node, bool) { values, ok := known[name]; return values, ok }, nil
}

// event returns the text of the event.
func (c *rulesExplainCommand) event(ctx context.Context, stdin io.Reader) ([]byte, error) {
	if strings.HasPrefix(strings.TrimSpace(c.Event), "{") {
		return []byte(c.Event), nil
	}
	in, err := openEvents(ctx, c.Event, stdin)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, eval.MaxLineBytes)
	for number := 1; lines.Scan(); number++ {
		if number == c.Line {
			return bytes.TrimPrefix(lines.Bytes(), []byte("\xef\xbb\xbf")), nil
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Event, err)
	}
	return nil, fmt.Errorf("%s: there is no line %d", c.Event, c.Line)
}

func (c *rulesExplainCommand) write(out io.Writer, explained *eval.Explanation) error {
	if !c.JSON {
		return explained.WriteText(out, wantsColour(out))
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(explained)
}

// wantsColour reports whether an output is a terminal of someone who has not
// declined colour.
func wantsColour(out io.Writer) bool {
	file, ok := out.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(file.Fd()))
}

// parseLogsource reads product/category/service; nil is the empty one.
func parseLogsource(text *string) (match.Logsource, error) {
	if text == nil {
		return match.Logsource{}, nil
	}
	parts := strings.Split(*text, "/")
	if len(parts) > 3 {
		return match.Logsource{}, usageError{errors.New("--logsource " + *text + ": want product/category/service")}
	}
	parts = append(parts, "", "")
	return match.Logsource{Product: parts[0], Category: parts[1], Service: parts[2]}, nil
}
