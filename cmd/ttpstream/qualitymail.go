package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ttpstream/ttpstream/processors/ingest/email"
	"github.com/ttpstream/ttpstream/processors/quality"
	"github.com/ttpstream/ttpstream/schemas"
)

// phishing are the techniques of which any answers a bad message, and none a
// good one.
var phishing = []string{"T1566", "T1598"}

// mailKinds are the source kinds under which a message is judged.
var mailKinds = []schemas.SourceKind{schemas.KindEmail, schemas.KindEmailHeader, schemas.KindEmailBody, schemas.KindEmailAttachment}

// mail reads the messages that the flags name.
func (c *qualityCommand) mail() ([]*quality.Set, error) {
	var sets []*quality.Set
	for _, source := range []struct {
		name  string
		want  []string
		paths []string
	}{
		{"bad mail", phishing, c.MailBad},
		{"good mail, called phishing", nil, c.MailGood},
	} {
		set := &quality.Set{Name: source.name, Only: phishing}
		for _, path := range source.paths {
			if err := addMail(set, path, source.want); err != nil {
				return nil, err
			}
		}
		if len(set.Cases) > 0 {
			sets = append(sets, set)
		}
	}
	return sets, nil
}

// addMail adds the messages under a path to a set. A message that ingest would
// refuse is a case without events.
func addMail(set *quality.Set, path string, want []string) error {
	return filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		message, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		events, err := mailEvents(message)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		set.Cases = append(set.Cases, quality.Case{ID: filepath.Base(file), Title: filepath.Base(file), Want: want, Events: events})
		return nil
	})
}

// mailEvents returns the events that a message is judged as.
func mailEvents(message []byte) ([]quality.Event, error) {
	record, err := email.Reduce(message, email.Options{})
	if err != nil {
		return nil, nil // refused, as ingest does
	}
	raw, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	given := map[string]any{}
	if err := json.Unmarshal(raw, &given); err != nil {
		return nil, err
	}
	var events []quality.Event
	for _, kind := range mailKinds {
		if kind == schemas.KindEmailAttachment && len(record.Attachments) == 0 {
			continue
		}
		events = append(events, quality.Event{Kind: kind, Given: given})
	}
	return events, nil
}
