package ingest

import (
	"fmt"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// Fact is one record of a fact topic.
type Fact = schemas.Eventer

// Source is one format that sensors write. Its values are in [Sources].
type Source interface {
	// Name is the word for --format, such as cowrie.
	Name() string
	// Detect reports whether the line is in this format. It may say no to a
	// malformed line, and never yes to another format's.
	Detect(line []byte) bool
	// NewDecoder returns a decoder for one file, from its first line on.
	NewDecoder() Decoder
}

// Decoder turns the lines of one file into facts. What a line becomes is a
// function of the lines up to it in its file, and of nothing else: no clock,
// no other file, no table that outlives the file. Not safe for concurrent
// use.
type Decoder interface {
	// Decode returns the facts of a line, at least one and all of them valid,
	// or a [*Refusal]. The slice is the decoder's, until the next call; the
	// facts are the caller's. The line has no line end and is not empty.
	Decode(line []byte) ([]Fact, error)
	// Learn takes from a line what the lines after it need. It leaves the
	// decoder as Decode would, and is much faster: a file that is gone on with
	// at an offset is learnt up to there.
	Learn(line []byte)
}

// splitter is a decoder whose records may only wrap others.
type splitter interface {
	// Split returns the records in a record, nil where it is one itself.
	Split(line []byte) [][]byte
}

// Sources returns every format, in the order in which auto asks them. A new
// one is a file of its own and a line here.
func Sources() []Source {
	return []Source{
		Cowrie{}, openCanary, heralding, dionaea, honeytrap, tanner, adbHoney, h0neytr4p, honeyAML, redisHoneypot, mailoney,
		canarytokens, thinkst, browserFingerprint, abuseIPDB, greyNoise, feodo, FeodoCSV{}, threatFox, ready, AccessLog{}, Mail{},
	}
}

// Auto is the name of the source that goes by the records themselves.
const Auto = "auto"

// SourceNamed returns the source of that name, or [Auto]'s. Errors: there is
// none; the error lists the names.
func SourceNamed(name string) (Source, error) {
	if name == Auto {
		return auto{}, nil
	}
	names := []string{Auto}
	for _, s := range Sources() {
		if s.Name() == name {
			return s, nil
		}
		names = append(names, s.Name())
	}
	return nil, fmt.Errorf("unknown format %q (one of %s)", name, strings.Join(names, ", "))
}
