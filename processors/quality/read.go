package quality

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// maxLine bounds a line of a case file.
const maxLine = 16 << 20

// ReadAtomic reads tests of attack techniques, one JSON record a line, with
// technique, name, guid and command, which may hold several lines. ByLine
// makes each line an event of its own, as a sensor sees what is typed; else
// the whole script is one event. Errors name the line.
func ReadAtomic(r io.Reader, byLine bool) ([]Case, error) {
	var cases []Case
	err := lines(r, func(n int, line string) error {
		var test struct{ Technique, Name, GUID, Command string }
		if err := json.Unmarshal([]byte(line), &test); err != nil {
			return err
		}
		if test.Technique == "" || test.Command == "" {
			return fmt.Errorf("no technique or no command")
		}
		if test.GUID == "" {
			test.GUID = test.Technique + " " + test.Name
		}
		c := Case{ID: test.GUID, Title: test.Technique + " " + test.Name, Want: []string{test.Technique}}
		scripts := []string{test.Command}
		if byLine {
			scripts = strings.Split(test.Command, "\n")
		}
		for _, script := range scripts {
			if strings.TrimSpace(script) != "" {
				c.Events = append(c.Events, command(script))
			}
		}
		cases = append(cases, c)
		return nil
	})
	return cases, err
}

// ReadCommands reads harmless commands, one a line. A prompt "$ " before it is
// taken off; empty lines are no cases.
func ReadCommands(r io.Reader) ([]Case, error) {
	var cases []Case
	err := lines(r, func(n int, line string) error {
		line = strings.TrimPrefix(line, "$ ")
		cases = append(cases, Case{ID: strconv.Itoa(n) + " " + line, Title: line, Events: []Event{command(line)}})
		return nil
	})
	return cases, err
}

func command(script string) Event {
	return Event{Kind: schemas.KindCommand, Given: map[string]any{"command": script}}
}

// lines calls take for each line that holds something, numbered from 1.
func lines(r io.Reader, take func(n int, line string) error) error {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, maxLine)
	n := 0
	for scanner.Scan() {
		n++
		line := strings.TrimRight(scanner.Text(), "\r")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := take(n, line); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return scanner.Err()
}
