package main

import (
	"bufio"
	"fmt"
	"io"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// outcome takes what a scan produces: tags, and what processors refused.
type outcome struct {
	picture *projections.Picture
	lines   *bufio.Writer // nil: tags are not printed
	refused *refusals
}

func newOutcome(printTags bool, out io.Writer, refused *refusals) *outcome {
	o := &outcome{picture: projections.NewPicture(), refused: refused}
	if printTags {
		o.lines = bufio.NewWriterSize(out, 1<<16)
	}
	return o
}

// tag takes a record of ttp.tagged.
func (o *outcome) tag(record topology.Record) error {
	tag, _, err := schemas.DecodeTagged(record.Value)
	if err != nil {
		return fmt.Errorf("%s: %w", record.Where(), err)
	}
	if tag == nil {
		return nil // a retraction: nothing to show in a scan
	}
	o.picture.Add(tag)
	if o.lines == nil {
		return nil
	}
	if _, err := o.lines.Write(record.Value); err != nil {
		return err
	}
	return o.lines.WriteByte('\n')
}

// letter takes a record of ttp.deadletter. Those of ingest are counted where
// they are written.
func (o *outcome) letter(record topology.Record) error {
	letter, err := schemas.Decode[schemas.DeadLetter](record.Value)
	if err != nil {
		return fmt.Errorf("%s: %w", record.Where(), err)
	}
	if letter.Stage != schemas.StageIngest {
		o.refused.letter(letter)
	}
	return nil
}

// flush ends the printing of tags.
func (o *outcome) flush() error {
	if o.lines == nil {
		return nil
	}
	return o.lines.Flush()
}
