package projections

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Intake is what was read before there were tags. The caller counts it; the
// report shows it, because a picture is worth as much as the share of the
// input that went into it.
type Intake struct {
	// Files are the inputs in the order they were read.
	Files []FileIntake `json:"files"`
	// ByTopic counts the events published on each topic. Its sum is that of
	// the files' Published.
	ByTopic map[string]int64 `json:"by_topic"`
	// Refusals counts the dead letters by reason, in any order. Their sum is that of the
	// files' Refused, and of what processors refused later.
	Refusals []Refusal `json:"refusals"`
	// Rules is how many rules were in force.
	Rules int `json:"rules"`
	// Elapsed is how long it took. 0: not known, and not shown.
	Elapsed time.Duration `json:"elapsed_ns,omitempty"`
}

// FileIntake is one input: a file, or standard input.
type FileIntake struct {
	// Name is the path as the user gave it, "-" for standard input.
	Name string `json:"name"`
	// Lines is the number of lines, blank ones included. 0: not counted, and
	// not shown.
	Lines int64 `json:"lines,omitempty"`
	// Read is the number of events read: Published plus Refused. A line may
	// hold several.
	Read int64 `json:"read"`
	// Published events went to a topic; Refused ones became dead letters.
	Published int64 `json:"published"`
	Refused   int64 `json:"refused"`
	// Blank is the number of lines without anything in them.
	Blank int64 `json:"blank"`
	// Bytes is the length of what was read, uncompressed.
	Bytes int64 `json:"bytes"`
}

// Refusal is one reason why events were refused.
type Refusal struct {
	// Reason is the short word of the dead letters, such as not_json.
	Reason string `json:"reason"`
	// Count is how many there were.
	Count int64 `json:"count"`
	// First says where the first of them is, as FILE:LINE or
	// TOPIC/PARTITION/OFFSET, and Detail is its sentence.
	First  string `json:"first,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// Total returns the sum over the files. Its name is empty.
func (i *Intake) Total() FileIntake {
	var sum FileIntake
	for _, f := range i.Files {
		sum.Lines += f.Lines
		sum.Read += f.Read
		sum.Published += f.Published
		sum.Refused += f.Refused
		sum.Blank += f.Blank
		sum.Bytes += f.Bytes
	}
	return sum
}

// fill puts the most frequent refusals first and makes what is empty look
// empty in JSON, not unknown.
func (i *Intake) fill() {
	if i.Files == nil {
		i.Files = []FileIntake{}
	}
	if i.ByTopic == nil {
		i.ByTopic = map[string]int64{}
	}
	i.Refusals = append([]Refusal{}, i.Refusals...) // the caller's stay in their order
	slices.SortStableFunc(i.Refusals, func(a, b Refusal) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Reason, b.Reason))
	})
}

// Missing returns how many events were read that are neither published nor
// refused. Anything but 0 is a bug, and the report says so.
func (i *Intake) Missing() int64 {
	sum := i.Total()
	return sum.Read - sum.Published - sum.Refused
}
